"""Figures that both reports tell of their own year: growth, and changes of unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from pipeline.check.headlines import headline_of, plain_name
from pipeline.facts import Figure, FigureChange, Measure
from pipeline.memory.shifts import of_last_year
from pipeline.records import ReportScore

LEAST = 3  # characters of a name that tells one figure from another: 设立 does not


def figure_changes(before: ReportScore, after: ReportScore) -> tuple[FigureChange, ...]:
    """Figures of the same name, in the order of this year's report.

    A name that a report gives to several values is left out: of which, nobody can say.
    """
    last, now = _own_year(before), _own_year(after)
    return tuple(
        FigureChange(name, of_last(last[name]), figure, _growth(last[name], figure))
        for name, figure in now.items()
        if name in last
    )


def of_last(figure: Figure) -> Figure:
    """The figure with its quote marked as last year's."""
    return replace(figure, quote=of_last_year(figure.quote))


def series_of(measure: Measure) -> str:
    """The name under which a figure is compared over years."""
    headline = headline_of(measure)
    return headline.name if headline else plain_name(measure.name)


def _own_year(score: ReportScore) -> dict[str, Figure]:
    """Figures of the whole company for the report's year, by name; those told one way only."""
    year = str(score.submission.registration.year or "")
    told: dict[str, list[Figure]] = defaultdict(list)
    for one in score.facts.measures:
        if year and one.period == year and not one.scope and len(series_of(one)) >= LEAST:
            told[series_of(one)].append(one.figure)
    return {
        name: figures[0]
        for name, figures in told.items()
        if len({(f.value, f.unit) for f in figures}) == 1
    }


def _growth(before: Figure, after: Figure) -> float | None:
    if before.unit != after.unit or not before.value:
        return None
    return after.value / before.value - 1
