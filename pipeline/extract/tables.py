"""Ruled tables: the runs of text that stand in the cells of a grid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from pipeline.extract.glyphs import Glyphs
from pipeline.extract.grid import ruled_cells
from pipeline.extract.lines import Run, joint, lines_of, runs_of
from pipeline.records import Box

_LEAST_FILLED = 2  # cells with text; fewer are frames around headings and pictures
_NARROW = 9.0  # points; an empty cell no wider is the space between double rules
_SHORT = 1.6  # em; a line that ends so far before the others was ended on purpose

Rows = list[list[Box]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells' texts joined by tabs, and where it is printed."""

    text: str
    box: Box


@dataclass(slots=True)
class Table:
    """A table with its rows; placed in the layout like a run of text."""

    page: int
    rows: tuple[Row, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float  # of its type, points


def read_tables(rules: np.ndarray, glyphs: Glyphs, page: int) -> tuple[list[Run], list[Table]]:
    """Part the characters of a page into running text and ruled tables.

    Args:
        rules: Shape (n, 4): ruling lines as thin boxes x0, top, x1, bottom.
        glyphs: Characters of the page.
        page: Its number.

    Returns:
        The runs outside tables and the tables.
    """
    grids = ruled_cells(rules) if len(rules) else []
    if not grids:
        return runs_of(glyphs, page), []
    flat = np.array([cell for rows in grids for row in rows for cell in row])
    held: dict[int, list[Run]] = defaultdict(list)
    for run in runs_of(glyphs, page, _owners(flat, glyphs.boxes)):
        held[run.cell].append(run)
    loose, tables, first = held.pop(-1, []), [], 0
    for rows in grids:
        count = sum(map(len, rows))
        inside = {i - first: held.get(i, []) for i in range(first, first + count)}
        table = _table(rows, inside, page)
        if table is None:
            loose += [run for runs in inside.values() for run in runs]
        else:
            tables.append(table)
        first += count
    return loose, tables


def _owners(cells: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Index of the cell that holds the middle of each character, -1 for none."""
    x = (boxes[:, 0, None] + boxes[:, 2, None]) / 2
    y = (boxes[:, 1, None] + boxes[:, 3, None]) / 2
    inside = (x >= cells[:, 0]) & (x < cells[:, 2]) & (y >= cells[:, 1]) & (y < cells[:, 3])
    return np.where(inside.any(axis=1), inside.argmax(axis=1), -1)


def _table(rows: Rows, runs: dict[int, list[Run]], page: int) -> Table | None:
    texts, number = [], 0
    for row in rows:
        words = [(cell, _cell_text(runs[number + i])) for i, cell in enumerate(row)]
        texts.append([(cell, text) for cell, text in words if text or not _is_gap(cell)])
        number += len(row)
    if not _is_table(texts):
        return None
    kept = tuple(
        Row("\t".join(text for _, text in row), _hull([cell for cell, _ in row]))
        for row in texts
        if any(text for _, text in row)
    )
    size = median(run.size for cell in runs.values() for run in cell)
    return Table(page, kept, *_hull([cell for row in rows for cell in row]), size)


def _is_gap(cell: Box) -> bool:
    return cell[2] - cell[0] <= _NARROW


def _is_table(rows: list[list[tuple[Box, str]]]) -> bool:
    filled = sum(bool(text) for row in rows for _, text in row)
    return max(map(len, rows)) >= 2 and filled >= _LEAST_FILLED


def _cell_text(runs: list[Run]) -> str:
    """Text of a cell: wrapped lines joined as in a paragraph, items of a list by a space."""
    if len(runs) == 1:
        return runs[0].text
    lines = lines_of(runs)
    text = lines[0].text if lines else ""
    right = max((line.x1 for line in lines), default=0.0)
    for before, line in pairwise(lines):
        ended = before.x1 < right - _SHORT * before.size
        text += (" " if ended else joint(before.text, line.text)) + line.text
    return text.replace("\t", " ")


def _hull(cells: list[Box]) -> Box:
    sides = list(zip(*cells, strict=True))
    x0, top, x1, bottom = min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)
