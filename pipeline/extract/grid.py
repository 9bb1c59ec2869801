"""Cells of ruled tables: the rectangles that ruling lines close in.

The lines are laid on a small raster, one pixel for each ruling line and one for each space
between two of them; a cell is then a connected area of the raster that is a rectangle.
"""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
from scipy.ndimage import find_objects, label

from pipeline.facts import Box

_SNAP = 3.0  # points; nearer lines are one line, and shorter gaps no gaps (as in pdfplumber)
_MOST_LINES = 400  # in one direction; beyond this it is a chart

_IN_LINE = 0.75  # share of the sides of its cells that a row has in common with the one above
_FEWEST = 2  # cells of a row from which it tells where the others are

Span = tuple[int, float, float]  # number of the line, from, to

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
    rows = _joined(row, flat[:, [0, 2]])
    upright = np.concatenate([upright, _open_sides(rows, ys, upright)])
    xs, column = _snapped(upright[:, [0, 2]].mean(axis=1))
    if min(len(xs), len(ys)) < 2 or max(len(xs), len(ys)) > _MOST_LINES:
        return []
    walls = np.zeros((2 * len(ys) - 1, 2 * len(xs) - 1), bool)
    _draw(walls, rows, xs)
    _draw(walls.T, _joined(column, upright[:, [1, 3]]), ys)
    return _tables(walls, xs, ys)


def _snapped(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of the clusters of places, and for each place the number of its cluster."""
    if not len(places):
        return places, np.zeros(0, int)
    order = np.argsort(places, kind="stable")
    number = np.empty(len(places), int)
    number[order] = np.concatenate([[0], np.cumsum(np.diff(places[order]) > _SNAP)])
    return np.bincount(number, weights=places) / np.bincount(number), number


def _joined(lines: np.ndarray, ends: np.ndarray) -> list[Span]:
    """Pieces of a line put together where they touch: number of the line, from, to."""
    spans: list[Span] = []
    order = np.lexsort((ends[:, 0], lines))
    for line, (a, b) in zip(lines[order].tolist(), ends[order].tolist(), strict=True):
        if spans and spans[-1][0] == line and a <= spans[-1][2] + _SNAP:
            spans[-1] = (line, spans[-1][1], max(spans[-1][2], b))
        else:
            spans.append((line, a, b))
    return spans


def _open_sides(rows: list[Span], ys: np.ndarray, upright: np.ndarray) -> np.ndarray:
    """The outer sides that a table ruled only inside leaves open.

    Between two level lines with the same ends, where some upright line joins them.
    """
    above: dict[tuple[int, int], float] = {}
    sides: list[Box] = []
    for line, a, b in rows:
        key, bottom = (round(a / _SNAP), round(b / _SNAP)), float(ys[line])
        top = above.get(key)
        above[key] = bottom
        if top is not None and _is_crossed(upright, (a, top, b, bottom)):
            sides += [(a, top, a, bottom), (b, top, b, bottom)]
    return np.array(sides, dtype=np.float64).reshape(len(sides), 4)


def _is_crossed(upright: np.ndarray, box: Box) -> bool:
    a, top, b, bottom = box
    x = (upright[:, 0] + upright[:, 2]) / 2
    inside = (x > a + _SNAP) & (x < b - _SNAP)
    return bool((inside & (upright[:, 1] <= top + _SNAP) & (upright[:, 3] >= bottom - _SNAP)).any())


def _draw(walls: np.ndarray, spans: list[Span], crossings: np.ndarray) -> None:
    """Draw lines along the second axis, from the first to the last crossing they reach."""
    first = np.searchsorted(crossings, [a - _SNAP for _, a, _ in spans])
    last = np.searchsorted(crossings, [b + _SNAP for _, _, b in spans], side="right") - 1
    for (line, _, _), i, j in zip(spans, first.tolist(), last.tolist(), strict=True):
        if j > i:
            walls[2 * line, 2 * i : 2 * j + 1] = True


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
    return [_closed(_rows(cells)) for cells in tables if len(cells) > 1]


def _is_cell(area: np.ndarray, down: slice, across: slice, shape: tuple[int, ...]) -> bool:
    """Whether an area is a rectangle with lines on all sides."""
    inside = down.start > 0 and across.start > 0
    inside = inside and down.stop < shape[0] and across.stop < shape[1]
    return inside and bool(area.all())


def _rows(cells: list[Box]) -> list[list[Box]]:
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    return [list(row) for _, row in groupby(ordered, key=lambda cell: cell[1])]


def _closed(rows: list[list[Box]]) -> list[list[Box]]:
    """The rows of a table with the cells that its rules leave open, as the row above has them.

    Sums are often ruled under their figures only. Boxes of a diagram, which stand apart or out
    of line, are no such rows.
    """
    reaching: list[Box] = []  # cells of rows above that may reach down beside a row
    for above, row in pairwise(rows):
        top, bottom = row[0][1], min(cell[3] for cell in row)
        reaching = [cell for cell in reaching + above if cell[3] > top + _SNAP]
        held = [(c[0], c[2]) for c in reaching + row if c[3] > (top + bottom) / 2]
        if len(row) < _FEWEST or not _lacks_cells(above, row) or not _in_line(above, row):
            continue
        row += [
            (a, top, b, bottom)
            for a, _, b, _ in above
            if all(b <= x0 + _SNAP or a >= x1 - _SNAP for x0, x1 in held)
        ]
        row.sort()
    return rows


def _lacks_cells(above: list[Box], row: list[Box]) -> bool:
    """Whether a row lacks cells of the one above, at the sides or by number."""
    sides = row[0][0] > above[0][0] + _SNAP or row[-1][2] < above[-1][2] - _SNAP
    return sides or len(row) < len(above)


def _in_line(above: list[Box], row: list[Box]) -> bool:
    """Whether a row begins where another ends, and most of its cells at the same places."""
    edges = {
        round(x / _SNAP) + near for cell in above for x in (cell[0], cell[2]) for near in (-1, 0, 1)
    }
    below = abs(min(cell[3] for cell in above) - row[0][1]) <= _SNAP
    ends = [round(x / _SNAP) in edges for cell in row for x in (cell[0], cell[2])]
    return below and ends[0] and ends[-1] and sum(ends) > _IN_LINE * len(ends)
