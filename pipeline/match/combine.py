"""From features to a calibrated probability: a network of one hidden layer.

Learned by scikit-learn's MLPClassifier on labelled reports and kept as plain arrays, so
that no pickle has to be trusted and inference is three lines of numpy.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.match.signals import NAMES

Net = tuple[tuple[np.ndarray, np.ndarray], ...]  # (weights, bias) of each layer


@dataclass(frozen=True)
class Combiner:
    """Standardises features, then averages the log odds of a few small networks.

    Attributes:
        mean, scale: (F,) of the training pairs.
        nets: Networks that differ by their random start alone.
    """

    mean: np.ndarray
    scale: np.ndarray
    nets: tuple[Net, ...]

    def probabilities(self, pairs: np.ndarray) -> np.ndarray:
        """Probability of each row of `signals.features`, (pairs,)."""
        x = np.clip((pairs - self.mean) / self.scale, -8, 8)
        odds = sum(_log_odds(net, x) for net in self.nets) / max(len(self.nets), 1)
        return 1 / (1 + np.exp(-odds))


def _log_odds(net: Net, x: np.ndarray) -> np.ndarray:
    for weights, bias in net[:-1]:
        x = np.maximum(x @ weights + bias, 0)
    weights, bias = net[-1]
    return (x @ weights + bias)[:, 0]


def save_combiner(combiner: Combiner, path: Path) -> None:
    """Write a combiner as plain arrays."""
    arrays: dict[str, Any] = {
        f"{n}_{k}_{part}": array
        for n, net in enumerate(combiner.nets)
        for k, layer in enumerate(net)
        for part, array in zip(("weights", "bias"), layer, strict=True)
    }
    np.savez_compressed(
        path, names=np.array(NAMES), mean=combiner.mean, scale=combiner.scale, **arrays
    )


def load_combiner(path: Path) -> Combiner:
    """Read a combiner; ValueError if it was trained on other features than today's."""
    with np.load(path, allow_pickle=False) as a:
        if tuple(a["names"]) != NAMES:
            raise ValueError(f"{path.name}: trained on other features; run the training again")
        return Combiner(a["mean"], a["scale"], tuple(_nets(dict(a))))


def _nets(arrays: dict[str, np.ndarray]) -> Iterator[Net]:
    places = sorted(tuple(map(int, n.split("_")[:2])) for n in arrays if n.endswith("_bias"))
    for _, layers in itertools.groupby(places, key=lambda place: place[0]):
        yield tuple((arrays[f"{n}_{k}_weights"], arrays[f"{n}_{k}_bias"]) for n, k in layers)
