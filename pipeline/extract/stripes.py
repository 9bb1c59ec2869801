"""Tables without rules in which every other row is shaded.

The shades close in every other row only. What stands between the first and the last of them is
taken as a whole and parted like a table without shades.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.extract.glyphs import Glyphs
from pipeline.facts import Box

_FEWEST = 2  # shaded rows
_ENDS = 3.0  # points by which the ends of the rows may differ
_APART = 4.0  # heights of a shaded row that may lie between two: wrapped text at most
_CELL_GAP = 1.5  # em of white between two cells of a line

Rows = list[list[Box]]


def part_stripes(grids: list[Rows], glyphs: Glyphs) -> tuple[list[Rows], list[tuple[Box, ...]]]:
    """Tell the shaded rows of such tables from tables of their own.

    Args:
        grids: Tables of a page as rows of cells, any order.
        glyphs: Characters of the page.

    Returns:
        The other tables; the shades of each of those with stripes, top to bottom.
    """
    stacks: list[list[list[Box]]] = []
    last = None  # any other table between two of the rows parts them
    for rows in sorted(grids, key=lambda rows: rows[0][0][1]):
        goes_on = stacks and stacks[-1][-1] is last and len(rows) == 1
        if goes_on and _goes_on(stacks[-1][-1], rows[0], glyphs):
            stacks[-1].append(rows[0])
        elif len(rows) == 1:
            stacks.append([rows[0]])
        last = rows[-1]
    stacks = [stack for stack in stacks if len(stack) >= _FEWEST]
    striped = [row for stack in stacks for row in stack]
    kept = [rows for rows in grids if len(rows) > 1 or rows[0] not in striped]
    return kept, [tuple(map(frame_of, stack)) for stack in stacks]


def _goes_on(above: list[Box], row: list[Box], glyphs: Glyphs) -> bool:
    ends = abs(above[0][0] - row[0][0]) < _ENDS and abs(above[-1][2] - row[-1][2]) < _ENDS
    height = row[0][3] - row[0][1]
    near = ends and 0 < row[0][1] - above[0][3] < _APART * height
    return near and _holds_row((row[0][0], above[0][3], row[-1][2], row[0][1]), glyphs)


def _holds_row(box: Box, glyphs: Glyphs) -> bool:
    """Whether a line with cells side by side stands in a box: tables may be nothing but a head."""
    x = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2
    inside = (x > box[0]) & (x < box[2]) & (glyphs.base > box[1]) & (glyphs.base < box[3])
    held = np.flatnonzero(inside)
    held = held[np.lexsort((glyphs.boxes[held, 0], glyphs.base[held].round()))]
    level = np.diff(glyphs.base[held].round()) == 0
    step = glyphs.boxes[held[1:], 0] - glyphs.boxes[held[:-1], 2]
    return bool((level & (step > _CELL_GAP * glyphs.size[held[1:]])).any())


def frame_of(cells: Sequence[Box]) -> Box:
    """From the first to the last of cells in a row, or of shades below one another."""
    return cells[0][0], cells[0][1], cells[-1][2], cells[-1][3]
