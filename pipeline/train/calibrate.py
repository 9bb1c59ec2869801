"""Calibrate a combiner on real reports: log odds by one slope and one offset.

The pairs a combiner learns from come from all labelled passages, also from parts of reports picked
for their doubts and from reports of our own writing; only reports labelled as a whole
have the mixture that a review meets (J. Platt 1999, Probabilistic outputs for support vector
machines).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from pipeline.match.combine import Combiner
from pipeline.score import logit

Line = tuple[float, float]  # slope and offset of log odds
SURE = 1e-7  # log odds of probabilities nearer to 0 or 1 are cut


def line(probabilities: np.ndarray, wanted: np.ndarray) -> Line:
    """Slope and offset that fit probabilities of pairs to their labels, both (pairs,)."""
    model = LogisticRegression(C=1e6).fit(logit(probabilities, SURE)[:, None], wanted)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def on_line(probabilities: np.ndarray, fitted: Line) -> np.ndarray:
    """Probabilities with their log odds moved, of the same shape; 0 stays 0."""
    slope, offset = fitted
    moved = 1 / (1 + np.exp(-(slope * logit(probabilities, SURE) + offset)))
    return np.where(probabilities > 0, moved, 0).astype(np.float32)


def calibrated(combiner: Combiner, fitted: Line) -> Combiner:
    """The combiner with its log odds moved: folded into each net's last layer."""
    slope, offset = np.float32(fitted[0]), np.float32(fitted[1])
    nets = tuple(
        (*net[:-1], (net[-1][0] * slope, net[-1][1] * slope + offset)) for net in combiner.nets
    )
    return replace(combiner, nets=nets)
