"""Growth told with a figure (同比增长12.6%) against the year before, told elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.check.amounts import Amount, amount
from pipeline.check.growth import between, holds, of_change
from pipeline.check.headlines import plain_name
from pipeline.facts import Check, Figure, Measure
from pipeline.measure.tables import year_in
from pipeline.records import Document

_YEAR_ON_YEAR = re.compile(r"同比|[比较](?:上年|去年|上一年)")


def check_measured_growth(document: Document, measures: Sequence[Measure]) -> Iterator[Check]:
    """Rates in the text that the report's own figures of two years contradict.

    The two years must be told with one name and unit, the later value must agree.
    """
    for measure in measures:
        now = amount(measure.figure)
        if now is None or measure.figure.quote.cell or not _dated(measure):
            continue
        for words, figure in measure.compared:
            rate = amount(figure)
            if rate is None or figure.unit != "%" or not _YEAR_ON_YEAR.search(words):
                continue
            yield from _against(document, now, rate, words, _earlier(measures, measure, now))


def _dated(measure: Measure) -> bool:
    return bool(measure.period) and not measure.scope and measure.figure.unit != "%"


def _earlier(measures: Sequence[Measure], like: Measure, now: Amount) -> Iterator[Amount]:
    """Values of the year before, of measures that agree with this one for its own year."""
    year = str(int(like.period) - 1)
    for other in measures:
        if plain_name(other.name) != plain_name(like.name) or other.period != like.period:
            continue
        same = amount(other.figure)
        if same is None or same.low > now.high or now.low > same.high or other.scope:
            continue
        yield from (value for value in _of(other.compared, year, now.unit))


def _of(compared: Sequence[tuple[str, Figure]], year: str, unit: str) -> Iterator[Amount]:
    for what, figure in compared:
        value = amount(figure)
        if value is not None and year_in(what) == year and figure.unit == unit:
            yield value


def _against(
    document: Document, now: Amount, rate: Amount, words: str, earlier: Iterator[Amount]
) -> Iterator[Check]:
    changes = [change for value in earlier if (change := between(value, now, rate))]
    if changes and not any(holds(change, words) for change in changes):
        places = [(one.start, one.end, one.cell) for one in (changes[0].before, now, rate)]
        yield of_change(document, changes[0], places)
