"""Tables without rules in which every other row is shaded.

The shades close in every other row only. What stands between the first and the last of them is
taken as a whole and parted by its own lines and by the white columns between its cells.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from pipeline.extract.glyphs import Glyphs
from pipeline.extract.layout import column_edges
from pipeline.extract.lines import Run, levels_of, lines_of
from pipeline.facts import Box

_FEWEST = 2  # shaded rows
_ENDS = 3.0  # points by which the ends of the rows may differ
_APART = 4.0  # heights of a shaded row that may lie between two: wrapped text at most
_WHITE = 0.8  # em of white between two columns
_CELL_GAP = 1.5  # em of white between two cells of a line
_CELLS = 0.5  # share of lines with two cells from which it is a table

Rows = list[list[Box]]


def part_stripes(grids: list[Rows], glyphs: Glyphs) -> tuple[list[Rows], list[Box]]:
    """Tell the shaded rows of such tables from tables of their own.

    Args:
        grids: Tables of a page as rows of cells, any order.
        glyphs: Characters of the page.

    Returns:
        The other tables; the frames of those with stripes.
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
    return kept, [_frame(stack) for stack in stacks]


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


def _frame(stack: list[list[Box]]) -> Box:
    return stack[0][0][0], stack[0][0][1], stack[0][-1][2], stack[-1][-1][3]


def striped_rows(runs: list[Run]) -> list[tuple[list[str], Box]] | None:
    """Rows of a table with stripes.

    Args:
        runs: What stands in its frame.

    Returns:
        For each printed line its cells, blank ones included, and its box; None where it is no
        table after all.
    """
    if not runs:
        return None
    edges = column_edges(runs, _WHITE)
    lines = levels_of(runs)
    rows = [([_words(line, a, b) for a, b in pairwise(edges)], _hull(line)) for line in lines]
    several = sum(sum(map(bool, cells)) > 1 for cells, _ in rows)
    return rows if len(rows) > 1 and several >= _CELLS * len(rows) else None


def _words(line: list[Run], left: float, right: float) -> str:
    """Text of a line between two columns' edges."""
    return " ".join(part.text for part in lines_of([r for r in line if left <= r.x0 < right]))


def _hull(runs: list[Run]) -> Box:
    return (
        round(min(run.x0 for run in runs), 2), round(min(run.top for run in runs), 2),
        round(max(run.x1 for run in runs), 2), round(max(run.bottom for run in runs), 2),
    )  # fmt: skip
