"""Figures of the whole company that formulas ask for: from the form first, else the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.forms import field_of
from pipeline.check.headlines import headline_of
from pipeline.facts import Figure, Measure, Quote
from pipeline.records import Registration

LAST = "上年"  # before a headline's name: the same figure of the year before


@dataclass(frozen=True, slots=True)
class Quantity:
    """A headline figure: value in its base unit, as printed, and where it is told."""

    value: float
    printed: str
    quote: Quote


def quantities(registration: Registration, measures: Sequence[Measure]) -> dict[str, Quantity]:
    """Headline figures of the report's year by name, and of the year before under ``上年…``.

    The form wins over the report: the company signed it. Of several places in the report the
    first is taken; that they agree is the business of the checks.
    """
    found: dict[str, Quantity] = {}
    for name, quantity in (*_of_form(registration), *_of_report(registration, measures)):
        found.setdefault(name, quantity)
    return found


def _of_form(registration: Registration) -> Iterator[tuple[str, Quantity]]:
    for title, told in registration.statistics:
        if field := field_of(title, told):
            headline, amount = field
            place = Quote(None, 0, 0, 0, f"{title}：{told}", source="form")
            yield headline.name, Quantity(float(amount.value), amount.printed, place)


def _of_report(
    registration: Registration, measures: Sequence[Measure]
) -> Iterator[tuple[str, Quantity]]:
    year = registration.year
    this, last = (str(year), str(year - 1)) if year else ("", "?")
    for measure in measures:
        headline = headline_of(measure)
        if not headline:
            continue
        if measure.period in (this, ""):
            yield headline.name, _told(measure.figure)
        elif measure.period == last:
            yield LAST + headline.name, _told(measure.figure)
        for what, figure in measure.compared:
            if measure.period == this and what == last:
                yield LAST + headline.name, _told(figure)


def _told(figure: Figure) -> Quantity:
    return Quantity(figure.value, figure.printed, figure.quote)
