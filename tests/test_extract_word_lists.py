"""Word files: numbers that Word counts by itself, headers and footers, nested frames."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document as NewDocument
from worded import NS, read, run, shown, word


def level(depth: int, form: str, text: str, more: str = "") -> str:
    return (
        f"<w:lvl w:ilvl='{depth}'><w:start w:val='1'/><w:numFmt w:val='{form}'/>{more}"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
    )


def numbered(name: int, depth: int, text: str) -> str:
    place = f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{name}'/></w:numPr>"
    return f"<w:p><w:pPr>{place}</w:pPr>{run(text) if text else ''}</w:p>"


LISTS = (
    f"<w:numbering {NS}><w:abstractNum w:abstractNumId='7'>"
    + level(0, "chineseCounting", "第%1章", "<w:suff w:val='space'/>")
    + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    + level(2, "decimalEnclosedCircle", "%3", "<w:suff w:val='nothing'/>")
    + level(3, "bullet", "\uf0b7")
    + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'>"
    "<w:startOverride w:val='10'/></w:lvlOverride></w:num></w:numbering>"
)


def listed(folder: Path, *body: str) -> list[str]:
    """Texts of a document with these paragraphs; python-docx's own lists are replaced."""
    path = word(folder, *body, parts={"numbering": LISTS})
    return [text for _, text in shown(read(path))]


def test_numbers_are_counted_as_word_does(tmp_path: Path) -> None:
    assert listed(
        tmp_path,
        numbered(1, 0, "环境责任"),
        numbered(1, 1, "节能管理"),
        numbered(1, 2, "照明改造，全年完成。"),
        numbered(1, 3, "空调改造，全年完成。"),
        numbered(1, 2, "锅炉改造，全年完成。"),
        numbered(1, 1, ""),
        numbered(1, 1, "节水管理"),
        numbered(0, 0, "没有编号的一段话。"),
        numbered(1, 0, "员工责任"),
        numbered(1, 1, "安全生产"),
        numbered(2, 0, "社区责任"),
    ) == [
        "第一章 环境责任",
        "1.1 节能管理",
        "①照明改造，全年完成。",
        "空调改造，全年完成。",
        "②锅炉改造，全年完成。",
        "1.3 节水管理",
        "没有编号的一段话。",
        "第二章 员工责任",
        "2.1 安全生产",
        "第十章 社区责任",
    ]


def test_counted_numbers_make_headings_and_their_path(tmp_path: Path) -> None:
    body = f"<w:p>{run('公司全年用电一百万千瓦时，比上年下降。')}</w:p>"
    chapters = (numbered(1, 0, "环境责任"), numbered(1, 1, "节能管理"), body)
    document = read(word(tmp_path, *chapters, parts={"numbering": LISTS}))
    assert [block.kind for block in document.blocks] == ["heading", "heading", "text"]
    assert document.blocks[2].path == ("第一章 环境责任", "1.1 节能管理")


def test_serial_numbers_of_a_table_stand_in_their_cells(tmp_path: Path) -> None:
    rows = "".join(
        f"<w:tr><w:tc>{numbered(1, 2, '')}</w:tc><w:tc><w:p>{run(name)}</w:p></w:tc></w:tr>"
        for name in ("用水量", "用电量")
    )
    assert listed(tmp_path, f"<w:tbl>{rows}</w:tbl>") == ["①\t用水量\n②\t用电量"]


@pytest.mark.parametrize(
    ("form", "count", "shown_as"),
    [
        ("chineseCountingThousand", 12, "十二"),
        ("chineseCounting", 105, "一百零五"),
        ("chineseCounting", 20, "二十"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalZero", 7, "07"),
        ("ideographDigital", 12, "一二"),
    ],
)
def test_forms_of_numbers(tmp_path: Path, form: str, count: int, shown_as: str) -> None:
    one = level(0, form, "%1", "<w:suff w:val='nothing'/>").replace(
        "<w:start w:val='1'/>", f"<w:start w:val='{count}'/>"
    )
    lists = (
        f"<w:numbering {NS}><w:abstractNum w:abstractNumId='7'>{one}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num></w:numbering>"
    )
    path = word(tmp_path, numbered(1, 0, "，公司的话。"), parts={"numbering": lists})
    assert read(path).text == f"{shown_as}，公司的话。"


def test_headers_and_footers_are_no_part_of_the_text(tmp_path: Path) -> None:
    new = NewDocument()
    new.sections[0].header.paragraphs[0].text = "示例环境科技有限公司社会责任报告"
    new.sections[0].footer.paragraphs[0].text = "第 1 页"
    new.add_paragraph("公司保障员工权益。")
    new.save(tmp_path / "report.docx")
    assert read(tmp_path / "report.docx").text == "公司保障员工权益。"


def test_a_box_inside_a_control_inside_a_cell_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent><w:p>{run('框中的数字：12吨。')}</w:p></w:txbxContent>"
    shape = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    held = f"<w:sdt><w:sdtContent><w:p>{run('用水量')}{shape}</w:p></w:sdtContent></w:sdt>"
    table = f"<w:tbl><w:tr><w:tc>{held}</w:tc><w:tc><w:p>{run('12')}</w:p></w:tc></w:tr></w:tbl>"
    document = read(word(tmp_path, table))
    assert shown(document) == [("table", "用水量\t12"), ("text", "框中的数字：12吨。")]


def test_damaged_levels_are_the_first_or_none(tmp_path: Path) -> None:
    no_number = "<w:style w:type='paragraph' w:styleId='h'><w:name w:val='heading '/></w:style>"
    titled = f"<w:p><w:pPr><w:pStyle w:val='h'/></w:pPr>{run('公司节约用水。')}</w:p>"
    path = word(
        tmp_path,
        numbered(1, 0, "环境责任").replace("ilvl w:val='0'", "ilvl w:val='1e38'"),
        titled,
        parts={"numbering": LISTS, "styles": f"<w:styles {NS}>{no_number}</w:styles>"},
    )  # fuzz.py --what office, seed 315
    assert shown(read(path)) == [("heading", "第一章 环境责任"), ("text", "公司节约用水。")]
