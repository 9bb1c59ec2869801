"""What an expert wrote on the tabs 核查 and 质量 of sheet.xlsx.

A row does not name the fact it shows: it is known by its words, as the sheet writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from openpyxl.worksheet.worksheet import Worksheet

from pipeline.decisions import Ruling, check_key
from pipeline.desk.store.rulings import Choice
from pipeline.desk.store.sheet_rows import ONLY_REMARK, Row, Told, filled
from pipeline.emit.escape import cell
from pipeline.emit.tables import ordered
from pipeline.emit.words import CHECK_VERDICTS
from pipeline.facts import Check, DimensionScore, Facts, Quality, QualityFact, Quote

T = TypeVar("T")
CHECKS, QUALITY, CONDITIONS = TABS = "核查", "质量", "项目条件"
_TRUE, _FALSE, _ASK = CHECK_VERDICTS
_GONE = "系统现在的结论中没有这一行，请用最新的覆盖表填写。"
_SLIP = ("不一致之处", "算式")
_FACT = ("维度", "事实")


def fact_choices(tab: Worksheet, title: str, facts: Facts | None, sha256: str) -> Iterator[Told]:
    """The decisions on checks or quality facts.

    Args:
        tab: The worksheet.
        title: One of TABS.
        facts: Zejian's own of the report now; None where that is another file.
        sha256: Of the report's file.
    """
    if title == CONDITIONS:
        rows = filled(tab, ("专家结论", "备注"), ("专家结论", "备注"))
        yield from ((row.place, "项目条件由评审办公室认定，不作为专家改判导入。") for row in rows)
    elif title == CHECKS:
        known = _by_words((_slip(one), one) for one in ordered(facts.checks if facts else ()))
        for row in filled(tab, (*_SLIP, "专家结论", "备注"), ("专家结论", "备注")):
            yield row.place, _on_check(row, _taken(known, row, _SLIP), sha256)
    else:
        points = _by_words(_scored(facts.quality if facts else None))
        for row in filled(tab, (*_FACT, "专家得分", "备注"), ("专家得分", "备注")):
            yield row.place, _on_quality(row, _taken(points, row, _FACT), sha256)


def _by_words(pairs: Iterable[tuple[tuple[str, str], T]]) -> dict[tuple[str, str], list[T]]:
    found: dict[tuple[str, str], list[T]] = {}
    for words, one in pairs:
        found.setdefault((cell(words[0]).strip(), cell(words[1]).strip()), []).append(one)
    return found


def _taken(known: dict[tuple[str, str], list[T]], row: Row, names: tuple[str, str]) -> T | None:
    """The fact of a row; of several with the same words the next, as the sheet lists them."""
    alike = known.get((row.text(names[0]), row.text(names[1])), [])
    return alike.pop(0) if len(alike) > 1 else next(iter(alike), None)


def _slip(check: Check) -> tuple[str, str]:
    return check.message, check.arithmetic


def _scored(
    quality: Quality | None,
) -> Iterator[tuple[tuple[str, str], DimensionScore | QualityFact]]:
    for dimension in quality.dimensions if quality else ():
        yield (dimension.dimension, ""), dimension
        for fact in dimension.facts:
            yield (fact.dimension, fact.name), fact


def _on_check(row: Row, check: Check | None, sha256: str) -> Choice | str:
    verdict = row.text("专家结论")
    if check is None:
        return _GONE
    if not verdict:
        return ONLY_REMARK
    if verdict not in CHECK_VERDICTS:
        return f"专家结论须为{'、'.join(CHECK_VERDICTS)}之一。"
    why = "：".join(part for part in (_ASK, row.why) if part) if verdict == _ASK else row.why
    status: Ruling = "dismissed" if verdict == _FALSE else "confirmed"
    of = check_key(check)
    made = Choice("check", "", of, "confirmed", None, status, None, why, sha256)
    return _resting_on(made, check.quotes)


def _on_quality(row: Row, of: DimensionScore | QualityFact | None, sha256: str) -> Choice | str:
    points = _points(row.text("专家得分"))
    if of is None:
        return "警示事项不计分，请写入评语。" if row.text("维度") == "警示" else _GONE
    if points is None:
        return ONLY_REMARK if not row.text("专家得分") else "专家得分须为0至100。"
    if isinstance(of, DimensionScore):
        return _choice(of.dimension, of.dimension, of.score, points, row.why, sha256)
    made = _choice(of.dimension, of.code, of.points, points, row.why, sha256)
    return _resting_on(made, of.quotes)


def _points(text: str) -> float | None:
    """0-100; None for anything else."""
    try:
        points = float(text)
    except ValueError:
        return None
    return points if 0 <= points <= 100 else None


def _choice(
    dimension: str, code: str, old: float | None, points: float, why: str, sha256: str
) -> Choice:
    return Choice("quality", dimension, code, "scored", old, "scored", points, why, sha256)


def _resting_on(made: Choice, quotes: Iterable[Quote]) -> Choice:
    """The decision with the first of the quotes that is of the report."""
    own = next((one for one in quotes if one.source == "report"), None)
    if own is None:
        return made
    start, end, page, paragraph = own.start, own.end, own.page, own.paragraph
    return replace(made, quote=own.quote, start=start, end=end, page=page, paragraph=paragraph)
