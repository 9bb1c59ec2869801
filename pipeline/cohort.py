"""A score among its like: percentile in the year and the industry, and beyond mere length.

Longer reports score higher on almost everything, and grades compress; so a year's table
says where a report stands, and by how much it beats or misses what its length lets expect.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 10  # reports with a score from which a percentile means something
FEWEST_FIT = 20  # reports from which length is fitted


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one report stands; None where it has no score, or too few others have.

    Attributes:
        percentile: Share (0-100) of the year's reports it scores above, ties half.
        cohort: Reports of the year with a score, itself included.
        in_industry: The same among its industry.
        industry: Reports of its industry with a score.
        beyond: Points above (below) what reports of its length score on average.
        explained: Share (0-1) of the year's variance that length explains.
    """

    percentile: float | None
    cohort: int
    in_industry: float | None
    industry: int
    beyond: float | None
    explained: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """``score = intercept + slope * log(length)``, by least squares over ``n`` reports."""

    slope: float
    intercept: float
    explained: float  # R squared
    n: int

    def expected(self, length: int) -> float:
        """Mean score of reports of that length, in points."""
        return self.intercept + self.slope * float(np.log(max(length, 1)))


def standings(
    scores: Sequence[float | None], lengths: Sequence[int], industries: Sequence[str]
) -> tuple[Standing, ...]:
    """Standing of every report of a year, in the order given.

    Args:
        scores: Total or dimension, 0-100; None where it could not be scored.
        lengths: Characters of each report.
        industries: Registered industry, "" where unknown: such stand in no industry.

    Raises:
        ValueError: the three differ in length.
    """
    fit = fit_length(scores, lengths)
    rows = list(zip(scores, lengths, industries, strict=True))
    year = sorted(score for score in scores if score is not None)
    by_industry = {
        name: sorted(s for s, _, other in rows if other == name and s is not None)
        for name in set(industries)
        if name
    }
    return tuple(_standing(*row, year, by_industry.get(row[2], []), fit) for row in rows)


def percentile(score: float | None, among: Sequence[float]) -> float | None:
    """Share (0-100) of ``among``, itself included, that it scores above; ties count half.

    Args:
        score: Of one report; None where it could not be scored.
        among: Scores in ascending order.
    """
    if score is None or len(among) < FEWEST:
        return None
    below, upto = bisect_left(among, score), bisect_right(among, score)
    same = upto - below
    return round(100 * (below + same / 2) / len(among), 1)


def fit_length(scores: Sequence[float | None], lengths: Sequence[int]) -> Fit | None:
    """The part of the scores that length explains; None for too few, or all of one length."""
    pairs = [(np.log(max(n, 1)), s) for s, n in zip(scores, lengths, strict=True) if s is not None]
    if len(pairs) < FEWEST_FIT:
        return None
    x, y = np.array(pairs, float).T
    if np.ptp(x) == 0:
        return None
    slope, intercept = np.polyfit(x, y, 1)
    spread = float(y.var())
    left = float((y - slope * x - intercept).var())
    explained = round(1 - left / spread, 4) if spread else 0.0
    return Fit(float(slope), float(intercept), explained, len(pairs))


def _standing(
    score: float | None,
    length: int,
    name: str,
    year: Sequence[float],
    industry: Sequence[float],
    fit: Fit | None,
) -> Standing:
    beyond = round(score - fit.expected(length), 1) if score is not None and fit else None
    return Standing(
        percentile=percentile(score, year),
        cohort=len(year),
        in_industry=percentile(score, industry),
        industry=len(industry),
        beyond=beyond,
        explained=fit.explained if score is not None and fit else None,
    )
