"""Tables of a report as grids of cells, each number with the unit that its place gives it.

The unit of a bare number comes from its own cell, its column's or row's header (营业收入（万元）),
a column of units (单位), or the table's caption (单位：万元), in this order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.facts import Figure
from pipeline.measure.numbers import bare_number, parse_figures
from pipeline.measure.units import Unit, plain, read_unit
from pipeline.place import quote
from pipeline.records import Block, Document

_CAPTION_UNIT = re.compile(r"(?:金额)?单位\s?[:：]\s?(?:人民币)?(?P<unit>[^\s，。；;,)）\t/]{1,8})")
_IN_BRACKETS = re.compile(
    r"[(（\[【]\s?(?:单位[:：]\s?)?(?:人民币)?(?P<unit>[^()（）\[\]【】]{1,12})[)）\]】]"
)
_AFTER_SLASH = re.compile(r"[一-鿿)）]\s?[/,，:：]\s?(?P<unit>[^\s/]{1,8})$")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\s?\d)(?:\s?年|\s?财年|/\d\d)?(?!\d)")
_RELATIVE = re.compile(r"本年|上年|本期|上期|去年|今年|前年|同期|年初|年末|期初|期末")
_UNIT_COLUMN = re.compile(r"(?:计量|指标|数据)?单位")
_SHARE_NAME = re.compile(r"率|比例|占比|比重|增减|增幅|增长|变动|百分比|同比|满意度|覆盖")
_SERIAL_NAME = re.compile(r"序号|编号|代码|电话|邮编|页码|年份|时间|日期|证书号")
_YEAR_CELL = re.compile(r"(?:19|20)\d\s?\d(?:\s?年?度?|\s?财年|年末|年底)")
_IMPLIED = re.compile(r"(?P<unit>[人次件户家])数$|(?P<bare>人次)$")
_UNIT_WORD = re.compile(r"[一-鿿/·]{1,8}|[A-Za-z0-9/·%³²]{1,10}")
_COUNT_NAME = re.compile(r"人数|次数|件数|数量|个数|人次|户数|每股|每10股|时长|小时")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``document.text[start:end] == text``, row and column 1-based."""

    text: str
    start: int
    end: int
    row: int
    column: int
    figure: Figure | None = None  # None: no number, a year, a label


@dataclass(frozen=True, slots=True)
class Table:
    """A table block as a grid.

    Attributes:
        paragraph: Number of its block.
        caption: Words of the block before it, where it looks like a title; "" otherwise.
        unit: Unit that its caption gives for all of it, as printed; "" for none.
        header: How many leading rows are header rows.
        rows: Cells; rows may differ in length, blank cells are kept.
    """

    paragraph: int
    caption: str
    unit: str
    header: int
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a 1-based place; None outside the grid."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def column_name(self, column: int) -> str:
        """Words of the header rows above a column, joined by a space; "" without header."""
        cells = (self.cell(row, column) for row in range(1, self.header + 1))
        return " ".join(cell.text for cell in cells if cell and cell.text)

    def row_name(self, row: int) -> str:
        """The first label of a row (指标), which is no figure and no unit; "" for none."""
        return next((c.text for c in self.rows[row - 1] if _label(c.text)), "")


def tables(document: Document) -> tuple[Table, ...]:
    """Every table of ``document``, in reading order."""
    blocks = document.blocks
    return tuple(
        _table(document, block, blocks[max(0, at - 2) : at])
        for at, block in enumerate(blocks)
        if block.kind == "table"
    )


def year_in(words: str) -> str:
    """The year that ``words`` name, e.g. of a column header; "" for none or several."""
    years = {match["year"].replace(" ", "") for match in _YEAR.finditer(plain(words))}
    return years.pop() if len(years) == 1 else ""


def without_unit(words: str) -> str:
    """A header's words less the unit in brackets: 营业收入（万元） -> 营业收入."""
    found = _unit_place(words)
    return (words[: found.start()] + words[found.end() :]).strip() if found else words.strip()


def _table(document: Document, block: Block, before: tuple[Block, ...]) -> Table:
    near = "\n".join(document.text[b.start : b.end] for b in before if b.kind != "table")
    grid = _grid(document.text, block)
    header = _header(grid)
    top = "\t".join(cell.text for row in grid[: header + 1] for cell in row)
    given = _CAPTION_UNIT.search(top) or _CAPTION_UNIT.search(near[-80:])
    bare = Table(block.paragraph, _caption(near), given["unit"] if given else "", header, grid)
    rows = tuple(tuple(_read(document, bare, cell) for cell in row) for row in grid)
    return Table(bare.paragraph, bare.caption, bare.unit, header, rows)


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
    """How many leading rows are header: labels or years throughout, two at least, at most 3."""
    count = 0
    for row in grid[: min(3, len(grid) - 1)]:
        filled = [cell.text for cell in row if cell.text]
        if any(_numeric(words) for words in filled):
            break
        count += 1
        if len(filled) >= 2 and not _wants_more(grid, count):
            break
    heads = [cell for row in grid[:count] for cell in row if cell.text]
    below = any(_numeric(cell.text) for row in grid[count:] for cell in row)
    return count if len(heads) >= 2 and below else 0


def _wants_more(grid: tuple[tuple[Cell, ...], ...], count: int) -> bool:
    """Whether the next row is header too: units or years throughout, and no label of its own."""
    words = [cell.text for cell in grid[count] if cell.text]
    return bool(words) and all(read_unit(w) or _is_year(w) or _bracketed(w) for w in words)


def _bracketed(words: str) -> bool:
    found = _IN_BRACKETS.fullmatch(words)
    return bool(found and read_unit(found["unit"]))


def _is_year(words: str) -> bool:
    return bool(_YEAR_CELL.fullmatch(plain(words).strip()))


def _numeric(words: str) -> bool:
    """Whether a cell holds a figure: a bare number that is no year, or a number with a unit."""
    if _is_year(words):
        return False
    return bare_number(words) is not None or _own(words) is not None


def _label(words: str) -> bool:
    """Whether a cell names something: no number, no unit, no lone serial number."""
    return (
        bool(re.search(r"[一-鿿A-Za-z]{2}", words)) and not _numeric(words) and not read_unit(words)
    )


def _own(words: str) -> tuple[float, str, str] | None:
    """Value, unit and words of a cell that is one number with its unit: 1,262吨."""
    found = parse_figures(words) if any(c.isdigit() for c in plain(words)) else ()
    if len(found) != 1 or found[0].span or len(words) - len(found[0].printed) > 4:
        return None
    return found[0].value, found[0].unit, found[0].printed


def _read(document: Document, table: Table, cell: Cell) -> Cell:
    """The cell with its figure, if it holds one."""
    if cell.row <= table.header or not cell.text or _is_year(cell.text):
        return cell
    if own := _own(cell.text):
        value, unit, printed = own
    elif found := bare_number(cell.text):
        if cell.column == 1 or _serial(table, cell):
            return cell
        words = _unit_of(table, cell)
        known = read_unit(words) or Unit(
            words if _UNIT_WORD.fullmatch(words) else "", "", Decimal(1)
        )
        value, unit, printed = float(found[0] * known.factor), known.base, cell.text + words
    else:
        return cell
    place = quote(document, cell.start, cell.end, (cell.row, cell.column))
    return Cell(
        cell.text, cell.start, cell.end, cell.row, cell.column, Figure(value, unit, printed, place)
    )


def _serial(table: Table, cell: Cell) -> bool:
    """Whether the column is one of serial numbers, years, codes or telephone numbers."""
    return bool(_SERIAL_NAME.search(table.column_name(cell.column)))


def _unit_of(table: Table, cell: Cell) -> str:
    """Unit printed for a bare number by its surroundings; "" where none is."""
    column, row = table.column_name(cell.column), table.row_name(cell.row)
    given = _header_unit(column) or _row_unit(table, cell) or _header_unit(row)
    if given := given or _implied(column) or _implied(row):
        return given
    if not table.unit or _SHARE_NAME.search(column + row) or _COUNT_NAME.search(column + row):
        return ""
    return table.unit


def _implied(words: str) -> str:
    """The unit that a header's last words are: 参训人次 -> 人次, 开课次数 -> 次."""
    found = _IMPLIED.search(words)
    return (found["unit"] or found["bare"]) if found else ""


def _row_unit(table: Table, cell: Cell) -> str:
    """The unit in the row's cell of the column headed 单位, or in a cell that is only a unit."""
    for other in table.rows[cell.row - 1]:
        if other.column != cell.column and other.text and read_unit(other.text):
            return other.text
    for other in table.rows[cell.row - 1]:
        if other.text and _UNIT_COLUMN.fullmatch(table.column_name(other.column)):
            return other.text
    return ""


@lru_cache(maxsize=4096)
def _unit_place(words: str) -> re.Match[str] | None:
    for pattern in (_IN_BRACKETS, _AFTER_SLASH):
        for found in pattern.finditer(words):
            if read_unit(found["unit"]):
                return found
    return None


def _header_unit(words: str) -> str:
    found = _unit_place(words)
    return found["unit"].strip() if found else ""
