"""Write files anew after experts decided, a report's and the year's: nothing is matched again."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from pipeline.emit import (
    Versions,
    read_document,
    read_score,
    summarise,
    write_overview,
    write_report,
    year_of,
)
from pipeline.emit.contract import RUN
from pipeline.emit.decisions import NAME, read_decisions
from pipeline.emit.findings import read_versions
from pipeline.frameworks import Framework, framework, framework_path
from pipeline.override import apply_overrides
from pipeline.programmes import programme
from pipeline.receipts import (
    STATE,
    Receipt,
    as_left,
    drop_twin,
    file_digests,
    read_receipt,
    set_aside,
    sha256_of,
    write_receipt,
)
from pipeline.records import Document, ReportScore
from pipeline.versions import digest


class ReviewAgain(Exception):
    """What lies in OUT is not as a review left it; the message is a Chinese sentence."""


def reissue(out: Path, submission: str) -> Receipt:
    """Apply OUT/<submission>/decisions.json anew to a report that was reviewed before.

    Raises:
        ReviewAgain: as ``renew``, or a review is writing into OUT.
    """
    with _alone(out, submission):
        return renew(out, submission)


def renew(out: Path, submission: str) -> Receipt:
    """``reissue`` for who has OUT alone. An expert's own sheet.xlsx is set aside first.

    Returns:
        The receipt, as kept.

    Raises:
        ReviewAgain: as ``reviewed``, or decisions.json is damaged.
    """
    left, folder = reviewed(out, submission), out / submission
    decisions = sha256_of(folder / NAME)
    try:
        given = read_decisions(folder)
    except ValidationError as fault:
        raise ReviewAgain("decisions.json 已损坏，请从评审台重新导出。") from fault
    rules = programme(left.receipt.programme)
    ruled = apply_overrides(left.score, left.document, left.frameworks, given, rules)
    aside = set_aside(folder, left.receipt)
    write_report(folder, left.document, ruled, left.frameworks, left.made_by)
    drop_twin(aside, folder)
    made = replace(
        left.receipt, summary=summarise(ruled), files=file_digests(folder), decisions=decisions
    )
    write_receipt(out, made)
    return made


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A report as its last review left it."""

    receipt: Receipt
    document: Document
    score: ReportScore  # with the decisions that were applied
    frameworks: tuple[Framework, ...]
    made_by: Versions


def reviewed(out: Path, submission: str) -> Reviewed:
    """What a review left of a report.

    Raises:
        ReviewAgain: no finished review, changed files, or frameworks that are not what they were.
    """
    receipt, folder = read_receipt(out, submission), out / submission
    if receipt is None or not as_left(out, receipt):
        raise ReviewAgain("这份报告的评审结果不完整或已被改动，请重新评审。")
    document = read_document(folder)
    if document is None:
        raise ReviewAgain("这份报告由另一版本的程序读取，请重新评审。")
    made_by = read_versions(folder)
    frameworks = _frameworks(receipt, made_by)
    return Reviewed(receipt, document, read_score(folder), frameworks, made_by)


def _frameworks(receipt: Receipt, made_by: Versions) -> tuple[Framework, ...]:
    try:
        now = [digest(framework_path(name).read_bytes()) for name in receipt.frameworks]
        programme(receipt.programme)
    except (KeyError, OSError, ValueError) as fault:
        raise ReviewAgain("找不到评审时所用的项目或指南文件，请重新评审。") from fault
    if now != [made for _, made in made_by.frameworks]:
        raise ReviewAgain("指南在评审之后改过，请重新评审。")
    return tuple(framework(name) for name in receipt.frameworks)


def renew_overview(out: Path) -> None:
    """overview.xlsx and overview.html as a review of unchanged reports would write them.

    From run.json and what the receipts keep of each report. Processes take turns, and each
    reads the receipts in its turn: the last one to write has seen every report's.

    Raises:
        ReviewAgain: no finished run, a guideline that is gone, or a review is running; it
            writes the overview itself when it ends.
    """
    with _no_review(out), _turn(out, ".overview"):
        try:
            run = RUN.validate_json((out / "run.json").read_bytes())
        except (FileNotFoundError, ValidationError) as fault:
            raise ReviewAgain("没有评审结果，请先评审。") from fault
        found = [read_receipt(out, one.submission) for one in run.files if one.submission]
        receipts = [one for one in found if one and one.summary]
        summaries = {one.outcome.submission: one.summary for one in receipts if one.summary}
        names = next((one.frameworks for one in receipts), ())
        write_overview(out, year_of(run, summaries, _guides(names)))


def overview_is_old(out: Path) -> bool:
    """Whether a report was written after the overview: whoever did it came not so far."""
    try:
        written = (out / "overview.xlsx").stat().st_mtime_ns
    except FileNotFoundError:
        return False
    receipts = (out / STATE / "receipts").glob("*.json")
    return any(one.stat().st_mtime_ns > written for one in receipts)


def _guides(names: tuple[str, ...]) -> tuple[Framework, ...]:
    try:
        return tuple(framework(name) for name in names)
    except (KeyError, ValueError) as fault:
        raise ReviewAgain("找不到评审时所用的指南文件，请重新评审。") from fault


@contextmanager
def _alone(out: Path, submission: str) -> Iterator[None]:
    """One at a time for a report, and none while a review writes into OUT.

    Raises:
        ReviewAgain: a review is running.
    """
    with _no_review(out), _turn(out, submission):
        yield


@contextmanager
def _no_review(out: Path) -> Iterator[None]:
    """Keep reviews from beginning; ReviewAgain if one is running."""
    (out / STATE).mkdir(parents=True, exist_ok=True)
    with (out / STATE / "lock").open("a") as year:
        try:
            fcntl.flock(year, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise ReviewAgain("正在评审，结束后再更新这份报告。") from fault
        yield


@contextmanager
def _turn(out: Path, name: str) -> Iterator[None]:
    """Wait for the others that hold the lock of that name."""
    locks = out / STATE / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / name).open("a") as one:
        fcntl.flock(one, fcntl.LOCK_EX)
        yield
