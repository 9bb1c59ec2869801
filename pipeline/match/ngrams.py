"""Character n-grams as sparse TF-IDF vectors.

Chinese needs no word bounds here, and n-grams survive OCR errors that break words.
Hashing keeps the shipped file to one array of document frequencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

WIDTH = 2**20  # hash buckets; at 2**18 a tenth of frequent n-grams would collide


@lru_cache(maxsize=2)
def _hasher(longest: int) -> HashingVectorizer:
    return HashingVectorizer(
        analyzer="char",
        ngram_range=(1, longest),
        n_features=WIDTH,
        alternate_sign=False,
        norm=None,
        lowercase=False,
        dtype=np.float32,
    )


def counts(texts: Sequence[str], longest: int = 4) -> sparse.csr_matrix:
    """Counts of the 1- to ``longest``-grams; (texts, WIDTH) float32."""
    return _hasher(longest).transform(texts)


def inverse_frequency(texts: Sequence[str]) -> np.ndarray:
    """Smoothed idf of every bucket, (WIDTH,) float32: ln((1+n)/(1+df)) + 1."""
    seen = counts(texts)
    frequency = np.bincount(seen.indices, minlength=WIDTH)
    return (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)


def vectors(texts: Sequence[str], idf: np.ndarray) -> sparse.csr_matrix:
    """L2-normalised (1 + ln tf) * idf vectors; (texts, WIDTH) float32."""
    found = counts(texts)
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    return normalize(found, copy=False)
