"""What an expert wrote on a framework's tab of sheet.xlsx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from pipeline.desk.store.rulings import Choice
from pipeline.desk.store.sheet_rows import ONLY_REMARK, Row, Told, filled
from pipeline.emit.words import LEVELS, STATUS, VERDICTS

ENTRIES = ("专家结论", "专家层级", "备注")
WANTED = ("指标编号", "状态", "层级", "最佳证据原文", *ENTRIES)
_AGREE, _DISCLOSED, _NOT_FOUND, _NOT_APPLICABLE = VERDICTS
_MISSED = "未采信，最接近："
_BY_NAME = {name: status for status, name in STATUS.items()}


def finding_choices(tab: Worksheet, framework: str, sha256: str) -> Iterator[Told]:
    """The decisions on a framework's indicators; ``sha256`` of the report's file."""
    for row in filled(tab, WANTED, ENTRIES):
        yield row.place, _choice(row, framework, sha256)


def _choice(row: Row, framework: str, sha256: str) -> Choice | str:
    """The decision of a row, or a Chinese phrase that says why it is none."""
    was = _BY_NAME.get(row.text("状态").partition("\n")[0], "")
    level = _expert_level(row.cells["专家层级"])
    if not was:
        return "状态一栏已被改动。"
    if level == -1:
        return "专家层级须为0至4。"
    status = _status(was, row.text("专家结论"), level)
    if status not in STATUS:
        return status
    shown = row.text("层级")[:1]
    old = int(shown) if shown in set("01234") else 0
    graded = status == "disclosed"
    given = level if level is not None else old
    if graded and not given:
        return "改为已披露须填专家层级（1至4）。"
    told = (status, given if graded else None, row.why, sha256)
    return Choice("finding", framework, row.text("指标编号"), was, old, *told, _quote(row))


def _quote(row: Row) -> str:
    return row.text("最佳证据原文").removeprefix(_MISSED).removesuffix("…")


def _expert_level(value: Any) -> int | None:
    """0-4; None for a blank cell, -1 for anything else."""
    if value in (None, ""):
        return None
    text = str(value).strip().partition(" ")[0].removesuffix(".0")
    return int(text) if text in {str(n) for n in range(len(LEVELS))} else -1


def _status(was: str, verdict: str, level: int | None) -> str:
    """Status that the verdict means, or a Chinese phrase."""
    said = {
        _DISCLOSED: "disclosed",
        _NOT_FOUND: "not_found",
        _NOT_APPLICABLE: "not_applicable",
    }.get(verdict)
    if said:
        return said
    if verdict not in ("", _AGREE):
        return f"专家结论须为{'、'.join(VERDICTS)}之一。"
    if not verdict and level is None:
        return ONLY_REMARK
    if was == "needs_expert":
        return "“待专家判断”的指标请选改为已披露、改为未披露或不适用。"
    return was
