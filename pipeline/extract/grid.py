"""Cells of ruled tables: the rectangles that ruling lines close in.

The lines are laid on a small raster, one pixel for each ruling line and one for each space
between two of them; a cell is then a connected area of the raster that is a rectangle.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np
from scipy.ndimage import find_objects, label

from pipeline.records import Box

_SNAP = 3.0  # points; nearer lines are one line, and shorter gaps no gaps (as in pdfplumber)
_MOST_LINES = 400  # in one direction; beyond this it is a chart
_TOUCHING = np.ones((3, 3), int)


def ruled_cells(rules: np.ndarray) -> list[list[list[Box]]]:
    """Tables as rows of cells.

    Args:
        rules: Shape (n, 4): ruling lines as thin boxes x0, top, x1, bottom.

    Returns:
        For each table its rows from top to bottom, each with its cells from left to right. A
        cell that reaches over several rows stands in the first of them.
    """
    level = (rules[:, 2] - rules[:, 0]) >= (rules[:, 3] - rules[:, 1])
    flat, upright = rules[level], rules[~level]
    ys, row = _snapped(flat[:, [1, 3]].mean(axis=1))
    xs, column = _snapped(upright[:, [0, 2]].mean(axis=1))
    if min(len(xs), len(ys)) < 2 or max(len(xs), len(ys)) > _MOST_LINES:
        return []
    walls = np.zeros((2 * len(ys) - 1, 2 * len(xs) - 1), bool)
    _draw(walls, row, flat[:, [0, 2]], xs)
    _draw(walls.T, column, upright[:, [1, 3]], ys)
    return _tables(walls, xs, ys)


def _snapped(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of the clusters of places, and for each place the number of its cluster."""
    if not len(places):
        return places, np.zeros(0, int)
    order = np.argsort(places, kind="stable")
    number = np.empty(len(places), int)
    number[order] = np.concatenate([[0], np.cumsum(np.diff(places[order]) > _SNAP)])
    return np.bincount(number, weights=places) / np.bincount(number), number


def _draw(walls: np.ndarray, lines: np.ndarray, ends: np.ndarray, crossings: np.ndarray) -> None:
    """Draw lines along the second axis, from the first to the last crossing they reach."""
    order = np.lexsort((ends[:, 0], lines))
    spans: list[list[float]] = []  # line, from, to
    for line, a, b in zip(
        lines[order].tolist(), ends[order, 0].tolist(), ends[order, 1].tolist(), strict=True
    ):
        if spans and spans[-1][0] == line and a <= spans[-1][2] + _SNAP:
            spans[-1][2] = max(spans[-1][2], b)
        else:
            spans.append([line, a, b])
    first = np.searchsorted(crossings, [a - _SNAP for _, a, _ in spans])
    last = np.searchsorted(crossings, [b + _SNAP for _, _, b in spans], side="right") - 1
    for (line, _, _), i, j in zip(spans, first.tolist(), last.tolist(), strict=True):
        if j > i:
            walls[2 * int(line), 2 * i : 2 * j + 1] = True


def _tables(walls: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> list[list[list[Box]]]:
    areas, _ = label(~walls)
    frames, count = label(walls, structure=_TOUCHING)
    tables: list[list[Box]] = [[] for _ in range(count + 1)]
    for number, (down, across) in enumerate(find_objects(areas), start=1):
        if _is_cell(areas[down, across] == number, down, across, walls.shape):
            x0, x1 = xs[across.start // 2], xs[across.stop // 2]
            top, bottom = ys[down.start // 2], ys[down.stop // 2]
            frame = frames[down.start - 1, across.start - 1]
            tables[frame].append((float(x0), float(top), float(x1), float(bottom)))
    return [_rows(cells) for cells in tables if len(cells) > 1]


def _is_cell(area: np.ndarray, down: slice, across: slice, shape: tuple[int, ...]) -> bool:
    """Whether an area is a rectangle with lines on all sides."""
    inside = down.start > 0 and across.start > 0
    inside = inside and down.stop < shape[0] and across.stop < shape[1]
    return inside and bool(area.all())


def _rows(cells: list[Box]) -> list[list[Box]]:
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    return [list(row) for _, row in groupby(ordered, key=lambda cell: cell[1])]
