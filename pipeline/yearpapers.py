"""Write the papers of a reviewed year: lists for the committee, and the bulletin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.choices import BadUse
from pipeline.emit.bulletinview import bulletin_view
from pipeline.emit.contract import FileFacts
from pipeline.emit.papers import write_papers
from pipeline.letters import open_review, run_of
from pipeline.papers import Entry, cohort, committee, entry, shortlist
from pipeline.programmes import programme
from pipeline.records import Registration, Submission
from pipeline.reissue import Reviewed

FOLDER = "papers"  # of OUT


def write_year_papers(out: Path, year: int | None) -> list[Path]:
    """Write OUT/papers/.

    Args:
        out: OUT of a review.
        year: Year reported on that the bulletin is about; None: the programme's.

    Returns:
        The files written.

    Raises:
        BadUse: OUT holds no review, or not as it was left.
    """
    entries, last = _entries(out)
    if last is None:
        raise BadUse(f"“{out}”中没有读取成功的报告。")
    rules = programme(last.receipt.programme)
    wanted = year or rules.report_year
    view = bulletin_view(entries, rules, last.frameworks, last.made_by, wanted)
    members = committee(entries, rules, wanted)
    candidates = shortlist(cohort(entries, wanted))
    return write_papers(out / FOLDER, rules, members, candidates, view)


def _entries(out: Path) -> tuple[list[Entry], Reviewed | None]:
    """An entry for every report of the run; one report's text in memory at a time."""
    run = run_of(out)
    found: list[Entry] = []
    last: Reviewed | None = None
    for file in run.files:
        if file.status in ("done", "partial"):
            last = open_review(out, file.submission)
            found.append(entry(last.score, last.document, file.status, file.reason))
        elif file.status == "failed":
            found.append(_unread(file))
    found += _absent(run.orphans.rows)
    return found, last


def _unread(file: FileFacts) -> Entry:
    row = Registration(file.company, file.industry, file.district, year=file.year)
    told = Submission(file.submission, file.file, file.sha256, "pdf", row)
    return Entry(told, "failed", fault=file.reason)


def _absent(rows: tuple[Registration, ...]) -> Iterator[Entry]:
    """Companies that registered and sent nothing."""
    for row in rows:
        told = Submission(row.company, row.file, "", "pdf", row)
        yield Entry(told, "failed", fault="已登记，没有收到报告文件。")
