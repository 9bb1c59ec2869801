"""Kernel ridge regression with leave-one-report-out margins in closed form.

One factor gives the margins that every report would have got from a model trained on all
the others (T. Hastie et al., The Elements of Statistical Learning, 7.10, for groups):
what the combiners must be trained on, without training a model per report. Several
models that share the labelled passages and differ by the sentences of a glossary share
the factor too (the sentences come in by their Schur complement).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import linalg, sparse

View: TypeAlias = np.ndarray | sparse.csr_matrix  # one row a text
BLOCK = 1000  # rows of a kernel made at a time


@dataclass(frozen=True)
class Ridge:
    """A solved ridge.

    Attributes:
        dual: Coefficients of the passages, then of the sentences, (rows, outputs).
        left_out: Margins of each passage from a model without its group, (passages, outputs).
    """

    dual: np.ndarray
    left_out: np.ndarray


@dataclass(frozen=True)
class Sentences:
    """Rows that stay in every model: those of a glossary, left out with nobody.

    Attributes:
        beside: Kernel of passages and sentences, (passages, sentences).
        among: Kernel of the sentences with their penalty on the diagonal.
        wanted: (sentences, outputs).
    """

    beside: np.ndarray
    among: np.ndarray
    wanted: np.ndarray


def kernel(ours: Sequence[View], theirs: Sequence[View]) -> np.ndarray:
    """Sum of the products of some views, (ours, theirs) float32.

    Made block by block: the product of one view alone would take as much memory as all.
    """
    found = np.empty((ours[0].shape[0], theirs[0].shape[0]), np.float32)
    for first in range(0, len(found), BLOCK):
        rows = slice(first, first + BLOCK)
        found[rows] = sum(_dense(a[rows] @ b.T) for a, b in zip(ours, theirs, strict=True))
    return found


def _dense(product: Any) -> Any:
    return product.toarray() if sparse.issparse(product) else product


class Factor:
    """The inverse of a regularised kernel as half.T @ half.

    Args:
        kernel: (passages, passages) float32; overwritten to save memory.
        ridge: Penalty of each row (larger = trusted less), (passages,).
    """

    def __init__(self, kernel: np.ndarray, ridge: np.ndarray):
        kernel[np.diag_indices_from(kernel)] += ridge
        lower, failed = linalg.lapack.spotrf(kernel.T, lower=1, overwrite_a=1)
        if not failed:
            self._half, failed = linalg.lapack.strtri(lower, lower=1, overwrite_c=1)
        if failed:
            raise np.linalg.LinAlgError("kernel is not positive definite")

    def solve(self, wanted: np.ndarray, groups: np.ndarray, more: Sentences | None = None) -> Ridge:
        """Solve the ridge, with or without sentences.

        Args:
            wanted: Of the passages, (passages, outputs).
            groups: Group number of each passage; passages of one group leave together.
            more: Sentences to learn from besides.
        """
        dual, spread = self._times(wanted), np.zeros((len(wanted), 0), np.float32)
        said = np.zeros((0, wanted.shape[1]), np.float32)
        if more is not None:
            reach = self._times(more.beside)
            rest = linalg.cholesky(more.among - more.beside.T @ reach, lower=True)
            spread = linalg.solve_triangular(rest, reach.T, lower=True).T
            said = linalg.cho_solve((rest, True), more.wanted - reach.T @ wanted)
            dual = dual - reach @ said
        left_out = np.empty_like(dual)
        for group in np.unique(groups):
            rows = np.flatnonzero(groups == group)
            block = self._block(rows) + spread[rows] @ spread[rows].T
            left_out[rows] = wanted[rows] - np.linalg.solve(block, dual[rows])
        return Ridge(np.vstack([dual, said]), left_out)

    def _times(self, columns: np.ndarray) -> np.ndarray:
        """The inverse times some columns."""
        return self._half_times(self._half_times(columns), turned=1)

    def _half_times(self, columns: np.ndarray, turned: int = 0) -> np.ndarray:
        right = np.asfortranarray(columns, dtype=np.float32)
        return linalg.blas.strmm(1.0, self._half, right, lower=1, trans_a=turned)

    def _block(self, rows: np.ndarray) -> np.ndarray:
        """The inverse between some rows."""
        half = self._half[rows[0] :, rows]
        # The other triangle of LAPACK's half is not zeroed.
        half[: rows[-1] - rows[0] + 1][np.arange(rows[0], rows[-1] + 1)[:, None] < rows] = 0
        return half.T @ half
