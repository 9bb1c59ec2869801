"""Facts of a fictional report for the tests of emit, told truly or with hostile words."""

from __future__ import annotations

from itertools import cycle

from pipeline.facts import (
    Alarm,
    Check,
    ConditionResult,
    DimensionScore,
    Facts,
    Figure,
    IndexLine,
    Measure,
    Quality,
    QualityFact,
    Quote,
)
from pipeline.place import quote
from pipeline.records import Document

DIMENSIONS = ("过程性", "实质性", "完整性", "平衡性", "可比性", "可读性", "可及性", "创新性")
FORM = Quote(None, 0, 0, 0, "员工总数 4,260 人", source="form")
LAST_YEAR = Quote(31, 0, 0, 0, "综合能耗13,319吨标准煤", source="last_year")


def quotes(doc: Document) -> list[Quote]:
    """A quote of the middle of every block, boxes long-tailed."""
    found = []
    for block in doc.blocks:
        length = block.end - block.start
        start, end = block.start + length // 4, block.end - length // 4
        at = (2, 1) if block.kind == "table" else None
        found.append(quote(doc, start, max(end, start), at))
    return found


def facts(doc: Document, words: tuple[str, ...] = ("能耗", "12,480吨标准煤", "培训")) -> Facts:
    """Something of each kind; every text a stage writes is taken from ``words`` in turn."""
    said, places = cycle(words), cycle(quotes(doc))
    return Facts(
        measures=tuple(_measure(n, said, places) for n in range(1, 41)),
        checks=tuple(_checks(said, places)),
        quality=_quality(said, places),
        index=tuple(_index(said, places)),
        conditions=tuple(_conditions("E", said, places)),
        themes=tuple(_conditions("T", said, places)),
        performance=tuple(_conditions("P", said, places)),
    )


def _figure(value, said, places) -> Figure:
    return Figure(value, "吨标准煤", next(said), next(places))


def _measure(n, said, places) -> Measure:
    return Measure(
        id=f"m{n:04d}",
        name=next(said),
        figure=_figure(12_480.123456789012 * n, said, places),
        period="2023",
        scope=next(said) if n % 3 == 0 else "",
        indicators=(("green", "绿1-1"), ("care", "关1-2")),
        compared=(("2022", _figure(13_319.0, said, places)),) if n % 2 else (),
    )


def _checks(said, places):
    yield Check("twice", "note", next(said), "3,862 人次 / 3,826 人次", (next(places), LAST_YEAR))
    yield Check("sum", "error", next(said), "10 + 63 = 73 ≠ 70", (next(places), next(places)))
    yield Check("form", "doubt", next(said), "4,206 ≠ 4,260", (next(places), FORM))


def _quality(said, places) -> Quality:
    dimensions = []
    for n, name in enumerate(DIMENSIONS):
        weight = 0.0 if name == "创新性" else 0.5
        told = tuple(
            QualityFact(
                name, f"d{n}.{k}", next(said), 3 + k, "处", 60.0 + k, weight, (next(places),), "注"
            )
            for k in range(2)
        )
        dimensions.append(DimensionScore(name, None if n == 7 else 41.23456 + 7 * n, told))
    alarm = Alarm("safety.death", next(said), (next(places),), next(said))
    return Quality(tuple(dimensions), 62.345678, "三星", 0.4123456, 0.1789, (alarm,))


def _index(said, places):
    for n, state in enumerate(("found", "elsewhere", "not_found", "page_missing")):
        found = next(places) if n < 2 else None
        yield IndexLine(
            "gri", f"30{n}-1", next(said), "P12", state, next(places), found, "印刷页码"
        )


def _conditions(prefix, said, places):
    for n, state in enumerate(("met", "absent", "confirm")):
        value = 1.5 * n if n else None
        found = (next(places), FORM) if n < 2 else ()
        yield ConditionResult(f"{prefix}{n + 1}", next(said), state, next(said), value, "元", found)
