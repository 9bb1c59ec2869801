"""The verdict columns of a filled sheet.xlsx as decisions: an expert without the desk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection

from pipeline.decisions import Decision
from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.board import assign, readers, versions_of
from pipeline.desk.store.exchange import Imported
from pipeline.desk.store.rights import demand
from pipeline.desk.store.rulings import Choice, append, history, standing
from pipeline.desk.store.sheet_facts import TABS, fact_choices
from pipeline.desk.store.sheet_findings import finding_choices
from pipeline.desk.store.sheet_rows import Told
from pipeline.emit import read_document, read_score
from pipeline.facts import Facts
from pipeline.frameworks import Framework
from pipeline.override import undone
from pipeline.place import quote
from pipeline.quoted import Words
from pipeline.records import Document, Finding

LARGEST, UNPACKED = 20 * 2**20, 200 * 2**20  # bytes of a sheet, packed and unpacked


def import_sheet(
    db: Connection,
    by: User,
    submission: str,
    expert: User,
    content: bytes,
    frameworks: tuple[Framework, ...],
    out: Path,
) -> Imported:
    """Append an expert's verdicts from a filled sheet.xlsx; a sheet read twice changes nothing.

    The expert is assigned to the report if a seat is free. Rows that make no sense are told,
    the others are taken.

    Args:
        db: A write transaction.
        by: Of the office.
        submission: The report the sheet should be of; its fingerprint is compared.
        expert: Who filled it.
        content: The workbook.
        frameworks: Those the sheet may have tabs of.
        out: The year's folder, to find the quotes' places.

    Raises:
        Refused: no such sheet, of another report, too large, or the expert has signed.
    """
    demand(db, by, "export", submission)
    _seat(db, by, submission, expert)
    tabs = _tabs(content)
    sha256 = _document_of(tabs[0], {v.sha256 for v in versions_of(db, submission)})
    report = _reviewed(out / submission, sha256, frameworks)
    mine = standing(one for one in history(db, submission) if one.who == expert.name)
    added, known, problems = 0, 0, []
    for place, choice in _choices(tabs, frameworks, report, sha256):
        if isinstance(choice, str):
            problems.append(f"{place}：{choice}")
        elif _said(mine.get((choice.subject, choice.framework, choice.key))) == _said(choice):
            known += 1
        else:
            append(db, expert, submission, report.placed(choice) if report else choice)
            added += 1
    audit.log(db, by.name, "import", submission, f"sheet.xlsx {expert.name} {added}")
    return Imported(added, known, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """The report of the sheet, where it is still the one that lies in OUT."""

    document: Document
    words: Words
    own: dict[tuple[str, str], Finding]  # Zejian's, where the sheet shows the experts'
    facts: Facts  # Zejian's own

    def placed(self, choice: Choice) -> Choice:
        """The choice with the place of its quote; words that stand nowhere are no basis."""
        own = self.own.get((choice.framework, choice.key))
        if own:
            choice = replace(choice, old_status=own.status, old_level=own.level)
        span = self.words.find(choice.quote, choice.start)
        if span is None:
            return replace(choice, quote="")
        at = quote(self.document, *span)
        start, end = at.start, at.end
        page, paragraph = at.page, at.paragraph
        return replace(choice, quote=at.quote, start=start, end=end, page=page, paragraph=paragraph)


def _reviewed(folder: Path, sha256: str, frameworks: tuple[Framework, ...]) -> _Reviewed | None:
    document = read_document(folder)
    if document is None or document.sha256 != sha256:
        return None
    score = read_score(folder)
    own = {(f.framework, f.indicator): f for f in score.overruled.findings}
    return _Reviewed(document, Words(document.text), own, undone(score, frameworks).facts)


def _choices(
    tabs: list[Worksheet],
    frameworks: tuple[Framework, ...],
    report: _Reviewed | None,
    sha256: str,
) -> Iterator[Told]:
    """What the tabs say, in their order."""
    by_title = {f.title: f for f in frameworks}
    for tab in tabs:
        title = str(tab.cell(1, 1).value or "")
        if title in by_title:
            yield from finding_choices(tab, by_title[title].id, sha256)
        elif title in TABS:
            yield from fact_choices(tab, title, report.facts if report else None, sha256)


def _said(one: Decision | Choice | None) -> tuple[object, ...] | None:
    return (one.status, one.level, one.why) if one else None


def _seat(db: Connection, by: User, submission: str, expert: User) -> None:
    mine = [one for one in readers(db, submission) if one.user == expert.id]
    if not mine:
        assign(db, by, submission, expert)
    elif mine[0].signed:
        raise Refused("该专家已签署这份报告，请先重新打开再导入。")


def _tabs(content: bytes) -> list[Worksheet]:
    """Worksheets of the workbook, values as saved."""
    if len(content) > LARGEST:
        raise Refused(f"文件超过 {LARGEST // 2**20} MB。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise Refused("文件解压后过大。")
        return list(load_workbook(io.BytesIO(content), data_only=True).worksheets)
    except Refused:
        raise
    except Exception as fault:  # openpyxl raises whatever a damaged file makes it stumble over
        raise Refused("打不开这份 Excel 文件，请用 .xlsx 格式重新保存。") from fault


def _document_of(tab: Worksheet, known: set[str]) -> str:
    """SHA-256 of the report the sheet was made from, by the mark in its footer."""
    foot = tab.oddFooter.left.text or ""
    mark = foot.rpartition("报告指纹 ")[2].strip()[:12]
    found = [one for one in known if mark and one.startswith(mark)]
    if len(mark) != 12 or not found:
        raise Refused("这份表不是本报告的覆盖表（报告指纹不符）。")
    return found[0]
