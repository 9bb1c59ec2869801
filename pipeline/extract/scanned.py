"""Tables of a scan: the ruling lines that are seen in its picture, and the words between them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np
from scipy.ndimage import find_objects, label, maximum_filter1d, minimum_filter1d

from pipeline.extract.grid import ruled_cells
from pipeline.extract.lines import Run
from pipeline.extract.spelling import is_cjk
from pipeline.extract.tables import Table, tables_in
from pipeline.facts import Box

_DARK = 170  # of 255: ink, and grey rules
_ACROSS, _DOWN = 30.0, 13.0  # points; shorter level and upright lines are strokes of letters
_THICK = 3.5  # points; thicker ones are no lines
_OVER = 0.5  # em that words must reach into a cell to stand in it too


def rules_of(picture: np.ndarray, scale: float, slope: float) -> np.ndarray:
    """Ruling lines of a picture.

    Args:
        picture: Shape (height, width, 3).
        scale: Pixels a point.
        slope: How far the paper lies turned, radians.

    Returns:
        Shape (n, 4): thin boxes x0, top, x1, bottom in points, as if the paper lay straight.
    """
    ink = (picture.min(axis=2) < _DARK).view(np.uint8)
    found = [
        *_lines(ink, round(_ACROSS * scale), round(_THICK * scale), 1),
        *_lines(ink, round(_DOWN * scale), round(_THICK * scale), 0),
    ]
    boxes = np.array(found, dtype=np.float64).reshape(len(found), 4) / scale
    aside = boxes[:, [0, 2]].mean(axis=1) - picture.shape[1] / scale / 2
    boxes[:, [1, 3]] -= (np.tan(slope) * aside)[:, None]
    return boxes


def _lines(ink: np.ndarray, length: int, thick: int, axis: int) -> list[Box]:
    """Boxes in pixels of what is at least so long along an axis and at most so thick."""
    worn = minimum_filter1d(ink, length | 1, axis=axis)  # odd, so that both ends stay in place
    areas, _ = label(maximum_filter1d(worn, length | 1, axis=axis))
    return [
        (across.start, down.start, across.stop, down.stop)
        for down, across in find_objects(areas)
        if (down, across)[1 - axis].stop - (down, across)[1 - axis].start <= thick
    ]


def part_tables(rules: np.ndarray, runs: list[Run], page: int) -> tuple[list[Run], list[Table]]:
    """Part what is read off a picture into running text and ruled tables.

    Args:
        rules: Shape (n, 4): ruling lines as thin boxes x0, top, x1, bottom.
        runs: Lines of text as they were found.
        page: Its number.

    Returns:
        The runs outside tables and the tables.
    """
    grids = ruled_cells(rules) if len(rules) else []
    cells = [cell for rows in grids for row in rows for cell in row]
    if not cells:
        return runs, []
    places = np.array(cells)
    return tables_in(grids, [part for run in runs for part in _cut(run, places)], page)


def _cut(run: Run, cells: np.ndarray) -> list[Run]:
    """The pieces of a run by the cells it stands in; the cell of each by number, -1 for none."""
    middle = (run.top + run.bottom) / 2
    least = min(_OVER * run.size, (run.x1 - run.x0) / 2)
    level = (cells[:, 1] <= middle) & (middle < cells[:, 3])
    level &= np.minimum(cells[:, 2], run.x1) - np.maximum(cells[:, 0], run.x0) >= least
    held = sorted(np.flatnonzero(level).tolist(), key=lambda i: cells[i, 0])
    if len(held) < 2:
        return [replace(run, cell=held[0] if held else -1)]
    walls = [float(cells[a, 2] + cells[b, 0]) / 2 for a, b in pairwise(held)]
    parts = zip(_parts(run, walls), held, strict=True)
    return [replace(part, cell=i) for part, i in parts if part.text]


def _parts(run: Run, walls: list[float]) -> list[Run]:
    """Words parted where the walls are: letters as wide as they usually are."""
    widths = [1.0 if is_cjk(letter) else 0.5 for letter in run.text]
    em = (run.x1 - run.x0) / sum(widths)
    sides = [
        sum(run.x0 + em * (end - width / 2) > wall for wall in walls)
        for end, width in zip(accumulate(widths), widths, strict=True)
    ]
    cut = [bisect_left(sides, number) for number in range(len(walls) + 2)]
    edges = [run.x0, *walls, run.x1]
    return [
        replace(run, text=run.text[first:last].strip(), x0=x0, x1=x1)
        for (first, last), (x0, x1) in zip(pairwise(cut), pairwise(edges), strict=True)
    ]
