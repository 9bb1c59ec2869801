"""Text apart from the flow: sideways pages and labels, upright columns, notes at the foot."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn import FONT, LEFT, SIZE, STAFF, WASTE, WIDTH, block, draw, holding, read, texts, wrapped
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

ROWS = [["指标", "2021年", "2022年"], ["用水量", "1,250", "1,180"], ["用电量", "38.1", "36.5"]]


def sideways(c: Canvas) -> None:
    """Words and a wide table printed up an upright page, its header level above them."""
    c.setFont(FONT, 9)
    c.drawString(LEFT, 810, "示例环境科技有限公司社会责任报告")
    c.translate(WIDTH, 0)
    c.rotate(90)
    c.setFont(FONT, SIZE)
    y = block(c, wrapped(WASTE, 30), 100, 500)
    table = Table(ROWS, colWidths=[200, 150, 150])
    table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 11), ("GRID", (0, 0), (-1, -1), 1, "black")])
    _, height = table.wrapOn(c, 800, 500)
    table.drawOn(c, 100, y - height)


def test_a_page_printed_sideways_is_read_as_it_is_turned_to_be_read(tmp_path: Path) -> None:
    document = read(draw(tmp_path, sideways, sideways, sideways))
    assert texts(document, "text") == [WASTE] * 3
    assert texts(document, "table") == ["\n".join("\t".join(row) for row in ROWS)] * 3
    assert texts(document, "running") == ["示例环境科技有限公司社会责任报告"] * 3
    assert {(page.width, page.height) for page in document.pages} == {(595.28, 841.89)}


def test_the_places_of_a_sideways_page_are_those_of_the_page_as_shown(tmp_path: Path) -> None:
    document = read(draw(tmp_path, sideways))
    first = holding(document, WASTE).lines[0]
    x0, top, x1, bottom = first.box
    # 30 characters less the indent run upwards from 124 points above the lower edge.
    assert bottom == pytest.approx(841.89 - 124, abs=1)
    assert top == pytest.approx(841.89 - 124 - 28 * SIZE, abs=2)
    assert x1 - x0 == pytest.approx(SIZE, abs=1)
    assert x0 < WIDTH - 500 < x1 + 1


def test_a_label_printed_sideways_is_one_block_and_does_not_part_the_text(tmp_path: Path) -> None:
    def page(c: Canvas) -> None:
        block(c, wrapped(STAFF, 30), LEFT, 700)
        c.translate(560, 560)
        c.rotate(90)
        c.drawString(0, 0, "社会责任管理体系建设")

    assert texts(read(draw(tmp_path, page)), "text") == ["社会责任管理体系建设", STAFF]


def test_a_note_at_the_foot_does_not_part_the_sentence_over_the_page_break(tmp_path: Path) -> None:
    lines = wrapped(WASTE + STAFF, 30)

    def first(c: Canvas) -> None:
        block(c, lines[:2], LEFT, 130)
        c.setFont(FONT, 9)
        c.drawString(LEFT, 80, "1 数据口径为上海地区三家工厂，不含各地办事处，也不含年内")
        c.drawString(LEFT, 68, "新设的公司。")
        c.drawString(LEFT, 56, "2 含职业健康检查。")

    document = read(draw(tmp_path, first, lambda c: block(c, lines[2:], LEFT, 760, indent=False)))
    assert texts(document, "text") == [WASTE + STAFF]
    assert texts(document, "footnote") == [
        "1数据口径为上海地区三家工厂，不含各地办事处，也不含年内新设的公司。",
        "2含职业健康检查。",
    ]


def test_an_upright_box_of_two_columns_is_read_downwards(tmp_path: Path) -> None:
    def page(c: Canvas) -> None:
        block(c, wrapped(STAFF, 30), LEFT, 700)
        for column, words in enumerate(["绿色发展，共享未来，", "携手同行，创造价值。"]):
            for i, char in enumerate(words):
                c.drawString(530 - 20 * column, 600 - 15 * i, char)

    assert texts(read(draw(tmp_path, page)), "text") == [
        "绿色发展，共享未来，携手同行，创造价值。",
        STAFF,
    ]
