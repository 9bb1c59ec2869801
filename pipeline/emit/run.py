"""run.json: what ran, on what, with what result; the only file with times in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from pipeline.emit.contract import CONTRACT, RUN, FileFacts, OrphanFacts, RunFile, Setting, Times
from pipeline.emit.files import put
from pipeline.emit.summary import Orphans, Summary, Year
from pipeline.frameworks import Framework
from pipeline.records import FileOutcome, FileStatus, Media, Registration, Submission

STATUSES: tuple[FileStatus, ...] = ("done", "partial", "failed", "skipped")


def _facts(outcome: FileOutcome, entry: Submission | None) -> FileFacts:
    row = entry.registration if entry else Registration()
    return FileFacts(
        file=outcome.file,
        sha256=outcome.sha256,
        submission=outcome.submission,
        status=outcome.status,
        code=outcome.code,
        reason=outcome.reason,
        media=entry.media if entry else "",
        company=row.company,
        industry=row.industry,
        district=row.district,
        year=row.year,
    )


def write_run(out: Path, year: Year, settings: Mapping[str, Setting], times: Times) -> None:
    """Write run.json into ``out``; ``settings`` are those that change results."""
    counted = Counter(o.status for o in year.outcomes)
    entries = {one.id: one for one in year.submissions}
    manifest = RunFile(
        contract=CONTRACT,
        versions=year.versions,
        settings=dict(sorted(settings.items())),
        counts={status: counted[status] for status in STATUSES},
        files=tuple(_facts(o, entries.get(o.submission)) for o in year.ordered()),
        orphans=OrphanFacts(tuple(year.orphans.rows), tuple(year.orphans.files)),
        times=times,
    )
    put(out / "run.json", RUN.dump_json(manifest, indent=2) + b"\n")


def year_of(
    run: RunFile, summaries: Mapping[str, Summary], frameworks: Sequence[Framework]
) -> Year:
    """The year that a run.json tells of, as ``write_overview`` takes it.

    Args:
        run: The manifest.
        summaries: By submission id, of the reports that were read.
        frameworks: Those of the run, in its order.
    """
    told = [f for f in run.files if f.media]
    outcomes = [
        FileOutcome(f.file, f.sha256, f.submission, f.status, f.code, f.reason) for f in run.files
    ]
    orphans = Orphans(run.orphans.rows, run.orphans.files)
    submissions = tuple(map(_submission, told))
    return Year(outcomes, summaries, frameworks, run.versions, orphans, submissions)


def _submission(facts: FileFacts) -> Submission:
    row = Registration(facts.company, facts.industry, facts.district, year=facts.year)
    return Submission(facts.submission, facts.file, facts.sha256, cast(Media, facts.media), row)
