"""Passages by their neighbourhood in meaning: a Gaussian kernel on sentence vectors.

Words tell issues apart only up to a point; passages that mean alike but share no words are
near each other in the encoder's space. The kernel is kept small by the Nystroem method
(C. Williams, M. Seeger 2001) over cluster centres, which are means of many passages and
nobody's sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

TEXT, HEADING = 0.6, 0.4  # shares of text and heading in a place of the space
SHARPNESS = 4.0  # kernel = exp(-SHARPNESS / 2 * squared distance)


@dataclass(frozen=True)
class Landscape:
    """Cluster centres to measure nearness to.

    Attributes:
        centres: Of passages under their headings, (M1, 2 d) float32, see `places`.
        texts: Of texts alone, (M2, d) float32; sentences of glossaries have no heading.
    """

    centres: np.ndarray
    texts: np.ndarray

    def nearness(self, meaning: np.ndarray, title_meaning: np.ndarray) -> np.ndarray:
        """Kernel of passages and centres, (P, M1 + M2), 1 at a centre, falling to 0 far away.

        Args:
            meaning: Sentence vectors of the passages, (P, d).
            title_meaning: Sentence vectors of their headings, (P, d).
        """
        squares, plain = self._squares
        under = kernel(places(meaning, title_meaning), self.centres, squares)
        return np.hstack([under, kernel(meaning, self.texts, plain)])

    @cached_property
    def _squares(self) -> tuple[np.ndarray, np.ndarray]:
        return _squares(self.centres), _squares(self.texts)


def places(meaning: np.ndarray, title_meaning: np.ndarray) -> np.ndarray:
    """Text and heading side by side, (P, 2 d)."""
    return np.hstack([TEXT**0.5 * meaning, HEADING**0.5 * title_meaning])


def kernel(a: np.ndarray, b: np.ndarray, squares: np.ndarray | None = None) -> np.ndarray:
    """Gaussian kernel between rows; ``squares`` are those of ``b`` where they are known."""
    found = a @ b.T
    found -= (_squares(a)[:, None] + (_squares(b) if squares is None else squares)[None]) / 2
    found *= SHARPNESS
    return np.exp(found, out=found)


def _squares(rows: np.ndarray) -> np.ndarray:
    return (rows**2).sum(axis=1)
