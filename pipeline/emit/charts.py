"""Figures behind the inline drawings; the templates only place them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from pipeline.emit.words import STATUS
from pipeline.records import Coverage

BINS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar or a piece of one: position and length as shares 0-1 of the drawing."""

    name: str
    start: float
    length: float
    count: int


@dataclass(frozen=True, slots=True)
class Box:
    """Five-number summary of a group's shares; ``count`` reports stand behind it."""

    name: str
    low: float
    first: float
    median: float
    third: float
    high: float
    count: int


def stacked(coverage: Coverage) -> tuple[Bar, ...]:
    """Pieces of a status bar, one for each status that occurs, left to right."""
    counts = dict(coverage.counts)
    total = sum(counts.values()) or 1
    bars, start = [], 0.0
    for status in STATUS:
        if count := counts.get(status, 0):
            bars.append(Bar(status, round(start, 4), round(count / total, 4), count))
            start += count / total
    return tuple(bars)


def level_bars(levels: Sequence[int]) -> tuple[Bar, ...]:
    """A bar for each level 0-4; its length is the share of passages, its start that of max."""
    total, top = sum(levels) or 1, max(levels) or 1
    return tuple(
        Bar(str(n), round(v / top, 4), round(v / total, 4), v) for n, v in enumerate(levels)
    )


def histogram(shares: Iterable[float]) -> tuple[Bar, ...]:
    """Ten bins of 10 points; ``length`` is relative to the fullest bin."""
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS + 1e-9), BINS - 1)] += 1
    top = max(counts) or 1
    return tuple(
        Bar(f"{10 * n}–{10 * n + 10}%", n / BINS, round(c / top, 4), c)
        for n, c in enumerate(counts)
    )


def box(name: str, shares: Sequence[float]) -> Box:
    """Box of at least one share."""
    if len(shares) == 1:
        return Box(name, *(shares[0],) * 5, count=1)
    cuts = quantiles(shares, n=4, method="inclusive")
    low, middle, high = (round(c, 4) for c in cuts)
    return Box(name, min(shares), low, middle, high, max(shares), len(shares))
