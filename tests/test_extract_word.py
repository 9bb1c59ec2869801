"""Word and plain text: what stands in the file, once, in order, with its place."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document as NewDocument
from docx.oxml import parse_xml
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.build import Piece, build
from pipeline.extract.numbering import heading_level, is_contents_line
from pipeline.extract.plain import extract_plain
from pipeline.extract.word import extract_doc, extract_word
from pipeline.records import Document, ReportError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def word(folder: Path, *body: str, parts: dict[str, str] | None = None) -> Path:
    """A .docx with these body elements, written by python-docx; further parts added raw."""
    document = NewDocument()
    last = document.element.body[-1]
    for xml in body:
        last.addprevious(parse_xml(xml.replace(">", f" {NS}>", 1)))
    path = folder / "report.docx"
    document.save(path)
    if parts:
        _add_parts(path, parts)
    return path


def _add_parts(path: Path, parts: dict[str, str]) -> None:
    rels = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    added = "".join(
        f'<Relationship Id="x{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{name}" Target="{name}.xml"/>'
        for name in parts
    )
    held[rels] = held[rels].replace(b"</Relationships>", f"{added}</Relationships>".encode())
    held |= {f"word/{name}.xml": xml.encode() for name, xml in parts.items()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in held.items():
            package.writestr(name, data)


def read(path: Path) -> Document:
    document = extract_word(path, path.name, "0")
    check(document)
    return document


def check(document: Document) -> None:
    texts = [document.text[block.start : block.end] for block in document.blocks]
    assert "\n".join(texts) == document.text
    assert [block.paragraph for block in document.blocks] == list(range(1, len(texts) + 1))
    for block in document.blocks:
        assert block.lines[0].start == block.start
        assert block.lines[-1].end == block.end


def shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


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


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_legacy_word_through_libreoffice(tmp_path):
    path = tmp_path / "old.doc"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg936 \u20844?\u21496?\u20445?\u25252?\u29615?\u22659?.}")
    document = extract_doc(path, "old.doc", "0")
    assert (document.media, document.text) == ("doc", "公司保护环境.")


def plain(folder: Path, data: bytes) -> Document:
    path = folder / "report.txt"
    path.write_bytes(data)
    document = extract_plain(path, path.name, "0")
    check(document)
    return document


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_of_plain_text(tmp_path, codec):
    text = "一、环境责任\n公司2022年用水12吨。"
    assert plain(tmp_path, text.encode(codec)).text == text


def test_plain_text_joins_wrapped_lines_and_sets_contents_apart(tmp_path):
    table = ["指标\t2022年\t2023年", "用水量（吨）\t12\t11"]
    body = "公司始终坚持绿色发展，把节能降耗作为生产经营的头等大事来抓。" * 7
    wrapped = [body[i : i + 23] for i in range(0, len(body), 23)]
    text = "\n".join(
        [
            "目录",
            "一、环境责任.......3",
            "一、环境责任",
            *wrapped[:3],
            "- 3 -",
            *wrapped[3:],
            *table,
        ]
    )
    document = plain(tmp_path, text.encode())
    kinds = [kind for kind, _ in shown(document)]
    assert kinds == ["running", "running", "heading", "text", "running", "table"]
    assert shown(document)[3][1] == body
    assert document.blocks[3].path == ("一、环境责任",)
    assert document.pages == ()


def test_form_feeds_are_pages(tmp_path):
    document = plain(tmp_path, "第一页的话。\f第二页的话。\f".encode())
    assert [page.number for page in document.pages] == [1, 2]
    assert [block.lines[0].page for block in document.blocks] == [1, 2]


def test_binary_is_no_text(tmp_path):
    with pytest.raises(ReportError, match="damaged"):
        plain(tmp_path, bytes(range(256)) * 20)


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        ("第一章 公司概况", 2),
        ("二、员工权益保护", 4),
        ("（三）安全生产", 5),
        ("3、客户服务", 6),
        ("2.1 公司治理", 7),
        ("4.2.1职业健康", 8),
        ("前言", 1),
        ("1.5万元用于助学", None),
        ("3.2 %的员工参加培训", None),
        ("2022年公司用水12吨", None),
        ("一、公司严格遵守法律法规。", None),
        ("一、环境责任........12", None),
        ("1、依法注册、合规经营；", None),
    ],
)
def test_which_lines_are_headings(line, rank):
    assert heading_level(line) == rank


def test_contents_lines_have_leaders():
    assert is_contents_line("四、管理成效..........10")
    assert not is_contents_line("公司用水12吨，用电100")


words = st.text(alphabet="公司环境责任，。；1２a \t%", min_size=0, max_size=30)
lines = st.lists(st.tuples(words, st.integers(0, 3)), min_size=1, max_size=4).map(tuple)
pieces = st.builds(
    Piece,
    kind=st.sampled_from(["text", "table", "running", "footnote"]),
    lines=lines,
    joint=st.sampled_from(["newline", "wrap", "none"]),
) | st.builds(Piece, kind=st.just("heading"), lines=lines, rank=st.integers(-9, 9))


@given(st.lists(pieces, max_size=12))
def test_every_place_gives_back_its_words(made):
    document = build("f", "0", "txt", made)
    check(document)
    kept = [piece for piece in made if piece.text.strip()]
    for piece, block in zip(kept, document.blocks, strict=True):
        found = [document.text[line.start : line.end] for line in block.lines]
        assert found == [text for text, _ in piece.lines]


@given(st.text(alphabet="公司、，。一二（）1.\t \n\f", max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("plain")
    if text.strip():
        # Running lines inside a paragraph come after it; nothing is lost or made up.
        found = plain(folder, text.encode()).text
        assert sorted("".join(found.split())) == sorted("".join(text.split()))
