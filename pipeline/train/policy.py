"""Choose the policy: how passages' probabilities become decisions on reports.

The procedure (docs/scores.md): (1) fit a logistic on the logits of a report's three best
passages against whether any passage was labelled; (2) by leave-one-report-out
probabilities, find the lowest acceptance and the highest rejection threshold at which the
share of right decisions is still `TARGET`; (3) promise what was then measured, with its
Wilson interval (E. B. Wilson 1927).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from pipeline.score import Policy, logit

TARGET = 0.97  # two points above the precision aimed at, for what other reports may bring
BEST = 3


@dataclass(frozen=True)
class Decisions:
    """Report x indicator pairs with known answers.

    Attributes:
        best: Probabilities of the three best passages, best first, (pairs, 3).
        disclosed: The answer, (pairs,) bool.
        report: Report number, (pairs,).
    """

    best: np.ndarray
    disclosed: np.ndarray
    report: np.ndarray


def choose(decisions: Decisions) -> Policy:
    """The policy learned from labelled reports."""
    logits = logit(decisions.best)
    model = LogisticRegression(C=1.0)
    left_out = cross_val_predict(
        model,
        logits,
        decisions.disclosed,
        groups=decisions.report,
        cv=LeaveOneGroupOut(),
        method="predict_proba",
    )[:, 1]
    fitted = model.fit(logits, decisions.disclosed)
    accept, reject = thresholds(left_out, decisions.disclosed)
    first, second, third = (round(float(w), 5) for w in fitted.coef_[0])
    return Policy(
        weights=(first, second, third),
        bias=round(float(fitted.intercept_[0]), 5),
        accept=round(accept, 3),
        reject=round(reject, 3),
        promise=promise(left_out, decisions.disclosed, accept, reject),
    )


def thresholds(probabilities: np.ndarray, disclosed: np.ndarray) -> tuple[float, float]:
    """Lowest acceptance and highest rejection threshold that keep `TARGET` right."""
    grid = np.arange(0.01, 1.0, 0.005)
    accept = [t for t in grid if _right(disclosed[probabilities >= t]) >= TARGET]
    reject = [t for t in grid if _right(~disclosed[probabilities <= t]) >= TARGET]
    low, high = max(reject, default=0.01), min(accept, default=0.99)
    return float(max(high, 0.5)), float(min(low, 0.5))


def promise(
    probabilities: np.ndarray, disclosed: np.ndarray, accept: float, reject: float
) -> tuple[float, float, float]:
    """Share of right automatic decisions with its 95 % Wilson interval."""
    said = probabilities >= accept
    automatic = said | (probabilities <= reject)
    right = int((said == disclosed)[automatic].sum())
    return wilson(right, int(automatic.sum()))


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float, float]:
    """Share and its Wilson score interval; (0, 0, 1) for no cases."""
    if not n:
        return 0.0, 0.0, 1.0
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return round(p, 4), round(middle - spread, 4), round(middle + spread, 4)


def _right(answers: np.ndarray) -> float:
    return float(answers.mean()) if len(answers) else 0.0
