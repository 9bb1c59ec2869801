"""The figures, each a plain function of arrays; sources in its docstring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score

Row = dict[str, Any]  # of a table, as JSON
SAID = 0.5  # a calibrated probability above a half is a yes


def micro_f1(said: np.ndarray, wanted: np.ndarray) -> float:
    """F1 over all (passage, indicator) pairs; 0 where neither says anything."""
    return float(f1_score(wanted, said, average="micro", zero_division=0))


def macro_f1(said: np.ndarray, wanted: np.ndarray) -> float:
    """Mean F1 of the indicators that were labelled at least once."""
    labelled = wanted.any(axis=0)
    scores = f1_score(wanted[:, labelled], said[:, labelled], average=None, zero_division=0)
    return float(np.mean(scores)) if labelled.any() else 0.0


def calibration(probabilities: np.ndarray, wanted: np.ndarray, bins: int = 10) -> list[Row]:
    """Reliability table of the pairs the matcher reports (probability above 0).

    Returns:
        Per bin of equal width: ``low``, ``n``, mean ``probability`` and share ``right``.
    """
    reported = probabilities > 0
    p, right = probabilities[reported], wanted[reported]
    place = np.minimum((p * bins).astype(int), bins - 1)
    return [
        {
            "low": round(k / bins, 2),
            "n": int((place == k).sum()),
            "probability": round(float(p[place == k].mean()), 4),
            "right": round(float(right[place == k].mean()), 4),
        }
        for k in range(bins)
        if (place == k).any()
    ]


def expected_calibration_error(table: Sequence[Row]) -> float:
    """Mean gap between probability and share right (Naeini et al. 2015), from `calibration`."""
    total = sum(row["n"] for row in table)
    gaps = sum(row["n"] * abs(row["probability"] - row["right"]) for row in table)
    return round(gaps / total, 4) if total else 0.0


def level_kappa(levels: np.ndarray, wanted: np.ndarray) -> float:
    """Quadratic-weighted kappa of levels 0-4 (Cohen 1968); 0 where nothing was graded."""
    if not len(wanted):
        return 0.0
    return float(cohen_kappa_score(levels, wanted, weights="quadratic", labels=range(5)))


def kappa(said: np.ndarray, wanted: np.ndarray) -> float:
    """Cohen's kappa of yes/no decisions."""
    return float(cohen_kappa_score(said, wanted))


COVERAGES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def precision_at_coverage(probabilities: np.ndarray, right: np.ndarray) -> list[Row]:
    """Share of right decisions among the surest part of all, at each of `COVERAGES`.

    Args:
        probabilities: Of a yes, (decisions,); sureness is the distance from a half.
        right: Whether the decision at a half was right, (decisions,).
    """
    order = np.argsort(-np.abs(probabilities - SAID), kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    return [
        {
            "coverage": step,
            "precision": round(float(running[max(int(step * len(order)) - 1, 0)]), 4),
        }
        for step in COVERAGES
    ]
