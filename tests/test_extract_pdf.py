"""PDF extraction through ``extract``, on small files made here by reportlab."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from drawn import (
    FONT,
    HEIGHT,
    LEFT,
    SIZE,
    STAFF,
    STEP,
    WASTE,
    WIDTH,
    block,
    draw,
    holding,
    read,
    texts,
    wrapped,
)
from reportlab.lib import colors
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from pipeline.extract import extract
from pipeline.records import ReportError


def test_lines_of_a_paragraph_are_joined_without_a_space_and_stand_where_printed(tmp_path):
    path = draw(tmp_path, lambda c: block(c, wrapped(WASTE, 30), LEFT, 700))
    document = read(path)
    assert texts(document, "text") == [WASTE]
    with pdfplumber.open(path) as pdf:
        for line in document.blocks[0].lines:
            assert line.box is not None
            x0, top, x1, bottom = line.box
            there = pdf.pages[0].crop((x0 - 1, top - 3, x1 + 1, bottom + 3)).extract_text()
            assert there == document.text[line.start : line.end]


def test_paragraphs_are_parted_by_indents_and_short_lines(tmp_path):
    def page(c: Canvas) -> None:
        y = block(c, wrapped(WASTE, 30), LEFT, 760)
        y = block(c, wrapped(STAFF, 30), LEFT, y)
        block(c, wrapped(WASTE[::-1], 30), LEFT, y)

    assert texts(read(draw(tmp_path, page)), "text") == [WASTE, STAFF, WASTE[::-1]]


def test_columns_are_read_one_after_the_other_and_a_sentence_goes_on_between_them(tmp_path):
    lines = wrapped(WASTE + STAFF, 16)
    half = (len(lines) + 1) // 2

    def page(c: Canvas) -> None:
        c.setFont(FONT, 18)
        c.drawString(LEFT, 760, "绿色运营与员工关怀")
        c.setFont(FONT, SIZE)
        for i in range(half):  # drawn line by line across the page, as some programs do
            c.drawString(LEFT + (24 if i == 0 else 0), 700 - i * STEP, lines[i])
            if i + half < len(lines):
                c.drawString(320, 700 - i * STEP, lines[i + half])

    document = read(draw(tmp_path, page))
    assert texts(document, "heading") == ["绿色运营与员工关怀"]
    assert texts(document, "text") == [WASTE + STAFF]


def test_a_paragraph_over_a_page_break_keeps_its_pages_and_headers_stand_apart(tmp_path):
    lines = wrapped(WASTE + STAFF, 30)

    def page(number: int, part: list[str]) -> Callable[[Canvas], None]:
        def paint(c: Canvas) -> None:
            c.setFont(FONT, 9)
            c.drawString(LEFT, 810, "示例环境科技有限公司社会责任报告")
            c.drawString(WIDTH / 2, 30, f"- {number} -")
            c.setFont(FONT, SIZE)
            block(c, part, LEFT, 760, indent=number == 1)

        return paint

    document = read(draw(tmp_path, page(1, lines[:2]), page(2, lines[2:]), page(3, ["完。"])))
    assert texts(document, "text") == [WASTE + STAFF, "完。"]
    assert [ln.page for ln in holding(document, WASTE).lines] == [1, 1] + [2] * len(lines[2:])
    running = texts(document, "running")
    assert running.count("示例环境科技有限公司社会责任报告") == 3
    assert [text for text in running if text.startswith("-")] == ["- 1 -", "- 2 -", "- 3 -"]


def test_headings_get_levels_and_paths_and_contents_lines_do_not(tmp_path):
    def contents(c: Canvas) -> None:
        block(c, ["目 录", "一、环境保护........................1"], LEFT, 700, indent=False)

    def page(c: Canvas) -> None:
        c.setFont(FONT, 16)
        c.drawString(LEFT, 760, "一、环境保护")
        c.setFont(FONT, 14)
        c.drawString(LEFT, 730, "（一）废物管理")
        c.setFont(FONT, SIZE)
        y = block(c, wrapped(WASTE, 30), LEFT, 700)
        c.setFont(FONT, 16)
        c.drawString(LEFT, y - 20, "二、员工权益")
        c.setFont(FONT, SIZE)
        block(c, wrapped(STAFF, 30), LEFT, y - 60)

    document = read(draw(tmp_path, contents, page))
    assert texts(document, "heading") == ["一、环境保护", "（一）废物管理", "二、员工权益"]
    assert holding(document, WASTE).path == ("一、环境保护", "（一）废物管理")
    assert holding(document, STAFF).path == ("二、员工权益",)
    assert len(texts(document, "running")) == 2


def test_a_ruled_table_becomes_rows_of_cells_between_the_paragraphs(tmp_path):
    rows = [
        ["指标", "2021年", "2022年"],
        ["用水量（吨）", "1,250", "1,180"],
        ["用电量", "", "36.5"],
    ]

    def page(c: Canvas) -> None:
        y = block(c, wrapped(WASTE, 30), LEFT, 760)
        table = Table(rows, colWidths=[150, 100, 100])
        table.setStyle(
            [("FONT", (0, 0), (-1, -1), FONT, 11), ("GRID", (0, 0), (-1, -1), 1, "black")]
        )
        _, height = table.wrapOn(c, WIDTH, HEIGHT)
        table.drawOn(c, LEFT, y - height)
        c.setFont(FONT, SIZE)
        block(c, wrapped(STAFF, 30), LEFT, y - height - 40)

    document = read(draw(tmp_path, page))
    assert [b.kind for b in document.blocks] == ["text", "table", "text"]
    assert texts(document, "table") == ["\n".join("\t".join(row) for row in rows)]
    assert len(document.blocks[1].lines) == 3


def test_tables_ruled_only_inside_or_not_at_all_keep_their_rows(tmp_path):
    rows = [["指标", "2021年", "2022年"], ["用水量", "1,250", "1,180"], ["用电量", "38.1", "36.5"]]

    def page(style: list[tuple]) -> Callable[[Canvas], None]:
        def paint(c: Canvas) -> None:
            table = Table(rows, colWidths=[150, 100, 100])
            table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 11), *style])
            table.wrapOn(c, WIDTH, HEIGHT)
            table.drawOn(c, LEFT, 600)

        return paint

    inside = [
        ("INNERGRID", (0, 0), (-1, -1), 1, "black"),
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
    ]
    document = read(draw(tmp_path, page(inside), page([])))
    assert texts(document, "table") == ["\n".join("\t".join(row) for row in rows)] * 2


def test_a_title_set_downwards_at_the_side_does_not_part_the_text(tmp_path):
    def page(c: Canvas) -> None:
        for i, char in enumerate("责任担当"):
            c.drawString(30, 690 - 14 * i, char)
        block(c, wrapped(WASTE, 30), 90, 720)

    document = read(draw(tmp_path, page))
    assert [document.text[b.start : b.end] for b in document.blocks] == ["责任担当", WASTE]


def test_turned_pages_are_read_as_shown(tmp_path):
    def page(c: Canvas) -> None:
        c.setPageRotation(90)
        c.translate(WIDTH, 0)
        c.rotate(90)
        block(c, wrapped(WASTE, 40), 100, 400)

    path = draw(tmp_path, page)
    document = read(path)
    assert texts(document, "text") == [WASTE]
    with pdfplumber.open(path) as pdf:
        word = pdf.pages[0].extract_words(use_text_flow=True)[0]
    box = document.blocks[0].lines[0].box
    assert box[0] == pytest.approx(word["x0"], abs=1)
    assert box[1] == pytest.approx(word["top"], abs=3)


def picture(c: Canvas) -> None:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (60, 80), "gray").save(data, "PNG")
    c.drawImage(ImageReader(data), 0, 0, WIDTH, HEIGHT)


def test_pages_that_are_pictures_are_named_in_a_warning(tmp_path):
    document = read(
        draw(tmp_path, lambda c: block(c, wrapped(WASTE, 30), LEFT, 700), picture, picture)
    )
    assert [page.readable for page in document.pages] == [True, False, False]
    assert document.warnings[0][0] == "scanned_pages"
    assert "第2–3页" in document.warnings[0][1]


def frame_only(c: Canvas) -> None:
    c.setStrokeColor(colors.black)
    c.rect(100, 100, 200, 200)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: draw(folder, picture), "scanned"),
        (lambda folder: draw(folder, frame_only), "empty"),
        (
            lambda folder: draw(
                folder, picture, encrypt=StandardEncryption("geheim", canPrint=0, strength=128)
            ),
            "encrypted",
        ),
        (lambda folder: cut(draw(folder, frame_only, picture)), "damaged"),
        (lambda folder: cut(draw(folder, frame_only), keep=0), "empty"),
    ],
    ids=["scanned", "no words", "password", "truncated", "no bytes"],
)
def test_unreadable_files_say_what_to_ask_for(tmp_path, make, code):
    path = make(tmp_path)
    with pytest.raises(ReportError) as caught:
        extract(path, path.name, "", "pdf")
    assert caught.value.code == code
    assert "请" in caught.value.reason


def test_restrictions_of_the_owner_alone_do_not_hinder_reading(tmp_path):
    lock = StandardEncryption("", ownerPassword="owner", canCopy=0)
    path = draw(tmp_path, lambda c: block(c, wrapped(WASTE, 30), LEFT, 700), encrypt=lock)
    assert texts(read(path), "text") == [WASTE]


def cut(path: Path, keep: float = 0.4) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])
    return path
