"""The verdict columns of a filled sheet.xlsx as decisions: an expert without the desk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection

from pipeline.decisions import Decision
from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.board import assign, readers, versions_of
from pipeline.desk.store.exchange import Imported
from pipeline.desk.store.rights import demand
from pipeline.desk.store.rulings import LONGEST, Choice, append, history, standing
from pipeline.emit import read_document, read_score
from pipeline.emit.words import LEVELS, STATUS, VERDICTS
from pipeline.frameworks import Framework
from pipeline.place import quote
from pipeline.quoted import Words
from pipeline.records import Document, Finding

LARGEST, UNPACKED = 20 * 2**20, 200 * 2**20  # bytes of a sheet, packed and unpacked
HEADER_ROWS = 12  # the header stands among the first rows of a tab
WANTED = ("指标编号", "状态", "层级", "最佳证据原文", "专家结论", "专家层级", "备注")
_AGREE, _DISCLOSED, _NOT_FOUND, _NOT_APPLICABLE = VERDICTS
_MISSED = "未采信，最接近："
_BY_NAME = {name: status for status, name in STATUS.items()}


@dataclass(frozen=True, slots=True)
class _Filled:
    """A row in which an expert wrote."""

    framework: str
    place: str  # 总表 row, for sentences
    code: str
    status: str
    level: int
    quote: str
    verdict: str
    expert_level: Any
    why: str


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
    report = _reviewed(out / submission, sha256)
    mine = standing(one for one in history(db, submission) if one.who == expert.name)
    added, known, problems = 0, 0, []
    for row in _filled(tabs, frameworks):
        choice = _choice(row, sha256)
        if isinstance(choice, str):
            problems.append(f"{row.place}：{choice}")
        elif _said(mine.get(("finding", row.framework, row.code))) == _said(choice):
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

    def placed(self, choice: Choice) -> Choice:
        """The choice with the place of its quote; words that stand nowhere are no basis."""
        own = self.own.get((choice.framework, choice.key))
        if own:
            choice = replace(choice, old_status=own.status, old_level=own.level)
        span = self.words.find(choice.quote, 0)
        if span is None:
            return replace(choice, quote="")
        at = quote(self.document, *span)
        start, end = at.start, at.end
        page, paragraph = at.page, at.paragraph
        return replace(choice, quote=at.quote, start=start, end=end, page=page, paragraph=paragraph)


def _reviewed(folder: Path, sha256: str) -> _Reviewed | None:
    document = read_document(folder)
    if document is None or document.sha256 != sha256:
        return None
    ruled = read_score(folder).overruled.findings
    own = {(f.framework, f.indicator): f for f in ruled}
    return _Reviewed(document, Words(document.text), own)


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


def _filled(tabs: list[Worksheet], frameworks: tuple[Framework, ...]) -> Iterator[_Filled]:
    by_title = {f.title: f for f in frameworks}
    for tab in tabs:
        framework = by_title.get(str(tab.cell(1, 1).value or ""))
        head = _head(tab)
        if framework is None or head is None:
            continue
        number, columns = head
        for n, cells in enumerate(tab.iter_rows(number + 1, values_only=True), number + 1):
            told = {name: cells[column] for name, column in columns.items()}
            if any(told[name] not in (None, "") for name in WANTED[-3:]):
                yield _row(framework, f"{tab.title} 第{n}行", told)


def _head(tab: Worksheet) -> tuple[int, dict[str, int]] | None:
    """Row number of the header, and where the wanted columns are; None if there is none."""
    for n, cells in enumerate(tab.iter_rows(1, HEADER_ROWS, values_only=True), 1):
        if set(WANTED) <= set(cells):
            return n, {name: cells.index(name) for name in WANTED}
    return None


def _row(framework: Framework, place: str, told: dict[str, Any]) -> _Filled:
    level = str(told["层级"] or "")[:1]
    return _Filled(
        framework=framework.id,
        place=place,
        code=str(told["指标编号"] or ""),
        status=_BY_NAME.get(str(told["状态"] or "").partition("\n")[0], ""),
        level=int(level) if level in "01234" and level else 0,
        quote=_quote(str(told["最佳证据原文"] or "")),
        verdict=str(told["专家结论"] or "").strip(),
        expert_level=told["专家层级"],
        why=str(told["备注"] or "").strip()[:LONGEST],
    )


def _quote(cell: str) -> str:
    return cell.removeprefix(_MISSED).removesuffix("…")


def _choice(row: _Filled, sha256: str) -> Choice | str:
    """The decision of a row, or a Chinese phrase that says why it is none."""
    level = _expert_level(row.expert_level)
    if not row.status:
        return "状态一栏已被改动。"
    if level == -1:
        return "专家层级须为0至4。"
    status = _status(row, level)
    if status not in STATUS:
        return status
    graded = status == "disclosed"
    given = level if level is not None else row.level
    if graded and not given:
        return "改为已披露须填专家层级（1至4）。"
    told = (status, given if graded else None, row.why, sha256)
    return Choice("finding", row.framework, row.code, row.status, row.level, *told, row.quote)


def _expert_level(value: Any) -> int | None:
    """0-4; None for a blank cell, -1 for anything else."""
    if value in (None, ""):
        return None
    text = str(value).strip().partition(" ")[0].removesuffix(".0")
    return int(text) if text in {str(n) for n in range(len(LEVELS))} else -1


def _status(row: _Filled, level: int | None) -> str:
    """Status that the verdict means, or a Chinese phrase."""
    said = {
        _DISCLOSED: "disclosed",
        _NOT_FOUND: "not_found",
        _NOT_APPLICABLE: "not_applicable",
    }.get(row.verdict)
    if said:
        return said
    if row.verdict not in ("", _AGREE):
        return f"专家结论须为{'、'.join(VERDICTS)}之一。"
    if not row.verdict and level is None:
        return "只有备注，没有结论，未导入。"
    if row.status == "needs_expert":
        return "“待专家判断”的指标请选改为已披露、改为未披露或不适用。"
    return row.status
