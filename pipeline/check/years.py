"""This year's report against last year's: what both say of the same year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.check.amounts import Amount, amount
from pipeline.check.headlines import headline_of, plain_name
from pipeline.facts import Check, Figure, Measure, Severity
from pipeline.measure.tables import year_in
from pipeline.records import Document

_RESTATED = re.compile(r"重述|追溯|更正|口径|调整后|重新计算|修正")
_AROUND = 60  # characters in which a report says that it restates a figure

Key = tuple[str, str, str]  # what, year, base unit


def check_last_year(
    document: Document, measures: Sequence[Measure], earlier: Sequence[Measure], year: str
) -> Iterator[Check]:
    """Values of an earlier year that this report tells otherwise than last year's report did.

    Args:
        document: This year's report.
        measures: Its measures.
        earlier: Measures of last year's report; names are compared whole, headlines by kind.
        year: This report's: of it last year's could tell no more than plans.
    """
    known: dict[Key, list[Figure]] = defaultdict(list)
    for measure in earlier:
        if not measure.scope and measure.period:
            known[_key(measure, measure.period)].append(measure.figure)
    done: set[Key] = set()
    for measure in measures:
        for told, figure in _earlier_values(measure):
            key = _key(measure, told)
            check = (
                None if key in done or told >= year else _against(document, key, figure, known[key])
            )
            if check:
                done.add(key)
                yield check


def _earlier_values(measure: Measure) -> Iterator[tuple[str, Figure]]:
    if measure.scope:
        return
    for what, figure in measure.compared:
        if year_in(what) and figure.unit == measure.figure.unit:
            yield year_in(what), figure
    if measure.period:
        yield measure.period, measure.figure


def _key(measure: Measure, year: str) -> Key:
    headline = headline_of(measure)
    return (headline.name if headline else plain_name(measure.name)), year, measure.figure.unit


def _against(document: Document, key: Key, figure: Figure, known: Sequence[Figure]) -> Check | None:
    now = amount(figure)
    before = [(one, value) for one in known if (value := amount(one))]
    if now is None or not before or any(_agree(now, value) for _, value in before):
        return None
    if len({value.value for _, value in before}) > 1:
        return None  # last year's report itself tells several: of what, nobody can say
    told, value = before[0]
    place = figure.quote
    around = document.text[max(0, place.start - _AROUND) : place.end + _AROUND]
    severity: Severity = "note" if _RESTATED.search(around) else "doubt"
    what, year, _ = key
    return Check(
        kind="last_year",
        severity=severity,
        message=(
            f"{year}年{what}，本报告为{now.printed}，上年报告为{value.printed}，"
            "如有重述，请说明原因。"
        ),
        arithmetic=f"{now.printed}（本报告）≠ {value.printed}（上年报告）",
        quotes=(
            place,
            replace(told.quote, paragraph=0, start=0, end=0, box=None, source="last_year"),
        ),
    )


def _agree(one: Amount, other: Amount) -> bool:
    return one.low <= other.high and other.low <= one.high
