"""Indicators over two years: what came, went, rose and fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pipeline.facts import Quote, Shift
from pipeline.records import Evidence, Finding

Change = Literal["gone", "down", "up", "new"]
ORDER = ("gone", "down", "up", "new")  # what a reader asks about first


def shifts(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Shift, ...]:
    """Indicators told otherwise than the year before, losses first, else in the sheet's order.

    Only certain findings count: disclosed, and searched and not found. What needs an expert
    in one of the years is no change.
    """
    known = {(one.framework, one.indicator): one for one in before}
    found = []
    for one in after:
        last = known.get((one.framework, one.indicator))
        if last and (change := _change(last, one)):
            levels = (last.level, one.level)
            words = _quote(last)
            quotes = (of_last_year(words) if words else None, _quote(one))
            found.append(Shift(one.framework, one.indicator, one.name, change, *levels, *quotes))
    return tuple(sorted(found, key=lambda shift: ORDER.index(shift.change)))


def of_last_year(quote: Quote) -> Quote:
    """The quote as one of last year's report: its page stays, its offsets mean nothing here."""
    return replace(quote, paragraph=0, start=0, end=0, box=None, cell=None, source="last_year")


def _change(last: Finding, now: Finding) -> Change | None:
    statuses = (last.status, now.status)
    if statuses == ("disclosed", "disclosed") and last.level != now.level:
        return "up" if now.level > last.level else "down"
    if statuses == ("disclosed", "not_found"):
        return "gone"
    return "new" if statuses == ("not_found", "disclosed") else None


def _quote(one: Finding) -> Quote | None:
    words: Evidence | None = next(iter(one.evidence), None)
    if words is None:
        return None
    return Quote(words.page, words.paragraph, words.start, words.end, words.quote, words.box)
