"""The network: what a report's passages say, read piece by piece in their order.

The topic head weighs n-grams one by one; the network sees what stands next to what. Pieces pass
through gated convolutions (Y. Dauphin et al. 2017), each class asks every piece how much it tells
of it (attention by label, J. Mullenbach et al. 2018), and one more convolution over passages
brings in the neighbours. Learned with torch (pipeline/train/network.py), read with numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.match.encoder import Pieces

LONGEST, LONGEST_TITLE = 160, 24  # pieces read of a passage and of its heading
WIDTH, AROUND = 3, 5  # pieces, and passages, that a convolution sees at once
CLIP = 8.0  # log odds beyond it are not told apart
_SAME = 1e-5  # variance below which nothing is scaled up, as torch has it


@dataclass(frozen=True)
class Network:
    """Weights of the network.

    Attributes:
        classes: (framework id, indicator code) of each of the K columns; the last columns are
            ("", outcome) for `levels.OUTCOMES`.
        weights: By name; a layer's last row is its bias. ``pieces`` (V + 1, d), whose first row
            is the gap between passages; ``layer0`` and so on (WIDTH d + 1, 2 d); ``around``
            (AROUND d + 1, 2 d); ``title`` (d + 1, d); ``mix`` (3 d + 1, d); ``ask`` and ``tell``
            (d + 1, K); ``out`` (2 d + 1, K); ``norm0`` and so on and ``norm_around`` (2, d).
    """

    classes: tuple[tuple[str, str], ...]
    weights: Mapping[str, np.ndarray]

    def columns_of(self, framework: str) -> dict[str, int]:
        """Column of each code of a framework, or of each outcome for ""; may be empty."""
        return {code: k for k, (name, code) in enumerate(self.classes) if name == framework}

    @property
    def outcomes(self) -> list[int]:
        """Columns of `levels.OUTCOMES`."""
        return list(self.columns_of("").values())

    def without(self, framework: str) -> Network:
        """The network as if that framework had never been labelled, for gathering pairs."""
        blank = (("?", code) if name == framework else (name, code) for name, code in self.classes)
        return replace(self, classes=tuple(blank))

    def log_odds(self, texts: Pieces, titles: Pieces, under: np.ndarray) -> np.ndarray:
        """Log odds of each class for the passages of one report, (P, K) float32.

        Args:
            texts: Pieces of the P passages, in report order.
            titles: Pieces of the different headings.
            under: Which of the headings each passage stands under, (P,) int.
        """
        w, said = self.weights, texts.first(LONGEST)
        pieces, over = self._in_order(said), titles.first(LONGEST_TITLE)
        title = _linear(_means(self._in_order(over), over), w["title"])[under]
        f = _linear(np.hstack([_greatest(pieces, said), _means(pieces, said), title]), w["mix"])
        f = np.maximum(f, 0)
        near = _normed(f + _gated(_linear(_windows(f, AROUND), w["around"])), w["norm_around"])
        return _linear(np.hstack([f, near]), w["out"]) + self._told(pieces, said)

    def _in_order(self, pieces: Pieces) -> np.ndarray:
        """What each piece means where it stands, (pieces, d)."""
        places = np.arange(len(pieces.flat)) + 1 + np.repeat(np.arange(len(pieces)), pieces.sizes)
        row = np.zeros(len(pieces.flat) + len(pieces) + 1, np.int32)
        row[places] = pieces.flat + 1
        gaps = row == 0
        h = self.weights["pieces"][row]
        for layer, norm in self._layers():
            h = _normed(h + _gated(_linear(_windows(h, WIDTH), layer)), norm)
            h[gaps] = 0
        return h[places]

    def _layers(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        depth = sum(name.startswith("layer") for name in self.weights)
        for n in range(depth):
            yield self.weights[f"layer{n}"], self.weights[f"norm{n}"]

    def _told(self, h: np.ndarray, pieces: Pieces) -> np.ndarray:
        """What the pieces tell of each class, those asked for most counting most."""
        asked = np.exp(np.clip(_linear(h, self.weights["ask"]), -CLIP, CLIP))
        told = asked * _linear(h, self.weights["tell"])
        return _sums(told, pieces) / np.maximum(_sums(asked, pieces), 1e-6)


def _linear(x: np.ndarray, layer: np.ndarray) -> np.ndarray:
    return x @ layer[:-1] + layer[-1]


def _gated(x: np.ndarray) -> np.ndarray:
    half = x.shape[1] // 2
    return x[:, :half] / (1 + np.exp(-x[:, half:]))


def _normed(x: np.ndarray, norm: np.ndarray) -> np.ndarray:
    x = x - x.mean(axis=1, keepdims=True)
    return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + _SAME) * norm[0] + norm[1]


def _windows(x: np.ndarray, width: int) -> np.ndarray:
    """Each row beside its neighbours, zeros beyond the ends, (rows, width columns)."""
    padded = np.pad(x, ((width // 2, width // 2), (0, 0)))
    return np.hstack([padded[n : n + len(x)] for n in range(width)])


def _means(h: np.ndarray, pieces: Pieces) -> np.ndarray:
    return _sums(h, pieces) / np.maximum(pieces.sizes, 1)[:, None]


def _sums(h: np.ndarray, pieces: Pieces) -> np.ndarray:
    return _reduced(np.add, h, pieces)


def _greatest(h: np.ndarray, pieces: Pieces) -> np.ndarray:
    return _reduced(np.maximum, h, pieces)


def _reduced(by: np.ufunc, h: np.ndarray, pieces: Pieces) -> np.ndarray:
    """Rows of each text's pieces taken together, zero for a text without any."""
    found, some = np.zeros((len(pieces), h.shape[1]), np.float32), pieces.sizes > 0
    if some.any():
        found[some] = by.reduceat(h, pieces.ends[:-1][some], axis=0)
    return found


def save_network(network: Network, path: Path) -> None:
    """Write a network, the pieces as int8 with one scale a row and the rest as float16."""
    pieces = network.weights["pieces"]
    scale = np.maximum(np.abs(pieces).max(axis=1, keepdims=True), 1e-9) / 127
    arrays: dict[str, Any] = {n: w.astype(np.float16) for n, w in network.weights.items()}
    arrays["pieces"] = np.round(pieces / scale).astype(np.int8)
    np.savez_compressed(
        path, classes=np.array(network.classes), scale=scale.astype(np.float32), **arrays
    )


def load_network(path: Path) -> Network:
    """Read a network written by `save_network`."""
    with np.load(path, allow_pickle=False) as a:
        weights = {n: a[n].astype(np.float32) for n in a.files if n not in {"classes", "scale"}}
        weights["pieces"] *= a["scale"]
        return Network(tuple((str(f), str(c)) for f, c in a["classes"]), weights)
