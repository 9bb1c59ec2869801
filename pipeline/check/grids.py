"""A table as lines of amounts: the same reading of its rows and of its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.check.amounts import Amount, amount
from pipeline.measure import Cell, Table

TOTAL = re.compile(r"(?:合计|总计|小计|共计|总和)(?:数|人数)?(?:[（(/].*)?$")
_COUNT = re.compile(
    r"人数|员工|次数|件数|数量|个数|户数|家数|证书|[（(](?:人|名|次|件|家|项|个)[)）]"
)
_NOTHING = frozenset({"", "-", "—", "－", "–", "--", "——", "/", "／", "无"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a table.

    Attributes:
        name: Its label, without spaces; the header's words for a column.
        group: The label before its label (性别, 年龄 ...), "" for none.
        cells: Amounts in order; None where the cell holds none.
        odd: For each cell, whether it holds something that is no number: a sum over it is void.
    """

    name: str
    group: str
    cells: tuple[Amount | None, ...]
    odd: tuple[bool, ...]

    @property
    def blank(self) -> bool:
        """Whether it holds no amount at all (a heading inside the table)."""
        return not any(self.cells)


def by_rows(table: Table) -> tuple[Line, ...]:
    """The rows below the header, each with the amounts of all columns.

    A row of another length than the first has lost or won cells (merged ones, as a PDF shows
    them): what stands under what is unknown, and all its cells are odd.
    """
    width = len(table.rows[0]) if table.rows else 0
    return tuple(
        _row(table, number, width) for number in range(table.header + 1, len(table.rows) + 1)
    )


def by_columns(table: Table) -> tuple[Line, ...]:
    """The columns, each with the amounts of all rows below the header."""
    rows = by_rows(table)
    width = len(table.rows[0]) if rows else 0
    return tuple(
        Line(
            tight(table.column_name(at + 1)),
            "",
            tuple(row.cells[at] for row in rows),
            tuple(row.odd[at] for row in rows),
        )
        for at in range(width)
    )


def tight(words: str) -> str:
    """Words without the spaces of the typesetter."""
    return "".join(words.split())


def _row(table: Table, number: int, width: int) -> Line:
    cells = table.rows[number - 1]
    name, first = tight(table.row_name(number)), tight(cells[0].text)
    group = first if first != name else ""
    if len(cells) != width:
        return Line(name, group, (None,) * width, (True,) * width)
    amounts = tuple(_amount(table, cell, name) for cell in cells)
    odd = tuple(
        known is None and cell.text not in _NOTHING
        for cell, known in zip(cells, amounts, strict=True)
    )
    return Line(name, group, amounts, odd)


def _amount(table: Table, cell: Cell, name: str) -> Amount | None:
    if cell.figure is None or _digits(cell.text) != _digits(cell.figure.printed):
        return None  # 4. 79: digits that the file has torn apart
    return amount(cell.figure, bool(_COUNT.search(name + table.column_name(cell.column))))


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)
