"""The encoder's vectors: PPMI and SVD to start with, then contrastive training on pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from torch import nn

from pipeline.train.corpus import Text


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the training; the defaults are those of the shipped model."""

    dimensions: int = 256
    window: int = 6
    steps: int = 300
    batch: int = 2048
    scale: float = 7.0  # inverse temperature
    rate: float = 0.005
    dropout: float = 0.1  # share of tokens left out of each side of a pair
    mixture: tuple[float, float, float] = (0.6, 0.2, 0.2)  # spans, neighbours, headings
    documents: int = 8  # of each kind of text and pair in a batch
    in_domain: float = 0.8  # share of pairs from CSR reports and our glossaries
    seed: int = 20261121


def start_vectors(ids: Sequence[np.ndarray], size: int, recipe: Recipe) -> np.ndarray:
    """PPMI + truncated SVD vectors of the pieces with SIF weights folded in, (size, d)."""
    counts = np.bincount(np.concatenate(ids), minlength=size).astype(np.float64)
    matrix = _ppmi(_cooccurrences(ids, size, recipe.window))
    left, values, _ = randomized_svd(
        matrix, recipe.dimensions, n_iter=3, random_state=recipe.seed, flip_sign=True
    )
    vectors = left * np.sqrt(values)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    vectors -= vectors[counts > 0].mean(axis=0)
    share = counts / counts.sum()
    return (vectors * (1e-3 / (1e-3 + share))[:, None]).astype(np.float32)


def _cooccurrences(ids: Sequence[np.ndarray], size: int, window: int) -> sparse.csr_matrix:
    """Symmetric counts of pieces within ``window`` of each other, nearer ones weighing more."""
    flat = np.concatenate([np.append(row, 0) for row in ids]).astype(np.int64)
    line = np.cumsum(flat == 0)
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for gap in range(1, window + 1):
        same = (line[gap:] == line[:-gap]) & (flat[gap:] > 0) & (flat[:-gap] > 0)
        keys = flat[:-gap][same] * size + flat[gap:][same]
        pairs, counts = np.unique(keys, return_counts=True)
        weight = counts.astype(np.float32) * ((window + 1 - gap) / window)
        total += sparse.csr_matrix((weight, (pairs // size, pairs % size)), shape=(size, size))
    return (total + total.T).tocsr()


def _ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information with smoothed contexts (power 0.75)."""
    rows = np.asarray(counts.sum(axis=1)).ravel()
    contexts = rows**0.75
    contexts /= contexts.sum()
    cells = counts.tocoo()
    cells.data[cells.data < 1.5] = 0
    with np.errstate(divide="ignore"):
        values = np.log(cells.data / (np.maximum(rows[cells.row], 1) * contexts[cells.col]))
    keep = values > 0
    shape = counts.shape
    return sparse.csr_matrix((values[keep], (cells.row[keep], cells.col[keep])), shape=shape)


class Pairs:
    """Draws pairs of token sequences that should lie close: spans, neighbours, headings."""

    def __init__(
        self,
        texts: Sequence[Text],
        ids: Sequence[np.ndarray],
        headings: Sequence[np.ndarray],
        recipe: Recipe,
    ):
        self._ids, self._headings, self._recipe = ids, headings, recipe
        lengths = np.array([len(row) for row in ids])
        titles = np.array([len(row) for row in headings])
        documents = np.array([text.document for text in texts])
        ours = np.array([text.source in {"csr", "glossary"} for text in texts])
        follows = np.append(documents[:-1] == documents[1:], False)
        long_next = np.append(lengths[1:] >= 6, False)
        usable = (
            lengths >= 16,
            follows & long_next & (lengths >= 6),
            (titles >= 2) & (lengths >= 6),
        )
        self._documents = documents
        self._pools = [[np.flatnonzero(u & side) for side in (ours, ~ours)] for u in usable]

    def batches(self) -> Iterator[tuple[list[np.ndarray], list[np.ndarray]]]:
        """``recipe.steps`` batches of (left sides, right sides), the same for the same seed."""
        rng = np.random.default_rng(self._recipe.seed)
        for _ in range(self._recipe.steps):
            pools = [[self._narrow(pool, rng) for pool in sides] for sides in self._pools]
            kinds = rng.choice(3, self._recipe.batch, p=self._recipe.mixture)
            domain = (rng.random(self._recipe.batch) >= self._recipe.in_domain).astype(int)
            both = zip(kinds, domain, strict=True)
            drawn = [self._draw(int(kind), pools[kind][side], rng) for kind, side in both]
            yield [pair[0] for pair in drawn], [pair[1] for pair in drawn]

    def _narrow(self, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The part of a pool that lies in a few documents.

        Negatives from the same report keep company names and style from telling pairs apart.
        """
        documents = self._documents[pool]
        known = np.unique(documents)
        chosen = rng.choice(known, min(self._recipe.documents, len(known)), replace=False)
        return pool[np.isin(documents, chosen)]

    def _draw(
        self, kind: int, pool: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, ...]:
        index = int(pool[rng.integers(len(pool))])
        if kind == 0:
            sides = self._spans(self._ids[index], rng)
        elif kind == 1:
            sides = (self._ids[index], self._ids[index + 1])
        else:
            sides = (self._headings[index], self._ids[index])
        return tuple(self._thin(side, rng) for side in sides)

    def _spans(self, row: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Two stretches of one paragraph that touch at a random point, at most 80 pieces each."""
        cut = int(rng.integers(6, len(row) - 6))
        return row[max(0, cut - 80) : cut], row[cut : cut + 80]

    def _thin(self, row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        row = row[:120]
        kept = row[rng.random(len(row)) >= self._recipe.dropout]
        return kept if len(kept) else row


def contrast(vectors: np.ndarray, pairs: Pairs, recipe: Recipe) -> np.ndarray:
    """Vectors after contrastive training: other pairs of the batch are the negatives.

    Symmetric multiple-negatives ranking loss over the full, half and quarter width
    (Matryoshka), Adam with a rate that falls linearly to zero.
    """
    torch.manual_seed(recipe.seed)
    bag = nn.EmbeddingBag.from_pretrained(torch.from_numpy(vectors.copy()), freeze=False)
    optimiser = torch.optim.Adam(bag.parameters(), lr=recipe.rate, fused=True)
    plan = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / recipe.steps)
    for left, right in pairs.batches():
        loss = _loss(_bag(bag, left), _bag(bag, right), recipe)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        plan.step()
    return bag.weight.detach().numpy()


def _bag(bag: nn.EmbeddingBag, rows: list[np.ndarray]) -> torch.Tensor:
    offsets = np.cumsum([0, *(len(row) for row in rows[:-1])])
    return bag(torch.from_numpy(np.concatenate(rows).astype(np.int64)), torch.from_numpy(offsets))


def _loss(left: torch.Tensor, right: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    target = torch.arange(len(left))
    total = torch.zeros(())
    for part in (1, 2, 4):
        width = recipe.dimensions // part
        a = nn.functional.normalize(left[:, :width], dim=1)
        b = nn.functional.normalize(right[:, :width], dim=1)
        similar = recipe.scale * a @ b.T
        both = nn.functional.cross_entropy(similar, target)
        both = both + nn.functional.cross_entropy(similar.T, target)
        total = total + both / (2 * part)
    return total
