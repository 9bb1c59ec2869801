"""平衡性: whether a report tells what went wrong, why, and what was done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.quality.negative import Negative
from pipeline.quality.report import Found, Report

_PER_KIND = 3  # a fall in profit told in seven ways is not seven events


def event(report: Report) -> Found:
    """Negative events: statements that tell one, at most three of a kind."""
    return _facts(report.negatives.of("event"))


def figure(report: Report) -> Found:
    """Kinds of negative figures above zero."""
    facts = report.negatives.of("figure")
    return replace(_facts(facts), value=len({f.kind.code for f in facts}))


def shortfall(report: Report) -> Found:
    """Weaknesses and missed targets that the report admits."""
    return _facts(report.negatives.of("shortfall"))


def remedy(report: Report) -> Found:
    """Negative events and shortfalls told with a cause or a remedy."""
    return _facts([f for f in report.negatives.facts if f.remedied and f.kind.group != "figure"])


def zero(report: Report) -> Found:
    """Kinds of things of which the report says that none occurred."""
    zeros = report.negatives.zeros
    return Found(len(zeros), [quote for _, quote in zeros], "、".join(what for what, _ in zeros))


def _facts(facts: Sequence[Negative]) -> Found:
    places = {(f.kind.code, f.quote.start): f.quote for f in facts}
    kinds = Counter(code for code, _ in places)
    value = sum(min(count, _PER_KIND) for count in kinds.values())
    quotes = list({quote.start: quote for quote in places.values()}.values())
    return Found(value, quotes, _names(facts))


def _names(facts: Sequence[Negative]) -> str:
    return "、".join(dict.fromkeys(f.kind.name for f in facts))


FACTS = {
    "balance.event": event,
    "balance.figure": figure,
    "balance.shortfall": shortfall,
    "balance.remedy": remedy,
    "balance.zero": zero,
}
