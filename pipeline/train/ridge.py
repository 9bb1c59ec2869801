"""Kernel ridge regression with leave-one-report-out margins in closed form.

One inverse gives the margins that every report would have got from a model trained on all
the others (T. Hastie et al., The Elements of Statistical Learning, 7.10, for groups):
what the combiners must be trained on, without training a model per report.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg


@dataclass(frozen=True)
class Ridge:
    """A solved ridge.

    Attributes:
        dual: Coefficients, (rows, outputs).
        left_out: Margins of each row from a model without the row's group, (rows, outputs).
    """

    dual: np.ndarray
    left_out: np.ndarray


def solve(kernel: np.ndarray, wanted: np.ndarray, groups: np.ndarray, ridge: np.ndarray) -> Ridge:
    """Solve (kernel + diag(ridge)) dual = wanted.

    Args:
        kernel: (rows, rows) float32; overwritten to save memory.
        wanted: (rows, outputs).
        groups: Group number of each row, (rows,) int; rows of one group leave together.
        ridge: Penalty of each row (larger = trusted less), (rows,).
    """
    kernel[np.diag_indices_from(kernel)] += ridge
    inverse = _inverse(kernel)
    dual = inverse @ wanted
    left_out = np.empty_like(dual)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        block = inverse[np.ix_(rows, rows)]
        left_out[rows] = wanted[rows] - np.linalg.solve(block, dual[rows])
    return Ridge(dual, left_out)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverse of a symmetric positive definite matrix, in place where LAPACK can."""
    factor, status = linalg.lapack.spotrf(matrix.T, lower=0, overwrite_a=1)
    if status == 0:
        inverse, status = linalg.lapack.spotri(factor, lower=0, overwrite_c=1)
    if status:
        raise np.linalg.LinAlgError("kernel is not positive definite")
    upper = np.triu(inverse, 1)
    inverse = np.triu(inverse)
    inverse += upper.T
    return inverse
