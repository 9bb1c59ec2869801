"""Rows of a filled sheet in which an expert wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from pipeline.desk.store.rulings import LONGEST, Choice

HEADER_ROWS = 12  # the header stands among the first rows of a tab
ONLY_REMARK = "只有备注，没有结论，未导入。"
Told = tuple[str, Choice | str]  # where it stands; the decision, or why it is none, in Chinese


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a tab: its cells by their column's name."""

    place: str  # tab and row, for sentences
    cells: dict[str, Any]

    def text(self, name: str) -> str:
        """A cell as text; "" where it is blank."""
        return str(self.cells[name] or "").strip()

    @property
    def why(self) -> str:
        """The expert's remark."""
        return self.text("备注")[:LONGEST]


def filled(tab: Worksheet, wanted: tuple[str, ...], entries: tuple[str, ...]) -> Iterator[Row]:
    """Rows in which one of the columns ``entries`` is filled.

    Args:
        tab: A worksheet, values as saved.
        wanted: Names of columns to read; a tab that lacks one has no such rows.
        entries: Those of them in which experts write.
    """
    head = _head(tab, wanted)
    if head is None:
        return
    number, columns = head
    for n, cells in enumerate(tab.iter_rows(number + 1, values_only=True), number + 1):
        told = {name: cells[column] for name, column in columns.items()}
        if any(told[name] not in (None, "") for name in entries):
            yield Row(f"{tab.title} 第{n}行", told)


def _head(tab: Worksheet, wanted: tuple[str, ...]) -> tuple[int, dict[str, int]] | None:
    """Row number of the header, and where the wanted columns are; None if there is none."""
    for n, cells in enumerate(tab.iter_rows(1, HEADER_ROWS, values_only=True), 1):
        if set(wanted) <= set(cells):
            return n, {name: cells.index(name) for name in wanted}
    return None
