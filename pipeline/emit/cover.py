"""The first page of sheet.xlsx: who, how much, how deep, best and worst, by what version."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.emit.cover_facts import write_alarms, write_facts
from pipeline.emit.escape import cell
from pipeline.emit.excel import Book, merged, write_number, write_text
from pipeline.emit.view import Row, Section, View
from pipeline.emit.words import (
    COVERAGE_MEANING,
    DRAFT,
    LEVEL_MEANING,
    LEVELS,
    PROBABILITY_MEANING,
    STATUS,
    STATUS_MEANING,
    promised,
)

WIDTHS = (22, 24, 13, 10, 10, 10, 10, 10, 10, 10, 10)
COVERAGE_HEADS = (
    "指南",
    "覆盖率",
    "90%区间",
    *STATUS.values(),
    "平均层级",
    "核心指标",
    "专家已判",
)
LAST = len(WIDTHS) - 1
VERDICT_COLUMN = xl_col_to_name(8)  # 专家结论 on the frameworks' tabs


def write_cover(book: Book, sheet: Worksheet, view: View, tabs: dict[str, str]) -> None:
    """Fill the cover; ``tabs`` names the tab of each framework."""
    sheet.set_portrait()  # one page of A4, where the other tabs need its width
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    row = _identity(book, sheet, view)
    row = write_alarms(book, sheet, row, view.score.facts.quality, WIDTHS)
    row = _warnings(book, sheet, row, view)
    for number, (title, write) in zip("一二三四五六七", _sections(view, tabs), strict=False):
        row = _heading(book, sheet, row, f"{number}、{title}")
        row = write(book, sheet, row, view) + 1


Part = tuple[str, Callable[[Book, Worksheet, int, View], int]]


def _sections(view: View, tabs: dict[str, str]) -> Iterable[Part]:
    yield "各指南覆盖率", partial(_coverage, tabs=tabs)
    if view.tables:
        yield "质量与核查", partial(write_facts, tabs=tabs, widths=WIDTHS)
    yield "披露层级构成（段落数）", _levels
    yield "亮点与缺口", _picks
    yield "怎样读本表", _meanings
    yield "版本与说明（同一文件、同一版本，结果逐字节相同）", _versions


def _heading(book: Book, sheet: Worksheet, row: int, text: str) -> int:
    for col in range(len(WIDTHS)):
        sheet.write_blank(row, col, None, book.format("heading"))
    sheet.write_string(row, 0, text, book.format("heading"))
    sheet.set_row(row, 24)
    return row + 1


def _identity(book: Book, sheet: Worksheet, view: View) -> int:
    score, entry = view.score, view.score.submission
    told = entry.registration
    year = f"{told.year}年度" if told.year else "年度未登记"
    write_text(sheet, 0, 0, told.company or "（未登记企业名称）", book.format("title"))
    subtitle = f"企业社会责任报告指标覆盖表　{year}　评审项目：{view.versions.named}"
    write_text(sheet, 1, 0, subtitle, book.format("subtitle"))
    sheet.set_row(0, 34)
    pages = f"{score.pages}页　" if score.pages else ""
    pairs = (
        ("行业", told.industry or "未登记", "所在区", told.district or "未登记"),
        ("推荐单位", told.association or "未登记", "报告文件", entry.file),
        (
            "篇幅",
            f"{pages}{score.characters:,}字　{score.passages:,}个段落",
            "SHA-256",
            entry.sha256,
        ),
    )
    for n, (label, value, label2, value2) in enumerate(pairs, 3):
        _pair(book, sheet, n, label, value, label2, value2)
    return 7


def _pair(book: Book, sheet: Worksheet, n: int, *told: str) -> None:
    label, value, label2, value2 = told
    write_text(sheet, n, 0, label, book.format("label"))
    sheet.merge_range(n, 1, n, 2, "", book.format("text"))
    write_text(sheet, n, 1, value, book.format("text"))
    write_text(sheet, n, 3, label2, book.format("label"))
    sheet.merge_range(n, 4, n, LAST, "", book.format("text"))
    write_text(sheet, n, 4, value2, book.format("text"))
    sheet.set_row(n, 19)


def _warnings(book: Book, sheet: Worksheet, row: int, view: View) -> int:
    for _, reason in view.score.warnings:
        row = merged(book, sheet, WIDTHS, row, f"阅读提示：{reason}", "draft")
    return row + bool(view.score.warnings)


def _coverage(book: Book, sheet: Worksheet, row: int, view: View, tabs: dict[str, str]) -> int:
    for col, head in enumerate(COVERAGE_HEADS):
        write_text(sheet, row, col, head, book.format("head"))
    sheet.set_row(row, 30)
    first = row + 1
    for row, section in enumerate(view.sections, first):
        _coverage_row(book, sheet, row, section, tabs[section.framework.id])
    if view.sections:
        sheet.conditional_format(first, 1, row, 1, _BAR)
    return merged(book, sheet, WIDTHS, row + 1, COVERAGE_MEANING, "note")


_BAR = {
    "type": "data_bar",
    "bar_color": "#6FA3D0",
    "bar_solid": True,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
}


def _coverage_row(book: Book, sheet: Worksheet, row: int, section: Section, tab: str) -> None:
    framework, c = section.framework, section.coverage
    counts = dict(c.counts)
    name = framework.short + (f"（{DRAFT}）" if framework.draft else "")
    there = f"internal:{quote_sheetname(tab)}!A1"
    sheet.write_url(row, 0, there, book.format("link_left"), cell(name))
    sheet.write_number(row, 1, c.weighted, book.format("bar"))
    write_text(sheet, row, 2, f"{c.low:.0%}–{c.high:.0%}", book.format("count"))
    for col, status in enumerate(STATUS, 3):
        sheet.write_number(row, col, counts.get(status, 0), book.format("count"))
    sheet.write_number(row, 8, c.depth, book.format("decimal"))
    write_number(sheet, row, 9, c.core, book.format("share"))
    verdicts = f"{quote_sheetname(tab)}!{VERDICT_COLUMN}4:{VERDICT_COLUMN}{3 + len(section.rows)}"
    sheet.write_formula(row, 10, f"=COUNTA({verdicts})", book.format("count"), 0)
    sheet.set_row(row, 20)


def _levels(book: Book, sheet: Worksheet, row: int, view: View) -> int:
    for col, head in enumerate(("层级", "含义", "段落数")):
        write_text(sheet, row, col, head, book.format("head"))
    sheet.set_row(row, 24)
    first = row + 1
    for n, count in enumerate(view.score.levels):
        write_text(sheet, first + n, 0, f"{n} {LEVELS[n]}", book.format("text"))
        write_text(sheet, first + n, 1, LEVEL_MEANING[n], book.format("line"))
        sheet.write_number(first + n, 2, count, book.format("count"))
        sheet.set_row(first + n, 34)
    _level_chart(book, sheet, row, first)
    return first + len(LEVELS)


def _level_chart(book: Book, sheet: Worksheet, row: int, first: int) -> None:
    chart = book.workbook.add_chart({"type": "bar"})
    last = first + len(LEVELS) - 1
    shades = ("#E3E8EE", "#C3D4E6", "#8FB0D3", "#4F82B5", "#1F4F86")
    chart.add_series(
        {
            "categories": [sheet.get_name(), first, 0, last, 0],
            "values": [sheet.get_name(), first, 2, last, 2],
            "points": [{"fill": {"color": c}} for c in shades],
            "data_labels": {"value": True, "font": {"size": 9}},
            "gap": 45,
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": "#B8C2CD"}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 590, "height": 205})
    sheet.insert_chart(row, 3, chart, {"x_offset": 8, "y_offset": 4, "object_position": 2})


def _picks(book: Book, sheet: Worksheet, row: int, view: View) -> int:
    row = _pick(book, sheet, row, "亮点", view.highlight, "没有达到自动采信标准的证据。")
    return _pick(book, sheet, row, "缺口", view.gap, "没有确认缺失的指标。")


def _pick(book: Book, sheet: Worksheet, row: int, title: str, found: Row | None, none: str) -> int:
    style = "disclosed" if title == "亮点" else "not_found"
    write_text(sheet, row, 0, title, book.format(style))
    if found is None:
        return merged(book, sheet, WIDTHS, row, none, "quote", first=1)
    name = f"{found.finding.indicator} {found.finding.name}"
    before = "未找到；最接近的表述：" if found.missed else ""
    said = (
        f"{before}“{cell(found.quote, 600)}”（{found.place}）"
        if found.best
        else "全文没有接近的表述。"
    )
    return merged(book, sheet, WIDTHS, row, f"{name}\n{said}", "quote", first=1)


def _meanings(book: Book, sheet: Worksheet, row: int, view: View) -> int:
    for status, label in STATUS.items():
        write_text(sheet, row, 0, label, book.format(status))
        row = merged(book, sheet, WIDTHS, row, STATUS_MEANING[status], "line", first=1)
    how = "在各指南页的“专家结论”列选择结论，需要时填写“专家层级”和备注；结论为空即未复核。"
    for text in (PROBABILITY_MEANING, promised(view.versions.promise), how):
        row = merged(book, sheet, WIDTHS, row, text, "note")
    return row


def _version_pairs(view: View) -> Iterable[tuple[str, str]]:
    versions = view.versions
    yield "程序", versions.code
    yield "编码器", versions.encoder
    yield "匹配器", versions.matcher
    yield "评审项目", f"{versions.named}（{versions.programme}）"
    yield "指南", "；".join(f"{name} {digest[:12]}" for name, digest in versions.frameworks)
    for section in view.sections:
        if section.framework.draft:
            yield f"{section.framework.short}（{DRAFT}）", section.framework.draft_note


def _versions(book: Book, sheet: Worksheet, row: int, view: View) -> int:
    for label, value in _version_pairs(view):
        write_text(sheet, row, 0, label, book.format("label"))
        row = merged(book, sheet, WIDTHS, row, value, "line", first=1)
    return row
