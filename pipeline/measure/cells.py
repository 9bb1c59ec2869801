"""A table as a grid of cells: which header and which label a cell has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.facts import Figure
from pipeline.measure.numbers import bare_number, parse_figures
from pipeline.measure.units import has_digit, plain, read_unit

_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\s?\d)(?:\s?年|\s?财年|/\d\d)?(?!\d)")
_YEAR_CELL = re.compile(
    r"(?:19|20)\d\s?\d(?:\s?年?度?|\s?财年|年末|年底|[./-]\d{1,2}(?:[./-]\d{1,2})?)|[012]\d年"
)
_SHORT = re.compile(r"\s*([012]\d)\s?年\s*")
_REMARK = re.compile(r"单位名称|方式|处置类|目标|措施|备注|说明|机构")  # columns that name nothing
_KNOWN = 4096  # cells whose reading is kept: header, label and sum rules ask for it in turn
_WORDS = re.compile(r"[一-鿿]|[A-Za-z]{2}")


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
        heads: Column names taken over from the page before, where it goes on without header.
    """

    paragraph: int
    caption: str
    unit: str
    header: int
    rows: tuple[tuple[Cell, ...], ...]
    heads: tuple[str, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a 1-based place; None outside the grid."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    @property
    def width(self) -> int:
        """How many columns its header has; of the widest row where there is none."""
        rows = self.rows[: self.header] or self.rows
        return len(self.heads) or max(map(len, rows))

    def column_name(self, column: int) -> str:
        """Words of the header rows above a column, joined by a space; "" without header."""
        if self.heads:
            return self.heads[column - 1] if column <= len(self.heads) else ""
        cells = (self.cell(row, column) for row in range(1, self.header + 1))
        return " ".join(cell.text for cell in cells if cell and cell.text)

    def row_name(self, row: int) -> str:
        """The first label of a row (指标), which is no figure and no unit; "" for none."""
        return next((c.text for c in self.rows[row - 1] if is_label(c.text)), "")

    def column_of(self, cell: Cell) -> int:
        """The header's column of a cell; a row that opens with a group's name is one longer."""
        row = self.rows[cell.row - 1]
        extra = len(row) - self.width
        if extra <= 0 or any(is_numeric(other.text) for other in row[: extra + 1]):
            return cell.column
        return max(1, cell.column - extra)

    def head(self, cell: Cell) -> str:
        """The name of the column that a cell belongs to."""
        return self.column_name(self.column_of(cell))

    def labels(self, cell: Cell) -> list[str]:
        """The labels left of a cell, outermost first: group, name; no remarks on them."""
        left = self.rows[cell.row - 1][: cell.column - 1]
        return [c.text for c in left if is_label(c.text) and not _REMARK.search(self.head(c))]


def year_in(words: str) -> str:
    """The year that ``words`` name (2022年, 22年), e.g. a header; "" for none or several."""
    if short := _SHORT.fullmatch(plain(words)):
        return f"20{short[1]}"
    years = {match["year"].replace(" ", "") for match in _YEAR.finditer(plain(words))}
    return years.pop() if len(years) == 1 else ""


@lru_cache(maxsize=_KNOWN)
def is_year(words: str) -> bool:
    """Whether a cell is a year and nothing else."""
    return bool(_YEAR_CELL.fullmatch(plain(words).strip()))


@lru_cache(maxsize=_KNOWN)
def is_numeric(words: str) -> bool:
    """Whether a cell holds a figure: a bare number that is no year, or a number with a unit."""
    if is_year(words):
        return False
    return bare_number(words) is not None or own_figure(words) is not None


def is_label(words: str) -> bool:
    """Whether a cell names something: no number, no unit, no lone serial number."""
    return bool(_WORDS.search(words)) and not is_numeric(words) and not read_unit(words)


@lru_cache(maxsize=_KNOWN)
def own_figure(words: str) -> tuple[float, str, str] | None:
    """Value, unit and words of a cell that is one number with its unit: 1,262吨."""
    found = parse_figures(words) if has_digit(plain(words)) else ()
    if len(found) != 1 or found[0].span or len(words) - len(found[0].printed) > 4:
        return None
    return found[0].value, found[0].unit, found[0].printed
