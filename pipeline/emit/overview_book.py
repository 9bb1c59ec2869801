"""overview.xlsx: the year's figures, what to ask for, a row for each report."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from pipeline.emit.escape import cell
from pipeline.emit.excel import SEAL, Book, lines, write_heads, write_number, write_text
from pipeline.emit.summary import Summary
from pipeline.emit.words import DRAFT, FILE_STATUS
from pipeline.emit.yearview import Distribution, YearRow, YearView
from pipeline.frameworks import Framework

FIRST = 3  # first row below title, subtitle and header
ASK_HEADS = {"状态": 11, "企业名称": 30, "推荐单位": 24, "文件": 36, "请企业补交或核对": 70}
ORPHAN_HEADS = {"情况": 20, "企业名称": 32, "推荐单位": 26, "登记的文件名": 36, "未登记的文件": 44}
SPREAD_HEADS = ("指南", "报告数", "平均", "最低", "下四分位", "中位数", "上四分位", "最高")
LIST_HEADS = {
    "状态": 10,
    "企业名称": 32,
    "行业": 16,
    "所在区": 12,
    "年度": 8,
    "页数": 8,
    "字数": 10,
    "待专家": 9,
    "矛盾": 8,
    "疑点": 8,
    "警示": 8,
    "网页版": 8,
    "表格版": 8,
}
QUALITY_HEADS = {
    "质量总分": 10.0,
    "档次": 10.0,
    "年度百分位": 10.0,
    "行业百分位": 10.0,
    "同篇幅高出": 11.0,
}
SERIES = ("#1F4F86", "#C47F12", "#2F7D5B", "#8FB0D3")  # more columns a bin cannot be told apart
SCALE = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": 0,
    "mid_value": 0.5,
    "max_value": 1,
    "min_color": "#F6D5CE",
    "mid_color": "#FBF3DA",
    "max_color": "#A9D8BC",
}


def overview_xlsx(view: YearView) -> bytes:
    """The workbook: figures, what to ask for, orphans, and the list of reports."""
    book = Book(f"{view.year.versions.named} 年度总览")
    _write_front(book, book.sheet("概览"), view)
    _write_asks(book, book.sheet("需补交材料", SEAL), view)
    _write_list(book, book.sheet("报告一览", "#2F7D5B"), view)
    _write_orphans(book, book.sheet("登记与文件核对", "#C47F12"), view)
    for sheet in book.workbook.worksheets():
        sheet.set_footer("&C&8&A&R&8第 &P 页，共 &N 页")
    return book.bytes()


def _write_title(book: Book, sheet: Worksheet, title: str, subtitle: str) -> None:
    write_text(sheet, 0, 0, title, book.format("title"))
    write_text(sheet, 1, 0, subtitle, book.format("subtitle"))
    sheet.set_row(0, 32)
    sheet.set_row(1, 22)


def _said(view: YearView) -> str:
    counts = "，".join(f"{FILE_STATUS[s]}{n}" for s, n in view.counts.items() if n)
    return f"共{len(view.rows)}个文件：{counts or '无'}"


def _write_front(book: Book, sheet: Worksheet, view: YearView) -> None:
    _write_title(book, sheet, f"{view.year.versions.named} 年度总览", _said(view))
    sheet.set_portrait()
    sheet.set_default_row(18)
    sheet.set_column(len(SPREAD_HEADS), 30, 13)  # more frameworks than figures
    write_heads(book, sheet, 2, dict(zip(SPREAD_HEADS, (26, *(13,) * 7), strict=True)))
    row = FIRST
    for row, found in enumerate(view.distributions, FIRST):
        _write_spread(book, sheet, row, found)
    row = _write_bins(book, sheet, row + 2, view)
    _write_versions(book, sheet, row + 1, view)


def _name(framework: Framework) -> str:
    return framework.short + (f"（{DRAFT}）" if framework.draft else "")


def _write_spread(book: Book, sheet: Worksheet, row: int, found: Distribution) -> None:
    w = found.whole
    write_text(sheet, row, 0, _name(found.framework), book.format("text"))
    sheet.write_number(row, 1, found.count, book.format("count"))
    for col, share in enumerate((found.mean, w.low, w.first, w.median, w.third, w.high), 2):
        sheet.write_number(row, col, share, book.format("share"))
    sheet.set_row(row, 20)


def _write_bins(book: Book, sheet: Worksheet, row: int, view: YearView) -> int:
    """Histogram counts, a column each framework, and their chart; returns the row below."""
    if not view.distributions:
        return row
    bins = view.distributions[0].bins
    write_text(sheet, row, 0, "覆盖率区间（报告数）", book.format("head"))
    sheet.set_row(row, 32)
    for n, bar in enumerate(bins, row + 1):
        write_text(sheet, n, 0, bar.name, book.format("text"))
    for col, found in enumerate(view.distributions, 1):
        write_text(sheet, row, col, _name(found.framework), book.format("head"))
        for n, bar in enumerate(found.bins, row + 1):
            sheet.write_number(n, col, bar.count, book.format("count"))
    _draw_bins(book, sheet, row, len(bins), len(view.distributions))
    return row + len(bins) + 18


def _draw_bins(book: Book, sheet: Worksheet, head: int, bins: int, columns: int) -> None:
    chart, tab, last = book.workbook.add_chart({"type": "column"}), sheet.get_name(), head + bins
    for col, colour in enumerate(SERIES[:columns], 1):
        chart.add_series(
            {
                "name": [tab, head, col],
                "categories": [tab, head + 1, 0, last, 0],
                "values": [tab, head + 1, col, last, col],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    more = "" if columns <= len(SERIES) else f"（前{len(SERIES)}个指南）"
    chart.set_title({"name": f"覆盖率分布{more}", "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E6EAEF"}}})
    chart.set_size({"width": 780, "height": 300})
    sheet.insert_chart(last + 2, 0, chart)


def _write_versions(book: Book, sheet: Worksheet, row: int, view: YearView) -> None:
    v = view.year.versions
    told = [
        ("程序", v.code),
        ("编码器", v.encoder),
        ("匹配器", v.matcher),
        ("评审项目", f"{v.named}（{v.programme}）"),
    ]
    told += [(f"指南 {name}", digest) for name, digest in v.frameworks]
    drafts = [f for f in view.year.frameworks if f.draft]
    told += [(_name(f), f.draft_note) for f in drafts]
    for n, (label, value) in enumerate(told, row):
        write_text(sheet, n, 0, label, book.format("label"))
        write_text(sheet, n, 1, value, book.format("plain"))


def _write_asks(book: Book, sheet: Worksheet, view: YearView) -> None:
    rows = view.asks()
    _write_title(book, sheet, "需补交或核对的材料", f"共{len(rows)}份，读取失败的在前。")
    write_heads(book, sheet, 2, ASK_HEADS)
    for n, row in enumerate(rows, FIRST):
        o = row.outcome
        write_text(sheet, n, 0, FILE_STATUS[o.status], book.format(o.status))
        for col, text in enumerate((row.told.company, row.told.association, o.file, o.reason), 1):
            write_text(sheet, n, col, text, book.format("line"))
        needed = max(lines(o.reason, 70), lines(o.file, 36), lines(row.told.company, 30))
        sheet.set_row(n, min(8 + 16 * needed, 400))
    _finish(sheet, len(rows), len(ASK_HEADS))


def _finish(sheet: Worksheet, rows: int, columns: int, frozen: int = 0) -> None:
    sheet.autofilter(FIRST - 1, 0, FIRST - 1 + max(rows, 1), columns - 1)
    sheet.freeze_panes(FIRST, frozen)
    sheet.repeat_rows(FIRST - 1)


def _write_list(book: Book, sheet: Worksheet, view: YearView) -> None:
    _write_title(book, sheet, "报告一览", _said(view) + "。覆盖率按加权计算，颜色由红到绿。")
    sheet.set_default_row(19)
    guides = [d.framework for d in view.distributions]
    quality = QUALITY_HEADS | dict.fromkeys(view.dimensions, 9.0) if view.dimensions else {}
    first = len(LIST_HEADS) + len(quality)
    heads = LIST_HEADS | quality | {cell(_name(g), 60): 12.0 for g in guides} | {"文件": 40.0}
    write_heads(book, sheet, 2, heads)
    for n, row in enumerate(view.rows, FIRST):
        _write_facts(book, sheet, n, row)
        if quality:
            _write_quality(book, sheet, n, row, view.dimensions)
        for col, guide in enumerate(guides, first):
            c = row.shares.get(guide.id)
            write_number(sheet, n, col, c.weighted if c else None, book.format("share"))
        write_text(sheet, n, first + len(guides), row.outcome.file, book.format("text"))
    last = FIRST + len(view.rows) - 1
    if quality and view.rows:
        points = SCALE | {"mid_value": 50, "max_value": 100}
        start = len(LIST_HEADS) + len(QUALITY_HEADS)
        sheet.conditional_format(FIRST, len(LIST_HEADS), last, len(LIST_HEADS), points)
        sheet.conditional_format(FIRST, start, last, first - 1, points)
    if guides and view.rows:
        sheet.conditional_format(FIRST, first, last, first + len(guides) - 1, SCALE)
    _finish(sheet, len(view.rows), len(heads), frozen=2)


def _write_facts(book: Book, sheet: Worksheet, n: int, row: YearRow) -> None:
    outcome, told, found = row.outcome, row.told, row.summary
    write_text(sheet, n, 0, FILE_STATUS[outcome.status], book.format(outcome.status))
    for col, text in enumerate((told.company, told.industry, told.district), 1):
        write_text(sheet, n, col, text, book.format("text"))
    write_number(sheet, n, 4, told.year, book.format("year"))
    for col, value in enumerate(_counts(found), 5):
        write_number(sheet, n, col, value, book.format("count"))
    for col, kind in enumerate(("html", "xlsx"), 11):
        if found:
            there = f"external:{outcome.submission}/sheet.{kind}"
            sheet.write_url(n, col, there, book.format("link"), "打开")
        else:
            sheet.write_blank(n, col, None, book.format("link"))


def _counts(found: Summary | None) -> tuple[int | None, ...]:
    if found is None:
        return (None,) * 6
    checks = dict(found.checks)
    slips = checks.get("error", 0), checks.get("doubt", 0), found.alarms
    return (found.pages, found.characters, found.needs_expert, *slips)


def _write_quality(
    book: Book, sheet: Worksheet, n: int, row: YearRow, dimensions: Sequence[str]
) -> None:
    found, first = row.summary, len(LIST_HEADS)
    scores = dict(found.dimensions) if found else {}
    place = row.standing
    stood = (place.percentile, place.in_industry, place.beyond) if place else (None,) * 3
    write_number(sheet, n, first, found.quality if found else None, book.format("decimal"))
    write_text(sheet, n, first + 1, found.band if found else "", book.format("centred"))
    for col, value in enumerate((*stood, *map(scores.get, dimensions)), first + 2):
        write_number(sheet, n, col, value, book.format("decimal"))


def _write_orphans(book: Book, sheet: Worksheet, view: YearView) -> None:
    orphans = view.year.orphans
    said = f"登记而无报告{len(orphans.rows)}家；有报告而未登记{len(orphans.files)}个。"
    _write_title(book, sheet, "登记与文件核对", said)
    write_heads(book, sheet, 2, ORPHAN_HEADS)
    told = [("登记而无报告", r.company, r.association, r.file, "") for r in orphans.rows]
    told += [("有报告而未登记", "", "", "", name) for name in orphans.files]
    for n, texts in enumerate(told, FIRST):
        for col, text in enumerate(texts):
            write_text(sheet, n, col, text, book.format("line"))
    _finish(sheet, len(told), len(ORPHAN_HEADS))
