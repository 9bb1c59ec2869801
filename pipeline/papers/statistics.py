"""Figures of the whole cohort: sums, means and medians, never of fewer than three companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, median

from pipeline.papers.records import Entry, Statistic, Told
from pipeline.papers.rules import Figure, bulletin

FEWEST = 3  # companies below which a figure of the cohort would be one company's


def cohort(entries: Iterable[Entry], year: int | None) -> tuple[Entry, ...]:
    """One report a company, of ``year`` where it is given, else the latest; unread ones left out.

    A report that does not say its year counts for any.
    """
    chosen: dict[str, Entry] = {}
    for one in sorted(entries, key=lambda e: (e.year or 0, e.submission.id)):
        if one.status in ("done", "partial") and (year is None or one.year in (None, year)):
            chosen[one.company] = one
    return tuple(sorted(chosen.values(), key=lambda one: one.submission.id))


def statistics(entries: Sequence[Entry]) -> tuple[Statistic, ...]:
    """The figures of data/bulletin.yaml over a cohort, in its order."""
    return tuple(_statistic(rule, entries) for rule in bulletin().statistics)


def grades(entries: Sequence[Entry]) -> tuple[tuple[str, int, int], ...]:
    """(grade, companies by the form, companies by the report), best grade first."""
    told = [one.grade for one in entries if one.grade]
    counted = Counter((grade, quote.source == "form") for grade, quote in told)
    return tuple(
        (grade, counted[grade, True], counted[grade, False]) for grade in bulletin().grade.grades
    )


def enough(count: int) -> bool:
    """Whether so many companies may be told of together."""
    return count >= FEWEST


def _statistic(rule: Figure, entries: Sequence[Entry]) -> Statistic:
    told = [one for entry in entries for one in entry.figures if one.name == rule.name]
    held = [one for one in told if one.plausible]
    values = [one.value for one in held]
    known = enough(len(values))
    form = sum(_by_form(one) for one in held)
    return Statistic(
        name=rule.name,
        unit=rule.unit,
        how=rule.how,
        value=_summed(rule, values) if known else None,
        median=median(values) if known else None,
        form=form,
        report=len(held) - form,
        left_out=len(told) - len(held),
        cohort=len(entries),
        digits=rule.digits,
    )


def _summed(rule: Figure, values: Sequence[float]) -> float:
    return sum(values) if rule.how == "sum" else fmean(values)


def _by_form(told: Told) -> bool:
    return told.quote.source == "form"
