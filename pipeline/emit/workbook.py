"""sheet.xlsx: the coverage sheet of one report, with room for the expert's verdict."""

from __future__ import annotations

from html import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.emit.cover import write_cover
from pipeline.emit.escape import cell
from pipeline.emit.excel import Book, height, in_page, lines, offer, write_heads, write_text
from pipeline.emit.facts_book import write_table
from pipeline.emit.tab import Formula, Link, Tab, Value
from pipeline.emit.view import Row, Section, View
from pipeline.emit.words import DRAFT, LEVELS, STATUS, VERDICTS

QUOTE_LIMIT = 2_000  # a quote is 30-200 characters; what is longer reads better in sheet.html
HEADS = {
    "指标编号": 13,
    "指标": 26,
    "状态": 11,
    "层级": 13,
    "置信度": 8,
    "最佳证据原文": 62,
    "位置": 13,
    "原文": 8,
    "专家结论": 12,
    "专家层级": 9,
    "备注": 22,
}
VERDICT = list(HEADS).index("专家结论")
FIRST = 3  # row of the first finding, below title, subtitle and header
DOUBT_HEADS = {
    "指南": 16,
    "指标编号": 13,
    "指标": 26,
    "置信度": 8,
    "最可能的原文": 66,
    "位置": 13,
    "原文": 8,
    "填写结论": 10,
    "专家结论": 12,
}


def sheet_xlsx(view: View) -> bytes:
    """The workbook: cover, findings that wait for an expert, a tab for each framework."""
    entry = view.score.submission
    book = Book(f"{entry.registration.company or entry.file} 指标覆盖表")
    cover = book.sheet("总览")
    doubt = book.sheet("待专家判断", "#C47F12")
    tabs = {}
    for table in view.tables:
        write_table(book, book.sheet(table.tab, "#2F7D5B"), table, table.tab)
        tabs[table.id] = book.tabs[-1]
    for section in view.sections:
        sheet = book.sheet(section.framework.short, "#5B8DB8")
        tabs[section.framework.id] = book.tabs[-1]
        _write_section(book, sheet, section)
    for sheet in book.workbook.worksheets():
        _write_footer(sheet, view)
    _write_doubt(book, doubt, view, tabs)
    write_cover(book, cover, view, tabs)
    return book.bytes()


def _write_footer(sheet: Worksheet, view: View) -> None:
    mark = view.score.submission.sha256[:12]
    code = view.versions.code.replace("&", "&&")[:60]
    sheet.set_footer(f"&L&8责鉴 {code} · 报告指纹 {mark}&C&8&A&R&8第 &P 页，共 &N 页")


def _subtitle(section: Section) -> str:
    c = section.coverage
    shares = f"覆盖率 {c.weighted:.0%}（90%区间 {c.low:.0%}–{c.high:.0%}）"
    draft = f"　【{DRAFT}】{section.framework.draft_note}" if section.framework.draft else ""
    return shares + draft


def _write_section(book: Book, sheet: Tab, section: Section) -> None:
    write_heads(book, sheet, FIRST - 1, HEADS)
    write_text(sheet, 0, 0, section.framework.title, book.format("title"))
    tone = "warning" if section.framework.draft else "subtitle"
    write_text(sheet, 1, 0, _subtitle(section), book.format(tone))
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    for n, row in enumerate(section.rows, FIRST):
        _write_row(book, sheet, n, row)
    _finish(sheet, FIRST - 1, len(section.rows), len(HEADS))
    sheet.freeze_panes(FIRST, 2)
    if section.rows:
        last = FIRST + len(section.rows) - 1
        book.make_room(sheet, FIRST, last, list(HEADS))
        _offer_verdicts(sheet, FIRST, last)


def _finish(sheet: Worksheet, head: int, rows: int, columns: int) -> None:
    sheet.autofilter(head, 0, head + max(rows, 1), columns - 1)
    sheet.repeat_rows(head)


def _quote(row: Row) -> str:
    if not row.best:
        return row.finding.note or "没有接近的表述"
    return cell(("未采信，最接近：" if row.missed else "") + row.quote, QUOTE_LIMIT)


def _write_row(book: Book, sheet: Tab, n: int, row: Row) -> None:
    f, quote, form = row.finding, _quote(row), book.format
    told: tuple[tuple[Value, Format], ...] = (
        (f.indicator, form("line")),
        (f.name, form("line")),
        (STATUS[f.status], form(f.status)),
        (row.level, form("centred")),
        (f.probability, form("share")),
        (quote, form("missed" if row.missed else "line")),
        (row.place.replace(" · ", "\n"), form("centred")),
        (in_page(row.anchor), form("link")),
    )
    sheet.write_line(n, told, _height(quote, HEADS["最佳证据原文"], f.name, HEADS["指标"]))


def _height(quote: str, wide: float, name: str, narrow: float) -> float:
    return height(max(2, lines(quote, wide), lines(name, narrow)))


def _offer_verdicts(sheet: Worksheet, first: int, last: int) -> None:
    offer(sheet, first, last, VERDICT, VERDICTS)
    sheet.data_validation(
        first,
        VERDICT + 1,
        last,
        VERDICT + 1,
        {
            "validate": "list",
            "source": list(range(len(LEVELS))),
            "input_title": "专家层级",
            "input_message": "\n".join(f"{n} {name}" for n, name in enumerate(LEVELS)),
            "error_title": "专家层级",
            "error_message": "请填0至4。",
        },
    )


def _write_doubt(book: Book, sheet: Tab, view: View, tabs: dict[str, str]) -> None:
    rows = view.doubtful()
    write_heads(book, sheet, FIRST - 1, DOUBT_HEADS)
    write_text(sheet, 0, 0, "待专家判断", book.format("title"))
    said = f"共{len(rows)}项，最拿不准的在前。结论请填在各指南页（点“去填写”），本页自动显示。"
    write_text(sheet, 1, 0, said, book.format("subtitle"))
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    at = {r.anchor: n for s in view.sections for n, r in enumerate(s.rows, FIRST)}
    for n, (section, row) in enumerate(rows, FIRST):
        verdict = f"{quote_sheetname(tabs[section.framework.id])}!" + xl_rowcol_to_cell(
            at[row.anchor], VERDICT
        )
        _write_doubtful(book, sheet, n, section, row, verdict)
    _finish(sheet, FIRST - 1, len(rows), len(DOUBT_HEADS))
    sheet.freeze_panes(FIRST, 0)


def _write_doubtful(
    book: Book, sheet: Tab, n: int, section: Section, row: Row, verdict: str
) -> None:
    f, quote, form = row.finding, _quote(row), book.format
    told: tuple[tuple[Value, Format], ...] = (
        (section.framework.short, form("line")),
        (f.indicator, form("line")),
        (f.name, form("line")),
        (f.probability, form("share")),
        (quote, form("line")),
        (row.place.replace(" · ", "\n"), form("centred")),
        (in_page(row.anchor), form("link")),
        (Link("去填写", f'location="{escape(verdict)}"'), form("link")),
        (Formula(f'IF({verdict}="","",{verdict})'), form("centred")),
    )
    wide, narrow = DOUBT_HEADS["最可能的原文"], DOUBT_HEADS["指标"]
    sheet.write_line(n, told, _height(quote, wide, f.name, narrow))
