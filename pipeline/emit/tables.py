"""The tables of facts that both sheets show, worked out once: columns, rows, what may be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.emit.escape import clean
from pipeline.emit.words import (
    CHECK_VERDICTS,
    CONDITION_STATE,
    CONDITION_VERDICTS,
    LINE_STATE,
    LOCAL,
    LOCAL_MEANING,
    QUOTE_SOURCE,
    SEVERITY,
    place,
)
from pipeline.facts import (
    Check,
    ConditionResult,
    DimensionScore,
    Facts,
    IndexLine,
    Measure,
    Quality,
    Quote,
)
from pipeline.frameworks import Framework

Kind = Literal["badge", "text", "figure", "points", "share", "quotes"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in its colour; ``tone`` is a CSS class and the name of an Excel format."""

    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Quotes:
    """Words of the report, in a cell; ``around``: the clause to show in place of a bare number."""

    quotes: tuple[Quote, ...]
    around: str = ""

    def shown(self) -> Iterable[tuple[Quote, str]]:
        """Each quote with the words to show for it."""
        return ((quote, clean(self.around or quote.quote)) for quote in self.quotes)


Value = str | float | None | Badge | Quotes


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``width`` in characters."""

    name: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A tab of sheet.xlsx and a panel of sheet.html."""

    id: str  # of its element in sheet.html, and stable
    tab: str
    said: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    verdicts: tuple[str, ...] = ()  # what an expert may choose in sheet.xlsx
    scored: bool = False  # whether an expert may give points there instead, 0-100

    def counts(self) -> dict[Badge, int]:
        """How often each badge of the first column that has badges occurs, in order of rows."""
        found: dict[Badge, int] = {}
        for row in self.rows:
            badge = next((value for value in row if isinstance(value, Badge)), None)
            if badge:
                found[badge] = found.get(badge, 0) + 1
        return found


def mark(quote: Quote) -> str:
    """Element id of a quote in sheet.html; blank for what is not of this report."""
    return "" if quote.source in QUOTE_SOURCE else f"t-{quote.start}-{quote.end}"


def where(quote: Quote) -> str:
    """Where a quote stands, as a reader would look it up."""
    if quote.source in QUOTE_SOURCE:
        return QUOTE_SOURCE[quote.source]
    row, column = quote.cell or (0, 0)
    cell = f" · 表格第{row}行第{column}列" if quote.cell else ""
    return place(quote.page, quote.paragraph) + cell


def number(value: float) -> str:
    """A number as people write it: thousands apart, no more digits than it has."""
    return f"{value:,.15g}"


def brief(value: float) -> str:
    """A count, share or mean to three significant digits, and never less than its whole part."""
    return number(round(value) if abs(value) >= 100 else float(f"{value:.3g}"))


def ordered(checks: Sequence[Check]) -> list[Check]:
    """Checks with the surest slips first, otherwise in their own order."""
    rank = {severity: n for n, severity in enumerate(SEVERITY)}
    return sorted(checks, key=lambda check: rank[check.severity])


def tables(facts: Facts, frameworks: Iterable[Framework], text: str) -> tuple[Table, ...]:
    """The tables that have rows, in the order in which they are read; ``text``: the report's."""
    shorts = {f.id: f.short for f in frameworks}
    made = (
        _quality(facts.quality),
        _checks(facts.checks),
        _measures(facts.measures, shorts, text),
        _index(facts.index, shorts),
        _conditions(facts),
    )
    return tuple(table for table in made if table.rows)


CODES = 3  # indicators named beside a measure
REACH = 80  # characters shown before and after a figure, within its clause
_CLAUSE = re.compile("[。；！？\n]")
QUOTES = Column("原文", 58, "quotes")


def _quality(found: Quality | None) -> Table:
    columns = (
        Column("维度", 12, "badge"),
        Column("事实", 30),
        Column("数值", 12, "figure"),
        Column("单位", 8),
        Column("得分", 12, "points"),
        Column("权重", 8, "share"),
        Column("依据", 14),
        QUOTES,
        Column("说明", 36),
    )
    rows = tuple(_quality_rows(found)) if found else ()
    said = "警示事项在前，不计入得分。每个维度由下列事实算出，0至100分。"
    return Table("p-quality", "质量", said + LOCAL_MEANING, columns, rows, scored=True)


def _quality_rows(found: Quality) -> Iterable[tuple[Value, ...]]:
    for alarm in found.alarms:
        told = (Badge("error", "警示"), clean(alarm.name), None, "", None, None, "")
        yield (*told, Quotes(alarm.quotes), clean(alarm.note))
    for dimension in found.dimensions:
        yield from _dimension_rows(dimension, LOCAL if found.local else "")


def _dimension_rows(found: DimensionScore, basis: str) -> Iterable[tuple[Value, ...]]:
    judged = "" if found.score is not None else "事实不足以打分，由专家判断。"
    head = (Badge("dimension", found.dimension), "", None, "", found.score, None, basis)
    yield (*head, Quotes(()), judged)
    for fact in found.facts:
        scored = fact.points if fact.weight else None
        value = round(fact.value, 2)
        told = (found.dimension, clean(fact.name), value, fact.unit, scored, fact.weight)
        yield (*told, clean(fact.source), Quotes(fact.quotes), clean(fact.note))


def _checks(checks: Sequence[Check]) -> Table:
    columns = (
        Column("程度", 10, "badge"),
        Column("不一致之处", 44),
        Column("算式", 36),
        QUOTES,
    )
    rows = tuple(
        (
            Badge(c.severity, SEVERITY[c.severity]),
            clean(c.message),
            clean(c.arithmetic),
            Quotes(c.quotes),
        )
        for c in ordered(checks)
    )
    said = "报告自身的数字前后不一致之处，最有把握的在前；算式可逐一验算。"
    return Table("p-checks", "核查", said, columns, rows, CHECK_VERDICTS)


def _measures(measures: Sequence[Measure], shorts: dict[str, str], text: str) -> Table:
    columns = (
        Column("名称", 28),
        Column("原文数值", 18),
        Column("折算值", 16, "figure"),
        Column("单位", 12),
        Column("期间", 10),
        Column("范围", 14),
        Column("对比", 34),
        Column("对应指标", 24),
        QUOTES,
    )
    rows = tuple(
        (*_measure_values(m, shorts), Quotes((m.figure.quote,), _around(text, m.figure.quote)))
        for m in measures
    )
    said = "报告中的绩效数据，按出现先后；折算值已换算为同一单位，以原文数值为准。"
    return Table("p-measures", "绩效数据", said, columns, rows)


def _measure_values(m: Measure, shorts: dict[str, str]) -> tuple[Value, ...]:
    compared = "；".join(f"{what}：{figure.printed}" for what, figure in m.compared)
    told = (m.name, m.figure.printed, m.figure.value, m.figure.unit, m.period, m.scope)
    texts = (clean(value) if isinstance(value, str) else value for value in told)
    return (*texts, clean(compared), _codes(m.indicators, shorts))


def _codes(indicators: Sequence[tuple[str, str]], shorts: dict[str, str]) -> str:
    told = []
    for framework, code in indicators[:CODES]:
        short = shorts.get(framework, framework)
        told.append(code if code.startswith(short) else f"{short} {code}")
    more = f" 等{len(indicators)}项" if len(indicators) > CODES else ""
    return clean("、".join(told) + more)


def _around(text: str, quote: Quote) -> str:
    """The clause in which a figure stands, or the row of its table."""
    before = _CLAUSE.split(text[max(quote.start - REACH, 0) : quote.start])[-1]
    after = _CLAUSE.split(text[quote.end : quote.end + REACH])[0]
    return f"{before}{quote.quote}{after}".replace("\t", " ").strip()


def _index(lines: Sequence[IndexLine], shorts: dict[str, str]) -> Table:
    columns = (
        Column("核对结果", 13, "badge"),
        Column("标准", 14),
        Column("编号", 12),
        Column("索引行", 34),
        Column("所指位置", 16),
        QUOTES,
        Column("说明", 36),
    )
    rows = tuple(
        (
            Badge(line.state, LINE_STATE[line.state]),
            shorts.get(line.standard, line.standard),
            clean(line.code),
            clean(line.title),
            clean(line.pointer),
            Quotes((line.found,) if line.found else (line.line,)),
            clean(line.note) or ("" if line.found else "原文为索引行本身。"),
        )
        for line in lines
    )
    said = "报告自己的内容索引逐行核对：所指的页码或章节有没有相应内容。"
    return Table("p-index", "内容索引", said, columns, rows)


def _conditions(facts: Facts) -> Table:
    columns = (
        Column("结果", 13, "badge"),
        Column("类别", 12),
        Column("编号", 9),
        Column("条件", 34),
        Column("数值", 16, "figure"),
        Column("单位", 10),
        QUOTES,
        Column("说明", 44),
    )
    groups = (
        ("入围条件", facts.conditions),
        ("年度主题", facts.themes),
        ("绩效评价", facts.performance),
    )
    rows = tuple(_condition_row(name, one) for name, found in groups for one in found)
    said = "项目通知的条件、主题与绩效评价；“请人工确认”的由专家在“专家结论”列填写。"
    return Table("p-conditions", "项目条件", said, columns, rows, CONDITION_VERDICTS)


def _condition_row(group: str, c: ConditionResult) -> tuple[Value, ...]:
    badge = Badge(c.state, CONDITION_STATE[c.state])
    told = (badge, group, clean(c.code), clean(c.name), c.value, clean(c.unit))
    return (*told, Quotes(c.quotes), clean(c.note))
