"""Tables of a report as grids of cells, each number with the unit that its place gives it.

The unit of a bare number comes from its own cell, its column's or row's header (营业收入（万元）),
a column of units (单位), or the table's caption (单位：万元), in this order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from pipeline.facts import Figure
from pipeline.measure.cells import Cell, Table, is_numeric, is_year, own_figure, year_in
from pipeline.measure.headers import caption_unit, header_unit, unit_of
from pipeline.measure.numbers import bare_number
from pipeline.measure.units import Unit, read_unit
from pipeline.place import quote
from pipeline.records import Block, Document

__all__ = ["tables", "year_in"]

_SERIAL = re.compile(r"序号|编号|代码|电话|邮编|页码|年份|时间|日期|证书号")
_UNIT_WORD = re.compile(r"[一-鿿/·]{1,8}|[A-Za-z0-9/·%³²]{1,10}")
_HEADER_ROWS = 3  # at most


def tables(document: Document) -> tuple[Table, ...]:
    """Every table of ``document``, in reading order."""
    found: list[Table] = []
    blocks = document.blocks
    for at, block in enumerate(blocks):
        if block.kind == "table":
            bare = _bare(document, block, blocks[max(0, at - 2) : at])
            if found and not bare.header and _adjoins(blocks, found[-1].paragraph, at):
                bare = _carried_on(bare, found[-1])
            found.append(_read(document, bare))
    return tuple(found)


def _bare(document: Document, block: Block, before: tuple[Block, ...]) -> Table:
    """The table with its header and caption, figures still unread."""
    near = "\n".join(document.text[b.start : b.end] for b in before if b.kind != "table")
    grid = _grid(document.text, block)
    header = _header(grid)
    top = "\t".join(cell.text for row in grid[: header + 1] for cell in row)
    given = caption_unit(top) or caption_unit(near[-80:])
    return Table(block.paragraph, _caption(near), given, header, grid)


def _adjoins(blocks: tuple[Block, ...], paragraph: int, at: int) -> bool:
    """Whether nothing but page furniture lies between a table and the block at ``at``."""
    return all(b.kind == "running" or b.end - b.start < 5 for b in blocks[paragraph:at])


def _carried_on(table: Table, before: Table) -> Table:
    """``table`` with the header of the one before, whose next page it is."""
    heads = tuple(before.column_name(column) for column in range(1, before.width + 1))
    widest = max(map(len, table.rows))
    if not any(heads) or not len(heads) <= widest <= len(heads) + 1:
        return table
    return replace(table, heads=heads, unit=table.unit or before.unit, caption=before.caption)


def _caption(near: str) -> str:
    last = near.rstrip().rpartition("\n")[2].strip()
    return last if len(last) <= 50 and not last.endswith(("。", "；", "，")) else ""


def _grid(text: str, block: Block) -> tuple[tuple[Cell, ...], ...]:
    rows = []
    at = block.start
    for number, line in enumerate(text[block.start : block.end].split("\n"), 1):
        cells, place = [], at
        for column, words in enumerate(line.split("\t"), 1):
            start = place + len(words) - len(words.lstrip())
            cells.append(Cell(words.strip(), start, start + len(words.strip()), number, column))
            place += len(words) + 1
        rows.append(tuple(cells))
        at += len(line) + 1
    return tuple(rows)


def _header(grid: tuple[tuple[Cell, ...], ...]) -> int:
    """How many leading rows are header: labels or years throughout, two at least."""
    count = 0
    for row in grid[: min(_HEADER_ROWS, len(grid) - 1)]:
        filled = [cell.text for cell in row if cell.text]
        if any(is_numeric(words) for words in filled):
            break
        count += 1
        if len(filled) >= 2 and not _goes_on(grid[count]):
            break
    heads = [cell for row in grid[:count] for cell in row if cell.text]
    below = any(is_numeric(cell.text) for row in grid[count:] for cell in row)
    return count if len(heads) >= 2 and below else 0


def _goes_on(row: tuple[Cell, ...]) -> bool:
    """Whether a row is header too: units or years throughout, and no label of its own."""
    words = [cell.text for cell in row if cell.text]
    return bool(words) and all(
        read_unit(w) or is_year(w) or (w[0] in "(（" and header_unit(w)) for w in words
    )


def _read(document: Document, table: Table) -> Table:
    """``table`` with the figure of every cell that holds one."""
    rows = tuple(tuple(_with_figure(document, table, cell) for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def _with_figure(document: Document, table: Table, cell: Cell) -> Cell:
    if cell.row <= table.header or not cell.text or is_year(cell.text):
        return cell
    told = own_figure(cell.text) or _by_place(table, cell)
    if told is None:
        return cell
    place = quote(document, cell.start, cell.end, (cell.row, cell.column))
    return replace(cell, figure=Figure(*told, place))


def _by_place(table: Table, cell: Cell) -> tuple[float, str, str] | None:
    """Value, unit and words of a bare number; None for serial numbers, years and codes."""
    found = bare_number(cell.text)
    if found is None or (cell.column == 1 and _first(table)) or _SERIAL.search(table.head(cell)):
        return None
    words = unit_of(table, cell)
    known = read_unit(words) or Unit(words if _UNIT_WORD.fullmatch(words) else "", "", Decimal(1))
    return float(found[0] * known.factor), known.base, cell.text + words


def _first(table: Table) -> bool:
    """Whether the first column holds labels or serial numbers: its header gives no unit."""
    return not header_unit(table.column_name(1))
