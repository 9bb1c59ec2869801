"""What all our workbooks share: formats, safe writing, print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.emit.escape import cell, tab_name
from pipeline.emit.tab import Link, Packed, Tab

# xlsxwriter stamps the clock unless told otherwise; a fixed day keeps re-runs byte-identical.
_CREATED = datetime(2000, 1, 1)
_FONT: dict[str, Any] = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
BRAND, SEAL, SOFT, LINE = "#17375E", "#A5282C", "#5B6877", "#D3DAE2"
TONES = {
    "disclosed": ("#1E6A49", "#DFF0E7"),
    "needs_expert": ("#8A5600", "#FDEFD2"),
    "not_found": ("#97302D", "#F9E1DF"),
    "unreadable": ("#54447F", "#E8E3F4"),
    "not_applicable": ("#5B6877", "#EDF0F3"),
    "failed": ("#97302D", "#F9E1DF"),
    "partial": ("#8A5600", "#FDEFD2"),
    "done": ("#1E6A49", "#DFF0E7"),
    "skipped": ("#5B6877", "#EDF0F3"),
    "dimension": ("#FFFFFF", "#3F648C"),
}
_SAME = {  # tones by another name: states of checks, index lines and conditions
    "error": "not_found",
    "doubt": "needs_expert",
    "note": "not_applicable",
    "found": "disclosed",
    "elsewhere": "needs_expert",
    "page_missing": "unreadable",
    "met": "disclosed",
    "absent": "not_found",
    "confirm": "needs_expert",
}
_GRID = {"border": 1, "border_color": LINE}
ENTRIES = frozenset({"专家结论", "专家层级", "专家得分", "备注"})  # columns in which experts write
_ENTRY = {"bg_color": "#FFFBE6"} | _GRID
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": BRAND},
    "subtitle": {"font_size": 11, "font_color": SOFT},
    "warning": {"font_size": 11, "font_color": SEAL},
    "heading": {"bold": True, "font_size": 12, "font_color": BRAND, "bottom": 2}
    | {"bottom_color": SEAL},
    "label": {"font_color": SOFT, "bg_color": "#F3F6F9", "indent": 1} | _GRID,
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": BRAND, "text_wrap": True}
    | {"align": "center"}
    | _GRID,
    "text": {"indent": 1} | _GRID,
    "plain": {},
    "line": {"text_wrap": True, "indent": 1} | _GRID,
    "missed": {"text_wrap": True, "indent": 1, "font_color": SOFT} | _GRID,
    "centred": {"text_wrap": True, "align": "center"} | _GRID,
    "share": {"num_format": "0%", "align": "center"} | _GRID,
    "bar": {"num_format": "0%", "align": "left", "indent": 1} | _GRID,
    "year": {"num_format": "0", "align": "center"} | _GRID,
    "count": {"num_format": "#,##0", "align": "center"} | _GRID,
    "decimal": {"num_format": "0.0", "align": "center"} | _GRID,
    "figure": {"num_format": "#,##0.0#####", "align": "center"} | _GRID,
    "points": {"num_format": "0.0", "align": "left", "indent": 1} | _GRID,
    "alarm": {"font_color": SEAL, "bg_color": "#FCE9E7", "bold": True, "text_wrap": True}
    | {"border": 2, "border_color": SEAL},
    "link": {"font_color": "#1D5A9E", "underline": 1, "align": "center"} | _GRID,
    "link_left": {"font_color": "#1D5A9E", "underline": 1, "indent": 1} | _GRID,
    "entry": {"text_wrap": True},
    "note": {"font_color": SOFT, "text_wrap": True, "valign": "top"},
    "draft": {"font_color": SEAL, "text_wrap": True},
    "quote": {"text_wrap": True, "font_size": 11, "indent": 1} | _GRID,
}


@dataclass
class Book:
    """A workbook being made in memory."""

    title: str
    formats: dict[str, Format] = field(default_factory=dict)
    tabs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workbook = Packed()
        self.workbook.set_properties({"title": cell(self.title, 255), "created": _CREATED})
        self.workbook.set_size(2400, 1500)
        self._shade = self.workbook.add_format(_ENTRY)

    def format(self, name: str) -> Format:
        """The format of that name; statuses have one each."""
        if name not in self.formats:
            self.formats[name] = self.workbook.add_format(_FONT | dict(_style(name)))
        return self.formats[name]

    def sheet(self, name: str, colour: str = BRAND) -> Tab:
        """A new tab, named as near to ``name`` as Excel allows, set up for A4 landscape."""
        self.tabs.append(tab_name(name, self.tabs))
        sheet: Tab = self.workbook.add_worksheet(self.tabs[-1], Tab)
        sheet.set_tab_color(colour)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def make_room(self, sheet: Worksheet, first: int, last: int, heads: Sequence[str]) -> None:
        """Shade the expert's columns in rows ``first``-``last``, by one rule and no cells."""
        columns = [n for n, head in enumerate(heads) if head in ENTRIES]
        shade = {"type": "formula", "criteria": "=TRUE", "format": self._shade}
        sheet.conditional_format(first, columns[0], last, columns[-1], shade)

    def bytes(self) -> bytes:
        """Close the workbook and return it."""
        return self.workbook.bytes()


def _style(name: str) -> Mapping[str, Any]:
    if name in _STYLES:
        return _STYLES[name]
    ink, ground = TONES[_SAME.get(name, name)]
    return {"font_color": ink, "bg_color": ground, "align": "center"} | _GRID


def write_text(sheet: Worksheet, row: int, col: int, text: str, form: Format) -> None:
    """Write ``text`` as text, whatever it looks like: never a formula, number or link."""
    sheet._write_string(row, col, cell(text), form)  # the public name only looks for "A1"


def in_page(anchor: str) -> Link:
    """A link to the element ``anchor`` (see escape.anchor) of sheet.html beside the workbook."""
    return Link("查看", f'location="{anchor}" tooltip="在网页版中查看上下文"', "sheet.html")


def write_number(sheet: Worksheet, row: int, col: int, value: float | None, form: Format) -> None:
    """Write a number, or an empty cell where there is none."""
    if value is None:
        sheet.write_blank(row, col, None, form)
    else:
        sheet.write_number(row, col, value, form)


def offer(sheet: Worksheet, first: int, last: int, col: int, choices: Sequence[str]) -> None:
    """Let an expert choose from a list, and nothing else, in rows ``first``-``last``."""
    rule = {
        "validate": "list",
        "source": list(choices),
        "error_title": "专家结论",
        "error_message": f"请从列表中选择：{'、'.join(choices)}。",
    }
    sheet.data_validation(first, col, last, col, rule)


def write_heads(book: Book, sheet: Worksheet, row: int, heads: Mapping[str, float]) -> None:
    """Write a header row and set the columns' widths (in characters)."""
    for col, (head, width) in enumerate(heads.items()):
        wrap = book.format("entry") if head in ENTRIES else None
        sheet.set_column(col, col, width, wrap)
        sheet.write_string(row, col, head, book.format("head"))
    sheet.set_row(row, 32)


def merged(
    book: Book,
    sheet: Worksheet,
    widths: Sequence[float],
    row: int,
    text: str,
    style: str,
    first: int = 0,
) -> int:
    """Write ``text`` across the columns from ``first`` on, as high as it needs; the next row."""
    text = cell(text)
    sheet.merge_range(row, first, row, len(widths) - 1, "", book.format(style))
    write_text(sheet, row, first, text, book.format(style))
    sheet.set_row(row, min(5 + 16 * lines(text, sum(widths[first:])), 400))
    return row + 1


def height(lines: int) -> float:
    """Points that a row of so many lines takes; Excel stops at 409."""
    return min(6 + 16 * lines, 400)


@lru_cache(maxsize=4096)  # an indicator's name is in every report, a quote in several tabs
def lines(text: str, width: float) -> int:
    """Rows that ``text`` takes in a wrapped cell of ``width``; a Chinese character takes two."""
    room = max(int(width) - 3, 1)
    if "\n" not in text:
        return max(1, -(-_units(text) // room))
    return sum(max(1, -(-_units(part) // room)) for part in text.split("\n"))


def _units(text: str) -> int:
    """Width in Latin letters: UTF-8 has a byte for each of those and three for a Chinese one."""
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2
