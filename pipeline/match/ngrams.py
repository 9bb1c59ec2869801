"""Character n-grams as sparse TF-IDF vectors.

Chinese needs no word bounds here, and n-grams survive OCR errors that break words.
Hashing keeps the shipped file to one array of document frequencies. The buckets are those of
scikit-learn's HashingVectorizer (MurmurHash3 of A. Appleby, 32 bit, over UTF-8; a test compares
them), found here for all n-grams of a report at once: as fast, and a review starts without
importing scikit-learn, which takes longer than reading a report.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

WIDTH = 2**20  # hash buckets; at 2**18 a tenth of frequent n-grams would collide
_FIRST, _SECOND = np.uint32(0xCC9E2D51), np.uint32(0x1B873593)  # constants of MurmurHash3
_ADD, _MIX1, _MIX2 = np.uint32(0xE6546B64), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)


def counts(texts: Sequence[str], longest: int = 4) -> sparse.csr_matrix:
    """Counts of the 1- to ``longest``-grams; (texts, WIDTH) float32."""
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(t) for t in texts])
    letters = _Letters("".join(texts))
    parts = [_grams(letters, owners, size) for size in range(1, longest + 1)]
    rows, buckets = (np.concatenate(part) for part in zip(*parts, strict=True))
    ones = np.ones(len(rows), np.float32)
    return sparse.coo_matrix((ones, (rows, buckets)), shape=(len(texts), WIDTH)).tocsr()


def inverse_frequency(texts: Sequence[str]) -> np.ndarray:
    """Smoothed idf of every bucket, (WIDTH,) float32: ln((1+n)/(1+df)) + 1."""
    seen = counts(texts)
    frequency = np.bincount(seen.indices, minlength=WIDTH)
    return (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)


def vectors(texts: Sequence[str], idf: np.ndarray) -> sparse.csr_matrix:
    """L2-normalised (1 + ln tf) * idf vectors; (texts, WIDTH) float32."""
    found = counts(texts)
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    lengths = np.sqrt(found.multiply(found).sum(axis=1).A1)
    found.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(found.indptr)).astype(np.float32)
    return found


class Columns:
    """Some of the buckets, to be taken out of vectors again and again.

    SciPy's own choice of columns walks through all `WIDTH` of them each time.

    Args:
        buckets: Different buckets.
    """

    def __init__(self, buckets: np.ndarray):
        self._places = np.full(WIDTH, -1, np.int32)
        self._places[buckets] = np.arange(len(buckets))
        self._count = len(buckets)

    def of(self, found: sparse.csr_matrix) -> sparse.csr_matrix:
        """The buckets' columns in their order, (texts, buckets)."""
        places = self._places[found.indices]
        kept = places >= 0
        ends = np.append(0, np.cumsum(kept))[found.indptr]
        shape = (found.shape[0], self._count)
        return sparse.csr_matrix((found.data[kept], places[kept], ends), shape=shape)


class _Letters:
    """The UTF-8 bytes of a text, and where each of its characters begins.

    Attributes:
        begins: Offset of each character, and of the end; (characters + 1,).
        words: The four bytes from each offset on as a little-endian number, (bytes + 1,).
    """

    def __init__(self, text: str):
        raw = np.frombuffer(text.encode() + b"\0\0\0\0", np.uint8)
        # Continuation bytes are 10xxxxxx; every other byte begins a character.
        self.begins = np.append(np.flatnonzero((raw[:-4] & 0xC0) != 0x80), len(raw) - 4)
        wide = raw.astype(np.uint32)
        self.words = wide[:-3] | wide[1:-2] << 8 | wide[2:-1] << 16 | wide[3:] << 24


def _grams(letters: _Letters, owners: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Owner and bucket of every n-gram of ``size`` characters that lies within one text."""
    inside = np.flatnonzero(owners[: max(len(owners) - size + 1, 0)] == owners[size - 1 :])
    begins = letters.begins[inside]
    signed = _murmur(letters.words, begins, letters.begins[inside + size] - begins).view(np.int32)
    return owners[inside], (np.abs(signed.astype(np.int64)) % WIDTH).astype(np.int32)


def _murmur(words: np.ndarray, begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """MurmurHash3 (x86, 32 bit, seed 0) of runs of bytes, (n,) uint32.

    Args:
        words: Of `_Letters`.
        begins: Of the runs, in bytes.
        lengths: Of the runs, in bytes.
    """
    last = len(words) - 1
    state: np.ndarray = np.zeros(len(begins), np.uint32)
    whole = lengths // 4
    for block in range(int(whole.max(initial=0))):
        mixed = state ^ _scrambled(words[np.minimum(begins + 4 * block, last)])
        state = np.where(block < whole, _rotated(mixed, 13) * np.uint32(5) + _ADD, state)
    kept = (np.uint32(1) << (8 * (lengths % 4)).astype(np.uint32)) - np.uint32(1)
    state ^= _scrambled(words[np.minimum(begins + 4 * whole, last)] & kept)
    state ^= lengths.astype(np.uint32)
    state = (state ^ state >> 16) * _MIX1
    state = (state ^ state >> 13) * _MIX2
    return state ^ state >> 16


def _scrambled(word: np.ndarray) -> np.ndarray:
    return _rotated(word * _FIRST, 15) * _SECOND


def _rotated(word: np.ndarray, by: int) -> np.ndarray:
    return word << np.uint32(by) | word >> np.uint32(32 - by)
