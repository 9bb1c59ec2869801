"""Write a report's files anew after its experts decided: nothing is read or matched again."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from pipeline.emit import Versions, read_document, read_score, summarise, write_report
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


@contextmanager
def _alone(out: Path, submission: str) -> Iterator[None]:
    """One at a time for a report, and none while a review writes into OUT.

    Raises:
        ReviewAgain: a review is running.
    """
    locks = out / STATE / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (out / STATE / "lock").open("a") as year, (locks / submission).open("a") as one:
        try:
            fcntl.flock(year, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise ReviewAgain("正在评审，结束后再更新这份报告。") from fault
        fcntl.flock(one, fcntl.LOCK_EX)
        yield
