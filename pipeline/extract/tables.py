"""Ruled tables: the runs of text that stand in the cells of a grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from statistics import median
from typing import TypeVar

import numpy as np

from pipeline.extract.amounts import is_money
from pipeline.extract.charts import axes_of, is_chart
from pipeline.extract.glyphs import Glyphs
from pipeline.extract.grid import ruled_cells
from pipeline.extract.lines import Run, lines_of, runs_of
from pipeline.extract.spelling import joint
from pipeline.extract.stripes import frame_of, part_stripes
from pipeline.extract.unruled import read_levels, rows_of
from pipeline.facts import Box

_LEAST_FILLED = 2  # cells with text; fewer are frames around headings and pictures
_NARROW = 9.0  # points; an empty cell no wider is the space between double rules
_SHORT = 1.6  # em; a line that ends so far before the others was ended on purpose

_ALIGNED = 3.0  # points by which the columns of a table may differ on the next page

T = TypeVar("T")
Rows = list[list[Box]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells' texts joined by tabs, and where it is printed."""

    text: str
    box: Box
    page: int


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
    edges: tuple[float, ...] = ()  # left edges of the cells of its widest row, points
    runs: tuple[Run, ...] = ()  # what stands in it, where lines tell its rows or it has only one
    shades: tuple[Box, ...] = ()  # its shaded rows, top to bottom


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
    loose, tables = _parted(grids, glyphs, page)
    axes = axes_of(loose) if grids else []
    tabular = [rows for rows in grids if not is_chart(_frame(rows), axes)]
    return (loose, tables) if len(tabular) == len(grids) else _parted(tabular, glyphs, page)


def _parted(grids: list[Rows], glyphs: Glyphs, page: int) -> tuple[list[Run], list[Table]]:
    """Runs outside and tables of these grids."""
    grids, striped = part_stripes(grids, glyphs)
    if not grids and not striped:
        return runs_of(glyphs, page), []
    frames = [frame_of(shades) for shades in striped]
    flat = np.array([cell for rows in grids for row in rows for cell in row] + frames)
    runs = runs_of(glyphs, page, _owners(flat, glyphs.boxes))
    return tables_in(grids, runs, page, striped)


def tables_in(
    grids: list[Rows], runs: list[Run], page: int, striped: Sequence[tuple[Box, ...]] = ()
) -> tuple[list[Run], list[Table]]:
    """Tables of the runs that stand in cells.

    Args:
        grids: Tables as rows of cells.
        runs: Of the page; their cells are numbered as they come, then the striped tables.
        page: Its number.
        striped: Shades of tables without rules.

    Returns:
        The runs outside tables and the tables.
    """
    held: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        held[run.cell].append(run)
    loose, found, first = held.pop(-1, []), [], 0
    for rows in grids:
        count = sum(map(len, rows))
        inside = [held.get(i, []) for i in range(first, first + count)]
        found.append((_table(rows, inside, page), inside))
        first += count
    for i, shades in enumerate(striped, start=first):
        found.append((unruled(held.get(i, []), shades, page), [held.get(i, [])]))
    loose += [run for table, inside in found if table is None for runs in inside for run in runs]
    return loose, [table for table, _ in found if table is not None]


def unruled(runs: list[Run], shades: tuple[Box, ...], page: int) -> Table | None:
    """A table of which the lines tell the rows.

    Args:
        runs: What stands in it.
        shades: Its shaded rows, top to bottom; may be none.
        page: Its number.

    Returns:
        The table; None where it is none.
    """
    found = rows_of(read_levels(runs, shades))
    if found is None:
        return None
    rows = tuple(Row("\t".join(cells), box, page) for cells, box in found)
    frame = _hull([*(row.box for row in rows), *shades])
    size = median(run.size for run in runs)
    return Table(page, rows, *frame, size, runs=tuple(runs), shades=shades)


def _owners(cells: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Index of the cell that holds the middle of each character, -1 for none."""
    x = (boxes[:, 0, None] + boxes[:, 2, None]) / 2
    y = (boxes[:, 1, None] + boxes[:, 3, None]) / 2
    inside = (x >= cells[:, 0]) & (x < cells[:, 2]) & (y >= cells[:, 1]) & (y < cells[:, 3])
    return np.where(inside.any(axis=1), inside.argmax(axis=1), -1)


def _table(rows: Rows, runs: list[list[Run]], page: int) -> Table | None:
    """A ruled table by its cells and the runs in each of them."""
    texts, number = [], 0
    for row in rows:
        words = [(cell, _cell_text(runs[number + i])) for i, cell in enumerate(row)]
        texts.append(_with_money([(c, text) for c, text in words if text or not _is_gap(c)]))
        number += len(row)
    if not _is_table(texts):
        return None
    kept = tuple(
        Row("\t".join(text for _, text in row), _hull([cell for cell, _ in row]), page)
        for row in texts
        if any(text for _, text in row)
    )
    size = median(run.size for cell in runs for run in cell)
    edges = tuple(cell[0] for cell in max(rows, key=len))
    alone = [run for cell in runs for run in cell] if len(kept) == 1 else ()
    return Table(page, kept, *_frame(rows), size, edges, tuple(alone))


def _with_money(row: list[tuple[Box, str]]) -> list[tuple[Box, str]]:
    """Put the sign of money that stands in a cell of its own to its amount."""
    out: list[tuple[Box, str]] = []
    for cell, text in row:
        if out and is_money(out[-1][1], text):
            sign, mark = out.pop()
            cell, text = _hull([sign, cell]), f"{mark} {text}"
        out.append((cell, text))
    return out


def _frame(rows: Rows) -> Box:
    return _hull([cell for row in rows for cell in row])


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


def join_over_pages(flow: list[T | Table]) -> list[T | Table | Run]:
    """Put tables together that go on at the top of the next page.

    Args:
        flow: Blocks of a document in reading order, page furniture left out.

    Returns:
        The same with such tables as one, each row with its page; a head that is printed again
        on the next page stands behind the table as page furniture.
    """
    out: list[T | Table | Run] = []
    heads: list[Run] = []
    for item in flow:
        last = out[-1] if out else None
        if isinstance(item, Table) and isinstance(last, Table) and _is_continued(last, item):
            again = _printed_again(last.rows, item.rows)
            heads += [_as_run(row, item.size) for row in item.rows[:again]]
            out[-1] = replace(last, rows=last.rows + item.rows[again:])
        else:
            out += [*heads, item]
            heads = []
    return [*out, *heads]


def _is_continued(above: Table, below: Table) -> bool:
    if below.page != above.rows[-1].page + 1 or len(above.edges) != len(below.edges):
        return False
    ends = zip((*above.edges, above.x1), (*below.edges, below.x1), strict=True)
    return len(above.edges) > 0 and all(abs(a - b) < _ALIGNED for a, b in ends)


def _printed_again(head: tuple[Row, ...], rows: tuple[Row, ...]) -> int:
    """How many of the first rows repeat those of the table; never all of them."""
    same = takewhile(lambda pair: pair[0].text == pair[1].text, zip(head, rows[:-1], strict=False))
    return sum(1 for _ in same)


def _as_run(row: Row, size: float) -> Run:
    x0, top, x1, bottom = row.box
    return Run(row.page, row.text, x0, top, x1, bottom, bottom, size, bold=False)
