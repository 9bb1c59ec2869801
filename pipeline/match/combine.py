"""From features to a calibrated probability: a network of one hidden layer.

Learned by scikit-learn's MLPClassifier on labelled reports and kept as plain arrays, so
that no pickle has to be trusted and inference is three lines of numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.match.signals import NAMES


@dataclass(frozen=True)
class Combiner:
    """Standardises features, then relu layers, then one logistic unit per pair.

    Attributes:
        mean, scale: (F,) of the training pairs.
        layers: (weights, bias) of each layer.
    """

    mean: np.ndarray
    scale: np.ndarray
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]

    def probabilities(self, pairs: np.ndarray) -> np.ndarray:
        """Probability of each row of `signals.features`, (pairs,)."""
        x = np.clip((pairs - self.mean) / self.scale, -8, 8)
        for weights, bias in self.layers[:-1]:
            x = np.maximum(x @ weights + bias, 0)
        weights, bias = self.layers[-1]
        return 1 / (1 + np.exp(-(x @ weights + bias)[:, 0]))


def save_combiner(combiner: Combiner, path: Path) -> None:
    """Write a combiner as plain arrays."""
    layers = {f"{k}_{n}": a for k, pair in enumerate(combiner.layers) for n, a in enumerate(pair)}
    np.savez_compressed(
        path, names=np.array(NAMES), mean=combiner.mean, scale=combiner.scale, **layers
    )


def load_combiner(path: Path) -> Combiner:
    """Read a combiner; ValueError if it was trained on other features than today's."""
    with np.load(path, allow_pickle=False) as a:
        if tuple(a["names"]) != NAMES:
            raise ValueError(f"{path.name}: trained on other features; run the training again")
        count = sum(name.endswith("_0") for name in a.files)
        layers = tuple((a[f"{k}_0"], a[f"{k}_1"]) for k in range(count))
        return Combiner(a["mean"], a["scale"], layers)
