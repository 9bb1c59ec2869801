"""Lay out the landscape: centres of the labelled passages in the encoder's space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import block_diag
from sklearn.cluster import MiniBatchKMeans

from pipeline.match.meaning import Landscape, kernel, places

if TYPE_CHECKING:
    from pipeline.train.heads import Corpus

CENTRES, TEXTS, SEED = 3000, 1500, 20261121
SHARES = (1.5, 0.5)  # of the kernel under headings and of the kernel of texts alone
JITTER = 1e-4  # keeps the centres' kernel well conditioned


def landscape(c: Corpus, sentences: Sequence[str]) -> Landscape:
    """Cluster centres of text and heading vectors; nobody's passage, means of many.

    Args:
        c: Labelled reports.
        sentences: Normal texts of the glossaries, laid out among the passages.
    """
    texts = np.vstack([c.meaning, c.encoder.encode(sentences)])
    return Landscape(_centres(places(c.meaning, c.title_meaning), CENTRES), _centres(texts, TEXTS))


def _centres(seen: np.ndarray, count: int) -> np.ndarray:
    model = MiniBatchKMeans(
        min(count, len(seen) // 3), random_state=SEED, n_init=1, max_iter=20, batch_size=4096
    ).fit(seen)
    return model.cluster_centers_.astype(np.float16).astype(np.float32)  # as shipped


@dataclass(frozen=True)
class Whitening:
    """Nystroem features whose inner products approximate the kernels, weighted by `SHARES`.

    Attributes:
        land: The landscape whose nearness is turned into features.
        matrix: What nearness is multiplied with, (M1 + M2, M1 + M2).
    """

    land: Landscape
    matrix: np.ndarray

    def of(self, meaning: np.ndarray, title_meaning: np.ndarray) -> np.ndarray:
        """Features of texts under headings, (texts, M1 + M2)."""
        return self.land.nearness(meaning, title_meaning) @ self.matrix


def whitening_of(land: Landscape) -> Whitening:
    """The features of a landscape."""
    parts = [
        share**0.5 * _whitening(centres)
        for share, centres in zip(SHARES, (land.centres, land.texts), strict=True)
    ]
    return Whitening(land, block_diag(*parts).astype(np.float32))


def _whitening(centres: np.ndarray) -> np.ndarray:
    inner = kernel(centres, centres).astype(np.float64)
    values, vectors = np.linalg.eigh(inner + JITTER * np.eye(len(inner)))
    return vectors / np.sqrt(np.maximum(values, JITTER))
