"""Tables of PDFs: over page breaks, and with nothing but shaded rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from drawn import draw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from pipeline.extract import extract
from pipeline.records import Block, Document

FONT = "STSong-Light"
HEAD = ["指标", "单位", "2021年", "2022年"]
ROWS = [HEAD, *([f"指标{n}", "吨", f"{n * 3}", f"{n * 3 + 1}"] for n in range(1, 60))]
GRID = ("GRID", (0, 0), (-1, -1), 1, "black")
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20)
AFTER = "公司全年处置一般固体废物三百吨，危险废物交由有资质的单位处置。"


@pytest.fixture(scope="module", autouse=True)
def font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def build(folder: Path, *tables: Table, paint: Callable[[Canvas, object], None] | None = None):
    """Tables one after the other over as many pages as they take, a paragraph after the last."""
    path = folder / "report.pdf"
    paint = paint or header
    story = [*tables, Paragraph(AFTER, BODY)]
    SimpleDocTemplate(str(path), pagesize=A4).build(story, onFirstPage=paint, onLaterPages=paint)
    return path


def header(canvas: Canvas, _: object) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawString(72, 810, "示例环境科技有限公司社会责任报告")
    canvas.drawString(290, 30, f"- {canvas.getPageNumber()} -")


def table(rows: list[list[str]], *style: tuple, widths: tuple[int, ...] = (150, 60, 80, 80)):
    return Table(
        rows, colWidths=widths, repeatRows=1, style=[("FONT", (0, 0), (-1, -1), FONT, 11), *style]
    )


def read(path: Path) -> Document:
    return extract(path, path.name, "0" * 64, "pdf")


def tables(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind == "table"]


def rows(document: Document, block: Block) -> list[list[str]]:
    return [document.text[ln.start : ln.end].split("\t") for ln in block.lines]


def test_a_table_over_page_breaks_is_one_and_each_row_has_its_page(tmp_path: Path) -> None:
    document = read(build(tmp_path, table(ROWS, GRID)))
    (whole,) = tables(document)
    assert rows(document, whole) == ROWS
    pages = [line.page for line in whole.lines]
    assert pages == sorted(pages)
    assert set(pages) == {1, 2}
    # The head printed again is kept, but as page furniture; what follows the table follows it.
    aside = [document.text[b.start : b.end] for b in document.blocks if b.kind == "running"]
    assert "\t".join(HEAD) in aside
    assert [b.kind for b in document.blocks if b.kind != "running"] == ["table", "text"]


def test_another_table_on_the_next_page_stays_another(tmp_path: Path) -> None:
    other = table([["项目", "金额"], ["捐赠", "12"]], GRID, widths=(150, 220))
    document = read(build(tmp_path, table(ROWS[:34], GRID), other))
    assert {line.page for line in tables(document)[-1].lines} == {2}
    assert [len(block.lines) for block in tables(document)] == [34, 2]


def test_a_table_whose_every_other_row_is_shaded_is_one(tmp_path: Path) -> None:
    shades = [("BACKGROUND", (0, n), (-1, n), colors.lightgrey) for n in range(0, 9, 2)]
    document = read(build(tmp_path, table(ROWS[:9], *shades)))
    (whole,) = tables(document)
    assert rows(document, whole) == ROWS[:9]


def test_heads_of_empty_tables_are_no_stripes(tmp_path: Path) -> None:
    """Forms print the heads of tables that have no rows, with words between."""
    words = Paragraph("其中重要的核销情况：", BODY)
    document = read(build(tmp_path, table([HEAD], GRID), words, table([HEAD], GRID)))
    assert [rows(document, block) for block in tables(document)] == [[HEAD], [HEAD]]


def test_a_row_that_its_rules_leave_open_has_the_cells_of_the_row_above(tmp_path: Path) -> None:
    """As sums are printed, ruled for their first columns only."""
    grid = [("GRID", (0, 0), (-1, -2), 1, "black"), ("GRID", (0, -1), (1, -1), 1, "black")]
    (whole,) = tables(document := read(build(tmp_path, table(ROWS[:5], *grid))))
    assert rows(document, whole) == ROWS[:5]


def test_amounts_that_almost_touch_are_two_cells(tmp_path: Path) -> None:
    def page(c: Canvas) -> None:
        for i, row in enumerate([("资产合计", "31,223,722", "1,080,286,888"), ("负债", "12", "8")]):
            for x, words in zip((72, 300, 366), row, strict=True):
                c.drawString(x, 700 - 20 * i, words)

    (whole,) = tables(document := read(draw(tmp_path, page)))
    assert rows(document, whole)[0] == ["资产合计", "31,223,722", "1,080,286,888"]
