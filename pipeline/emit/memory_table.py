"""The table 与上年相比 of both sheets: what changed since the company's last report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.emit.escape import clean
from pipeline.emit.tables import Badge, Column, Quotes, Table
from pipeline.emit.words import LEVELS, SEVERITY, percent
from pipeline.facts import Copied, FigureChange, Memory, Promise, Quote, Shift
from pipeline.frameworks import Framework

SHIFTS = {
    "gone": Badge("not_found", "不再披露"),
    "down": Badge("elsewhere", "层级下降"),
    "up": Badge("found", "层级上升"),
    "new": Badge("found", "新增披露"),
}
COLUMNS = (
    Column("变化", 14, "badge"),
    Column("事项", 34),
    Column("上年", 20),
    Column("本年", 20),
    Column("变动", 16),
    Column("原文", 58, "quotes"),
)
Row = tuple[Badge, str, str, str, str, Quotes]  # by COLUMNS


def memory_table(memory: Memory | None, frameworks: Iterable[Framework]) -> tuple[Table, ...]:
    """The table, or none where there is nothing to compare with."""
    if memory is None:
        return ()
    year = f"{memory.year}年度" if memory.year else "上一份"
    said = (
        f"与{clean(memory.company)}{year}报告相比；正文有{percent(memory.copied_share)}的文字"
        "与其逐字相同。原文先列上年，后列本年。"
    )
    rows = tuple(memory_rows(memory, frameworks))
    return (Table("p-memory", "与上年相比", said, COLUMNS, rows),)


def memory_rows(memory: Memory | None, frameworks: Iterable[Framework]) -> Iterator[Row]:
    """Its rows. What the company has to explain comes first.

    Goals it is silent on, figures restated, indicators gone; then figures, and what was copied.
    """
    if memory is None:
        return
    shorts = {f.id: f.short for f in frameworks}
    yield from map(_promise, sorted(memory.promises, key=_silent_first))
    yield from _restated(memory)
    yield from (_shift(one, shorts) for one in memory.shifts)
    yield from map(_figure, sorted(memory.figures, key=lambda one: one.change is not None))
    yield from map(_copied, memory.copied)


def _silent_first(one: Promise) -> tuple[bool, bool]:
    return one.found is not None, not one.due


def _promise(one: Promise) -> Row:
    silent = Badge("not_found", "到期未提") if one.due else Badge("elsewhere", "目标未再提")
    told = Badge("confirm", "到期，请核实") if one.due else Badge("found", "目标有进展")
    badge = told if one.found else silent
    here = "见原文" if one.found else "没有找到相关表述"
    year = f"目标年份{one.deadline}年"
    return (badge, clean(one.said.quote), year, here, "", _quotes(one.said, one.found))


def _restated(memory: Memory) -> Iterator[Row]:
    for one in memory.restated:
        badge = Badge(one.severity, f"前后不一（{SEVERITY[one.severity]}）")
        yield (badge, clean(one.message), "", "", clean(one.arithmetic), Quotes(one.quotes))


def _shift(one: Shift, shorts: dict[str, str]) -> Row:
    short = shorts.get(one.framework, one.framework)
    name = clean(f"{short} {one.indicator} {one.name}")
    before, now = (f"{n} {LEVELS[n]}" for n in (one.level_before, one.level))
    return (SHIFTS[one.change], name, before, now, "", _quotes(one.before, one.after))


def _figure(one: FigureChange) -> Row:
    before, after = one.before, one.after
    same = before.unit == after.unit
    badge = Badge("note", "数据变化") if same else Badge("elsewhere", "单位不同")
    told = (clean(one.name), clean(before.printed), clean(after.printed), _growth(one))
    return (badge, *told, _quotes(before.quote, after.quote))


def _growth(one: FigureChange) -> str:
    """The change in words: shares in points, all else in per cent."""
    if one.before.unit == one.after.unit == "%":
        return f"{one.after.value - one.before.value:+.2f}个百分点"
    return "" if one.change is None else f"{one.change:+.1%}"


def _copied(one: Copied) -> Row:
    same = one.similarity == 100
    badge = Badge("note", "逐字相同" if same else "略有改动")
    likeness = "" if same else f"相似度{one.similarity:.0f}%"
    told = ("上年报告已有的文字", "", f"{len(one.after.quote)}字", likeness)
    return (badge, *told, _quotes(one.after) if same else _quotes(one.before, one.after))


def _quotes(*quotes: Quote | None) -> Quotes:
    return Quotes(tuple(one for one in quotes if one))
