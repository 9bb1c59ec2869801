"""The tabs of sheet.xlsx that show a report's facts: one writer for all tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from xlsxwriter.format import Format

from pipeline.emit.escape import cell
from pipeline.emit.excel import Book, height, in_page, lines, offer, write_heads, write_text
from pipeline.emit.tab import Link, Tab
from pipeline.emit.tab import Value as Cell
from pipeline.emit.tables import Badge, Column, Quotes, Table, Value, mark, where

FIRST = 3  # first row below title, subtitle and header
SHOWN = 4  # quotes in a cell; sheet.html has them all
ONE, MANY = 800, 160  # characters of a quote that stands alone, and of one among several
POINTS_BAR = {
    "type": "data_bar",
    "bar_color": "#8FB0D3",
    "bar_solid": True,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 100,
}
VERDICT, POINTS, REMARK = "专家结论", "专家得分", "备注"  # columns in which experts write
POINTS_RULE = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": 0,
    "maximum": 100,
    "error_title": POINTS,
    "error_message": "请填0至100。",
}
FORMATS = {"text": "line", "points": "points", "share": "share"}


def write_table(book: Book, sheet: Tab, table: Table, title: str) -> None:
    """Fill a tab with a table, its quotes linked into sheet.html."""
    heads = _heads(table)
    write_heads(book, sheet, FIRST - 1, heads)
    write_text(sheet, 0, 0, title, book.format("title"))
    write_text(sheet, 1, 0, table.said, book.format("subtitle"))
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    for n, row in enumerate(table.rows, FIRST):
        _write_row(book, sheet, n, table.columns, row)
    last = FIRST + len(table.rows) - 1
    for col, column in enumerate(_spread(table.columns)):
        if column.kind == "points":
            sheet.conditional_format(FIRST, col, last, col, POINTS_BAR)
    if table.verdicts or table.scored:
        book.make_room(sheet, FIRST, last, list(heads))
    if table.verdicts:
        offer(sheet, FIRST, last, list(heads).index(VERDICT), table.verdicts)
    if table.scored:
        col = list(heads).index(POINTS)
        sheet.data_validation(FIRST, col, last, col, POINTS_RULE)
    sheet.autofilter(FIRST - 1, 0, last, len(heads) - 1)
    sheet.repeat_rows(FIRST - 1)
    sheet.freeze_panes(FIRST, 2)


def _spread(columns: Sequence[Column]) -> list[Column]:
    """Columns of the tab: a quote takes three, for its words, its place and the link."""
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if column.kind == "quotes":
            found += [Column("位置", 15), Column("查看", 8)]
    return found


def _heads(table: Table) -> dict[str, float]:
    heads = {column.name: column.width for column in _spread(table.columns)}
    entry = {VERDICT: 12.0} if table.verdicts else {POINTS: 10.0} if table.scored else {}
    return heads | entry | ({REMARK: 24.0} if entry else {})


def _write_row(
    book: Book, sheet: Tab, n: int, columns: Sequence[Column], row: Sequence[Value]
) -> None:
    told: list[tuple[Cell, Format]] = []
    needed = 1
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, Quotes):
            words, places, link = _quoted(value)
            forms = (book.format(name) for name in ("line", "centred", "link"))
            told += zip((words, places, link), forms, strict=True)
            needed = max(needed, lines(words, 58), lines(places, 15))
        elif isinstance(value, Badge):
            told.append((value.label, book.format(value.tone)))
        else:
            told.append((value, book.format(_form(column, value))))
            needed = max(needed, lines(value, column.width) if isinstance(value, str) else 1)
    sheet.write_line(n, told, height(needed))


def _form(column: Column, value: str | float | None) -> str:
    if isinstance(value, str):
        return "line"
    if column.kind == "figure" and value is not None and not float(value).is_integer():
        return "figure"
    return FORMATS.get(column.kind, "count")


def _quoted(value: Quotes) -> tuple[str, str, Link | None]:
    """The words, where they stand, and the link to the first of them."""
    quotes, limit = value.quotes, ONE if len(value.quotes) == 1 else MANY
    told = [f"“{cell(words, limit)}”" for _, words in islice(value.shown(), SHOWN)]
    if len(quotes) > SHOWN:
        told.append(f"……共{len(quotes)}处，其余见网页版")
    places = dict.fromkeys(where(q).replace(" · ", " ") for q in quotes[:SHOWN])
    anchor = next((mark(q) for q in quotes if mark(q)), "")
    return "\n".join(told), "\n".join(places), in_page(anchor) if anchor else None
