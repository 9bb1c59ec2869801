"""Means with intervals: companies are drawn again and again, all their years together.

A company's reports are alike from year to year, so it is companies that are drawn with
replacement (cluster bootstrap, percentile interval; Cameron, Gelbach & Miller 2008), never
single reports. The seed is fixed: the same panel gives the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FEWEST = 3  # reports below which no mean is shown: it would tell of single companies
FEWEST_INTERVAL = 10  # companies below which a bootstrap interval is too narrow to show
FEWEST_FIT = 20  # reports from which length is fitted; as in pipeline.cohort
DRAWS = 1000
SEED = 20201
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over ``n`` reports with its 95 % interval; None where there are too few."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def sure(self) -> bool:
        """Whether the interval leaves zero out; False without an interval."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


class Draws:
    """Weights of reports under redrawn companies; every figure is a product with them."""

    def __init__(self, companies: NDArray[np.str_], draws: int = DRAWS) -> None:
        self._names, self._at = np.unique(companies, return_inverse=True)
        self._draws = draws

    @cached_property
    def weights(self) -> Floats:
        """How often each report's company was drawn; draws x reports."""
        size = len(self._names)
        rng = np.random.default_rng(SEED)
        drawn = rng.multinomial(size, np.full(size, 1 / size), size=self._draws)
        return drawn[:, self._at].astype(np.float64)

    def mean(self, values: Floats, among: Mask) -> Estimate:
        """Mean of the values (reports,) over the reports that are ``among`` and have one."""
        return self.means(values[:, None], among)[0]

    def gap(self, values: Floats, here: Mask, there: Mask) -> Estimate:
        """Mean over ``here`` less that over ``there``; ``n`` is the smaller group's."""
        return self.gaps(values[:, None], here, there)[0]

    def means(self, values: Floats, among: Mask) -> list[Estimate]:
        """Means of the columns of ``values`` (reports x columns), each over what it knows."""
        return _told(*self._drawn(values, among))

    def gaps(self, values: Floats, here: Mask, there: Mask) -> list[Estimate]:
        """Means of the columns ``here`` less those ``there``."""
        first, second = self._drawn(values, here), self._drawn(values, there)
        counts, companies = (np.minimum(first[n], second[n]) for n in (0, 1))
        return _told(counts, companies, first[2] - second[2], first[3] - second[3])

    def level(self, values: Floats, length: Floats, groups: Sequence[Mask]) -> list[Estimate]:
        """Means of the groups as if all reports had the same length.

        One slope on log length is fitted within the groups (analysis of covariance); the common
        length is the geometric mean over all groups. A group too small for an interval is
        given none: there one odd report would be stretched to the common length unseen.
        """
        fit = _Fit.of(values, length, groups)
        if fit is None:
            return [Estimate(int((group & ~np.isnan(values)).sum())) for group in groups]
        point, drawn = fit.levels(np.ones((1, len(values))))[0], fit.levels(self.weights)
        counts = np.array([group.sum() for group in fit.groups], np.float64)
        companies = np.array([len(np.unique(self._at[group])) for group in fit.groups])
        found = _told(counts, companies, point, drawn)
        return [one if one.low is not None else Estimate(one.n) for one in found]

    def _drawn(self, values: Floats, among: Mask) -> tuple[Floats, Floats, Floats, Floats]:
        """Reports, companies and mean of each column; and its means by draw."""
        inside, weights = values[among], self.weights[:, among]
        known = (~np.isnan(inside)).astype(np.float64)
        filled = np.nan_to_num(inside)
        counts = known.sum(axis=0)
        at = self._at[among]
        companies = np.array([len(np.unique(at[column > 0])) for column in known.T])
        with np.errstate(invalid="ignore", divide="ignore"):
            return counts, companies, filled.sum(axis=0) / counts, _ratio(weights, filled, known)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Values by log length within groups: one slope, a level each."""

    y: Floats
    x: Floats
    groups: list[Mask]

    @classmethod
    def of(cls, values: Floats, length: Floats, groups: Sequence[Mask]) -> _Fit | None:
        """None where the reports are too few, or all of one length."""
        known = [group & ~np.isnan(values) for group in groups]
        whole = np.any(known, axis=0) if known else np.zeros(len(values), bool)
        if int(whole.sum()) < FEWEST_FIT:
            return None
        x = np.log(np.maximum(length, 1))
        return cls(values, x - x[whole].mean(), known) if np.ptp(x[whole]) > 0 else None

    def levels(self, weights: Floats) -> Floats:
        """Means of the groups at the common length; draws x groups, NaN for an empty one."""
        crossed, squared = np.zeros(len(weights)), np.zeros(len(weights))
        means = []
        with np.errstate(invalid="ignore", divide="ignore"):
            for group in self.groups:
                w, x, y = weights[:, group], self.x[group], self.y[group]
                total = w.sum(axis=1)
                centre, level = (w @ x) / total, (w @ y) / total
                crossed += np.nan_to_num(w @ (x * y) - total * centre * level)
                squared += np.nan_to_num(w @ (x * x) - total * centre**2)
                means.append((centre, level))
            slope = crossed / squared
            return np.column_stack([level - slope * centre for centre, level in means])


def at_one_length(values: Floats, length: Floats, groups: Sequence[Mask]) -> list[float]:
    """`Draws.level` without intervals; empty where length cannot be fitted."""
    fit = _Fit.of(values, length, groups)
    found: list[float] = fit.levels(np.ones((1, len(values))))[0].tolist() if fit else []
    return found


def _told(counts: Floats, companies: Floats, point: Floats, drawn: Floats) -> list[Estimate]:
    """An estimate a column, with as much as its reports and companies allow."""
    wide = np.asarray(companies) >= FEWEST_INTERVAL
    ends = np.full((2, len(counts)), np.nan)
    if wide.any():
        ends[:, wide] = np.nanpercentile(drawn[:, wide], [2.5, 97.5], axis=0)
    return [
        Estimate(int(n)) if n < FEWEST else Estimate(int(n), *map(_rounded, (value, low, high)))
        for n, value, low, high in zip(counts, point, *ends, strict=True)
    ]


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _ratio(weights: Floats, values: Floats, known: Floats) -> Floats:
    found: Floats = (weights @ values) / (weights @ known)
    return found
