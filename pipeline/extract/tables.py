"""Ruled tables: pdfplumber's TableFinder on the ruling lines that PDFium reports.

Five times faster than pdfplumber's own way in, whose cost is its parser. Uses the insides
of ``pdfplumber.table``: the version is pinned.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from pdfplumber.table import TableFinder

from pipeline.extract.glyphs import Glyphs
from pipeline.extract.lines import joint, lines_of, runs_of
from pipeline.records import Box

_MOST_RULES = 6000  # beyond this it is a chart, and the search would take minutes
_LEAST_FILLED = 3  # cells with text; fewer are frames around headings and pictures

Cell = tuple[float, float, float, float]


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
    size: float
    columns: int


def find_tables(rules: np.ndarray, glyphs: Glyphs, page: int) -> tuple[list[Table], np.ndarray]:
    """Ruled tables of a page.

    Args:
        rules: Shape (n, 4): ruling lines as thin boxes.
        glyphs: Characters of the page.
        page: Its number.

    Returns:
        The tables and, shape (characters,), whether a character stands in one of them.
    """
    taken = np.zeros(len(glyphs.text), bool)
    if not len(glyphs.text) or len(rules) > _MOST_RULES:
        return [], taken
    middle = np.stack(
        [glyphs.boxes[:, [0, 2]].mean(axis=1), glyphs.boxes[:, [1, 3]].mean(axis=1)], axis=1
    )
    tables = []
    for found in TableFinder(SimpleNamespace(edges=_edges(rules))).tables:
        cells = [[cell for cell in row.cells if cell is not None] for row in found.rows]
        table, held = _table(cells, glyphs, middle, page)
        if table is not None:
            tables.append(table)
            taken |= held
    return tables, taken


def _edges(rules: np.ndarray) -> list[dict[str, float | str]]:
    level = (rules[:, 2] - rules[:, 0]) >= (rules[:, 3] - rules[:, 1])
    return [
        _level_edge(*rule) if flat else _upright_edge(*rule)
        for rule, flat in zip(rules.tolist(), level.tolist(), strict=True)
    ]


def _level_edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, float | str]:
    y = (top + bottom) / 2
    return {
        "object_type": "line", "orientation": "h",
        "x0": x0, "x1": x1, "top": y, "bottom": y, "width": x1 - x0, "height": 0.0,
    }  # fmt: skip


def _upright_edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, float | str]:
    x = (x0 + x1) / 2
    return {
        "object_type": "line", "orientation": "v",
        "x0": x, "x1": x, "top": top, "bottom": bottom, "width": 0.0, "height": bottom - top,
    }  # fmt: skip


def _table(
    cells: list[list[Cell]], glyphs: Glyphs, middle: np.ndarray, page: int
) -> tuple[Table | None, np.ndarray]:
    flat = np.array([cell for row in cells for cell in row])
    owner = _owners(flat, middle)
    texts = iter([_cell_text(glyphs, owner == i) for i in range(len(flat))])
    rows = [[next(texts) for _ in row] for row in cells]
    held = owner >= 0
    if not _is_table(rows):
        return None, np.zeros_like(held)
    kept = tuple(
        Row("\t".join(words), _hull(places))
        for words, places in zip(rows, cells, strict=True)
        if any(words)
    )
    box = _hull([cell for row in cells for cell in row])
    size = float(np.median(glyphs.size[held]))
    return Table(page, kept, *box, size, max(len(row) for row in rows)), held


def _owners(cells: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Index of the cell that holds each character, -1 for none; shape (characters,)."""
    x, y = middle[:, 0, None], middle[:, 1, None]
    inside = (x >= cells[:, 0]) & (x < cells[:, 2]) & (y >= cells[:, 1]) & (y < cells[:, 3])
    return np.where(inside.any(axis=1), inside.argmax(axis=1), -1)


def _is_table(rows: list[list[str]]) -> bool:
    filled = sum(bool(text) for row in rows for text in row)
    wide = sum(len(row) >= 2 for row in rows)
    return wide >= 2 and filled >= _LEAST_FILLED


def _cell_text(glyphs: Glyphs, mask: np.ndarray) -> str:
    """Text of a cell; its lines are joined as those of a paragraph are."""
    if not mask.any():
        return ""
    text = ""
    for line in lines_of(runs_of(glyphs.only(mask), 0)):
        words = line.text.replace("\t", " ")
        text += joint(text, words) + words
    return text


def _hull(cells: list[Cell]) -> Box:
    boxes = np.array(cells)
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return tuple(round(float(v), 2) for v in (*low, *high))  # type: ignore[return-value]
