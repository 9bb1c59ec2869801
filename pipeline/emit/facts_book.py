"""The tabs of sheet.xlsx that show a report's facts: one writer for all tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from xlsxwriter.worksheet import Worksheet

from pipeline.emit.escape import cell
from pipeline.emit.excel import (
    Book,
    lines,
    offer,
    write_heads,
    write_link,
    write_number,
    write_text,
)
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


def write_table(book: Book, sheet: Worksheet, table: Table, title: str) -> None:
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
    book: Book, sheet: Worksheet, n: int, columns: Sequence[Column], row: Sequence[Value]
) -> None:
    col, needed = 0, 1
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, Quotes):
            needed = max(needed, _write_quotes(book, sheet, n, col, value))
            col += 3
        else:
            needed = max(needed, _write_value(book, sheet, n, col, column, value))
            col += 1
    sheet.set_row(n, min(6 + 16 * needed, 400))


def _write_value(
    book: Book, sheet: Worksheet, n: int, col: int, column: Column, value: Value
) -> int:
    """Write one cell; returns the lines it takes."""
    if isinstance(value, Badge):
        write_text(sheet, n, col, value.label, book.format(value.tone))
    elif isinstance(value, str):
        write_text(sheet, n, col, value, book.format("line"))
        return lines(value, column.width)
    elif column.kind == "figure" and isinstance(value, float | int):
        whole = float(value).is_integer()
        sheet.write_number(n, col, value, book.format("count" if whole else "figure"))
    elif not isinstance(value, Quotes):
        write_number(sheet, n, col, value, book.format(FORMATS.get(column.kind, "count")))
    return 1


def _write_quotes(book: Book, sheet: Worksheet, n: int, col: int, value: Quotes) -> int:
    quotes, limit = value.quotes, ONE if len(value.quotes) == 1 else MANY
    told = [f"“{cell(words, limit)}”" for _, words in islice(value.shown(), SHOWN)]
    more = f"……共{len(quotes)}处，其余见网页版" if len(quotes) > SHOWN else ""
    text = "\n".join([*told, more] if more else told)
    places = "\n".join(dict.fromkeys(where(q).replace(" · ", " ") for q in quotes[:SHOWN]))
    write_text(sheet, n, col, text, book.format("line"))
    write_text(sheet, n, col + 1, places, book.format("centred"))
    if anchor := next((mark(q) for q in quotes if mark(q)), ""):
        write_link(book, sheet, n, col + 2, anchor)
    else:
        sheet.write_blank(n, col + 2, None, book.format("link"))
    return max(lines(text, 58), lines(places, 15))
