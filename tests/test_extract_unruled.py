"""Tables without rules, whose rows stand on several lines, and charts, which are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn import FONT, draw, read, texts
from reportlab.pdfgen.canvas import Canvas

LABEL, FIRST, SECOND = 60, 380, 452  # left edges of the columns
Words = list[tuple[float, float, str]]


def rows(folder: Path, *words: tuple[float, float, str], bold: int = 0, shades: Words = ()) -> list:
    """Cells of the only table of a page with these words at x, y; the first so many bold."""

    def page(c: Canvas) -> None:
        c.setFillGray(0.9)
        for bottom, top in shades:
            for x, width in ((LABEL, 310), (LABEL + 310, 140)):
                c.rect(x, bottom, width, top - bottom, stroke=0, fill=1)
        c.setFillGray(0)
        for i, (x, y, text) in enumerate(words):
            font = "Helvetica-Bold" if i < bold else "Helvetica"
            c.setFont(font if text.isascii() else FONT, 9)
            c.drawString(x, y, text)

    document = read(draw(folder, page))
    (table,) = texts(document, "table")
    return [row.split("\t") for row in table.split("\n")]


def row(y: float, label: str, *figures: str) -> Words:
    return [(LABEL, y, label), *zip((FIRST, SECOND), (y, y), figures, strict=True)]


HEAD = [
    (FIRST, 720, "1 June 2020 to"), (SECOND, 720, "1 June 2019 to"),
    (LABEL, 709, "(In millions)"), (FIRST, 709, "2 July 2021"), (SECOND, 709, "31 May 2020"),
]  # fmt: skip
READ_HEAD = ["(In millions)", "1 June 2020 to 2 July 2021", "1 June 2019 to 31 May 2020"]


def test_heads_on_several_lines_that_almost_touch_are_read_cell_by_cell(tmp_path: Path) -> None:
    body = [
        (LABEL, 697, "Loss for the period"), (FIRST, 697, "$"), (FIRST + 42, 697, "1"),
        (SECOND, 697, "$"), (SECOND + 50, 697, "-"),
        *row(685, "Total", "12", "345"),
    ]  # fmt: skip
    assert rows(tmp_path, *HEAD, *body, bold=5) == [
        READ_HEAD,
        ["Loss for the period", "$ 1", "$ -"],
        ["Total", "12", "345"],
    ]


def test_a_single_shaded_row_belongs_to_the_rows_around_it(tmp_path: Path) -> None:
    body = [*row(694, "Income", "7", "8"), *row(682, "Loss", "9", "10")]
    shaded = rows(tmp_path, *HEAD, *body, bold=5, shades=[(690, 703)])
    assert shaded == [READ_HEAD, ["Income", "7", "8"], ["Loss", "9", "10"]]


def test_a_head_over_several_columns_and_a_unit_are_no_heads_of_one_column(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        (SECOND, 740, "单位：万元"),
        (FIRST + 10, 720, "Three Months Ended"),
        *row(708, "指标", "2021", "2020"),
        *row(696, "用水量", "1,250", "1,180"),
        *row(684, "用电量", "38.1", "36.5"),
        bold=4,
    )
    assert found[-3:] == [
        ["指标", "2021", "2020"],
        ["用水量", "1,250", "1,180"],
        ["用电量", "38.1", "36.5"],
    ]
    assert not any("万元" in cell for line in found for cell in line)


LONG = "Loss on ordinary activities multiplied by the rate of tax in the"


@pytest.mark.parametrize(
    ("lines", "shades", "label"),
    [
        ([LONG, "United Kingdom (2014, 2013)"], (), f"{LONG} United Kingdom (2014, 2013)"),
        (["Additional deductions", "Relief"], [(676, 699)], "Additional deductions Relief"),
        (["Reduction of reserves", "due to transfer"], (), "Reduction of reserves due to transfer"),
    ],
    ids=["open end", "one shade", "goes on in small letters"],
)
def test_a_label_on_two_lines_is_one(tmp_path: Path, lines, shades, label) -> None:
    words = [
        *row(712, "Loss", "12", "34"),
        (LABEL, 690, lines[0]),
        *row(679, lines[1], "56", "78"),
        *row(664, "Prior year", "9", "10"),
        *row(650, "Taxation", "9", "10"),
    ]
    shades = [*shades, (646, 660)] if shades else ()
    assert [label, "56", "78"] in rows(tmp_path, *words, shades=shades)


def test_labels_that_a_margin_broke_are_one_and_names_of_groups_are_not(tmp_path: Path) -> None:
    words = [
        *row(720, "项目", "本期", "上期"),
        (LABEL, 708, "经营活动产生的现金流量："),
        *row(696, "销售商品收到的现金", "12", "34"),
        (LABEL, 684, "购建固定资产、无形资产和其他长期资"),
        *row(672, "产支付的现金", "56", "78"),
        (LABEL, 660, "处置固定资产、无形资产和其他长期资"),
        *row(648, "产收回的现金", "9", "10"),
    ]
    assert [line[0] for line in rows(tmp_path, *words)] == [
        "项目",
        "经营活动产生的现金流量：",
        "销售商品收到的现金",
        "购建固定资产、无形资产和其他长期资产支付的现金",
        "处置固定资产、无形资产和其他长期资产收回的现金",
    ]


def test_the_axis_and_grid_of_a_chart_are_no_table(tmp_path: Path) -> None:
    def page(c: Canvas) -> None:
        c.setFont("Helvetica", 8)
        for i, number in enumerate(("15", "10", "5", "0", "(5)")):
            c.drawRightString(98, 697 - 20 * i, number)
            c.line(104, 700 - 20 * i, 400, 700 - 20 * i)
        for x in (104, 200, 300, 400):
            c.line(x, 700, x, 620)
        for x, y, number in ((140, 690, "11.8"), (240, 690, "9.6"), (340, 650, "3.2")):
            c.drawString(x, y, number)
        c.setFont(FONT, 8)
        for i, name in enumerate(("能源", "有色", "化工", "谷物")):
            for j, letter in enumerate(name):
                c.drawString(130 + 60 * i, 600 - 9 * j, letter)

    document = read(draw(tmp_path, page))
    assert texts(document, "table") == []
    assert "能源 有色 化工 谷物" in document.text
    assert "11.8" in document.text


def test_a_column_of_even_steps_beside_words_is_no_axis(tmp_path: Path) -> None:
    grades = [["100", "优秀"], ["80", "良好"], ["60", "及格"], ["40", "不及格"]]
    words = [
        (x, 700 - 14 * i, cell)
        for i, grade in enumerate(grades)
        for x, cell in zip((LABEL, FIRST), grade, strict=True)
    ]
    assert rows(tmp_path, *words) == grades


def test_headings_of_latin_words_are_counted_in_words(tmp_path: Path) -> None:
    title = "Liability for Unpaid Claims and Claim Adjustment Expenses"
    words = "Bold words that end like a sentence of the running text."

    def page(c: Canvas) -> None:
        c.setFont("Helvetica-Bold", 10)
        c.drawString(72, 740, title)
        c.drawString(72, 560, words)
        c.setFont("Helvetica", 10)
        for i in range(8):
            c.drawString(
                72, 720 - 12 * i, "The following table presents the reserves of all years. " * 2
            )

    document = read(draw(tmp_path, page))
    assert texts(document, "heading") == [title]
