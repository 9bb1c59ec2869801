"""Word files: what stands in the file, once, in order, with its place."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document as NewDocument
from docx.shared import Pt
from worded import NS, read, run, shown, word

from pipeline.extract import extract
from pipeline.extract.word import extract_doc, extract_word
from pipeline.intake import take_in
from pipeline.records import ReportError


def test_final_text_of_revisions_controls_and_hidden_runs(tmp_path):
    path = word(
        tmp_path,
        f"<w:p>{run('公司')}<w:ins>{run('新增')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r>"
        f"</w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>{run('岗位十个。')}</w:p>",
        f"<w:sdt><w:sdtContent><w:p>{run('控件中的文字。')}</w:p></w:sdtContent></w:sdt>",
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('两段')}</w:p>",
        f"<w:p>{run('并成一段。')}</w:p>",
    )
    assert [text for _, text in shown(read(path))] == [
        "公司新增岗位十个。",
        "控件中的文字。",
        "两段并成一段。",
    ]


def test_text_box_is_read_once_and_note_follows_its_paragraph(tmp_path):
    box = f"<w:txbxContent><w:p>{run('框中的数字：12吨。')}</w:p></w:txbxContent>"
    path = word(
        tmp_path,
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('正文。')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>",
        f"<w:p>{run('下一段。')}</w:p>",
        parts={
            "footnotes": f"<w:footnotes {NS}><w:footnote w:id='0' w:type='separator'><w:p/>"
            f"</w:footnote><w:footnote w:id='2'><w:p>{run('注文。')}</w:p></w:footnote>"
            "</w:footnotes>"
        },
    )
    assert shown(read(path)) == [
        ("text", "正文。"),
        ("text", "框中的数字：12吨。"),
        ("footnote", "注文。"),
        ("text", "下一段。"),
    ]


RESTART = '<w:vMerge w:val="restart"/>'
TWO_COLUMNS = '<w:gridSpan w:val="2"/>'


def cell(text: str, properties: str = "", more: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p>{more}</w:tc>"


def test_tables_give_merged_cells_once_and_nested_tables_after(tmp_path):
    nested = f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}</w:tr></w:tbl><w:p/>"
    path = word(
        tmp_path,
        f"<w:tbl><w:tr>{cell('指标', RESTART)}"
        f"{cell('数值', TWO_COLUMNS)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('2022年')}{cell('2023年', more=nested)}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell('删')}{cell('去')}{cell('行')}</w:tr></w:tbl>",
        f"<w:tbl><w:tr>{cell('只有一格的表是框。')}</w:tr></w:tbl>",
    )
    document = read(path)
    assert shown(document) == [
        ("table", "指标\t数值\n\t2022年\t2023年"),
        ("table", "甲\t乙"),
        ("text", "只有一格的表是框。"),
    ]
    assert len(document.blocks[0].lines) == 2


def test_headings_by_style_and_by_number_make_the_path(tmp_path):
    path = tmp_path / "headings.docx"
    new = NewDocument()
    new.add_heading("环境责任", level=1)
    new.add_heading("节能", level=2)
    new.add_paragraph("1、能源管理")
    new.add_paragraph("公司全年用电一百万千瓦时。")
    new.add_heading("员工责任", level=1)
    new.add_paragraph("公司保障员工权益。")
    new.save(path)
    document = read(path)
    assert [(block.level, block.path) for block in document.blocks] == [
        (1, ()),
        (2, ("环境责任",)),
        (3, ("环境责任", "节能")),
        (None, ("环境责任", "节能", "1、能源管理")),
        (1, ()),
        (None, ("员工责任",)),
    ]


def test_headings_by_their_look_where_no_style_says_so(tmp_path):
    path = tmp_path / "look.docx"
    new = NewDocument()
    new.add_paragraph().add_run("环境责任").font.size = Pt(22)
    new.add_paragraph("一、节能减排")
    new.add_paragraph().add_run("绿色工厂案例").bold = True
    new.add_paragraph("公司建成绿色工厂一座，全年用电下降，职工积极参与。" * 3)
    new.add_paragraph().add_run("全年节电12万千瓦时").bold = True
    new.save(path)
    document = read(path)
    assert [kind for kind, _ in shown(document)] == ["heading"] * 3 + ["text"] * 2
    assert document.blocks[3].path == ("环境责任", "一、节能减排", "绿色工厂案例")


def test_contents_lists_are_running_text(tmp_path):
    titles = [f"<w:p>{run(title)}</w:p>" for title in ("第一章 管理", "第二章 环境")]
    body = f"<w:p>{run('公司的话。')}</w:p>"
    path = word(tmp_path, f"<w:p>{run('目　录')}</w:p>", *titles, titles[0], body, titles[1], body)
    kinds = [kind for kind, _ in shown(read(path))]
    assert kinds == ["running"] * 3 + ["heading", "text"] * 2


def test_pages_where_rendered_breaks_are_recorded(tmp_path):
    rendered, hard = "<w:lastRenderedPageBreak/>", "<w:br w:type='page'/>"
    path = word(
        tmp_path,
        f"<w:p>{run('第一页。')}<w:r>{hard}</w:r></w:p>",
        f"<w:p><w:r>{rendered}<w:t>第二页起，</w:t></w:r><w:r>{rendered}<w:t>到第三页。</w:t></w:r></w:p>",
    )
    document = read(path)
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [[line.page for line in block.lines] for block in document.blocks] == [[1], [2, 3]]
    assert shown(document)[1] == ("text", "第二页起，到第三页。")
    assert (
        read(word(tmp_path, f"<w:p>{run('甲。')}<w:r>{hard}</w:r>{run('乙。')}</w:p>")).pages == ()
    )


def refused(path: Path) -> str:
    with pytest.raises(ReportError) as caught:
        extract_word(path, path.name, "0")
    assert caught.value.reason.endswith("。")
    return caught.value.code


def test_files_that_cannot_be_read_say_why(tmp_path):
    whole = word(tmp_path, f"<w:p>{run('文字。')}</w:p>")
    broken = tmp_path / "broken.docx"
    broken.write_bytes(whole.read_bytes()[:2000])
    assert refused(broken) == "damaged"
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (4 * 2**20))
    assert refused(bomb) == "too_large"
    assert refused(word(tmp_path)) == "no_text"


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    path = word(tmp_path, f"<w:p>{run('ENTITY')}</w:p>")
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    xml = held["word/document.xml"].decode()
    xml = xml[xml.index("?>") + 2 :].replace("ENTITY", "甲&x;乙。")
    held["word/document.xml"] = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{xml}'.encode()
    )
    with zipfile.ZipFile(path, "w") as package:
        for name, data in held.items():
            package.writestr(name, data)
    assert "机密" not in read(path).text


LONG = "公司全年未发生安全事故。" * 200  # as much as Word's own files have, room included


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in Word's old binary format, as LibreOffice writes it."""
    if (soffice := shutil.which("soffice")) is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("old")
    new = NewDocument()
    new.add_heading("环境责任", level=1)
    new.add_paragraph("公司全年用水12吨。")
    for cell, words in zip(new.add_table(1, 2).rows[0].cells, ("用水量", "12"), strict=True):
        cell.text = words
    new.add_paragraph(LONG)
    new.save(folder / "report.docx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "doc", "report.docx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "report.doc"


def test_old_word_files_are_known_by_their_content_and_read(old: Path, tmp_path: Path) -> None:
    """Also under the name of WPS, which writes the same format."""
    shutil.copy(old, tmp_path / "报告.wps")
    (one,) = take_in(tmp_path).submissions
    assert one.media == "doc"
    document = extract(tmp_path / one.file, one.file, one.sha256, one.media)
    assert document.media == "doc"
    assert shown(document) == [
        ("heading", "环境责任"),
        ("text", "公司全年用水12吨。"),
        ("table", "用水量\t12"),
        ("text", LONG),
    ]


def test_old_word_files_with_a_password_are_told(old: Path, tmp_path: Path) -> None:
    data = bytearray(old.read_bytes())
    text = next(at for at in range(512, len(data), 512) if data[at : at + 2] == b"\xec\xa5")
    data[text + 11] |= 1  # the flag of encryption, where the stream of the text begins
    (tmp_path / "报告.doc").write_bytes(data)
    assert [one.code for one in take_in(tmp_path).refused] == ["encrypted"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_rich_text_is_read_through_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "old.doc"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg936 \u20844?\u21496?\u20445?\u25252?\u29615?\u22659?.}")
    document = extract_doc(path, "old.doc", "0")
    assert (document.media, document.text) == ("doc", "公司保护环境.")
