"""Reports that are not what an office expects: read where they can be, else refused."""

import shutil
import zipfile
from pathlib import Path

import pytest
from pdfs import page_with, save, stream, words

from pipeline.choices import Configuration
from pipeline.doubts import doubts
from pipeline.extract import extract
from pipeline.extract.build import Piece, build
from pipeline.intake import take_in
from pipeline.records import Document, ReportError
from pipeline.review import Job, review_file

PAGE = """<!DOCTYPE html>
<html><head><meta charset="gb2312"><title>不是正文</title><style>p{color:red}</style></head>
<body><!-- 注释 --><nav><a href="x">首页</a></nav>
<h1>示例企业社会责任报告</h1>引言<b>加粗</b>一句。
<table><tr><td><h2>环境保护</h2><p>公司节约用水<br>12 吨。<img src="http://127.0.0.1:9/x.png"></p></td></tr></table>
<table><tr><th>指标</th><th>2022年</th></tr><tr><td>用水量</td><td>12</td></tr></table>
<ul><li>一、植树</li><li>二、<span>清淤</span></li></ul>
<script>document.write("脚本")</script></body></html>"""


def code_of(path: Path, media: str) -> str:
    with pytest.raises(ReportError) as caught:
        extract(path, path.name, "0" * 64, media)
    assert caught.value.reason.endswith("。")
    assert "请企业" in caught.value.reason
    return caught.value.code


def test_a_web_page_is_read_without_its_trimmings(tmp_path: Path) -> None:
    path = tmp_path / "报告.doc"  # offices' systems export pages under this name
    path.write_bytes(PAGE.encode("gb18030"))
    (one,) = take_in(tmp_path).submissions
    assert one.media == "html"
    document = extract(path, one.file, one.sha256, one.media)
    shown = [(b.kind, document.text[b.start : b.end], b.path) for b in document.blocks]
    assert shown == [
        ("heading", "示例企业社会责任报告", ()),
        ("text", "引言加粗一句。", ("示例企业社会责任报告",)),
        ("heading", "环境保护", ("示例企业社会责任报告",)),
        ("text", "公司节约用水 12 吨。", ("示例企业社会责任报告", "环境保护")),
        ("table", "指标\t2022年\n用水量\t12", ("示例企业社会责任报告", "环境保护")),
        ("text", "一、植树", ("示例企业社会责任报告", "环境保护")),
        ("text", "二、清淤", ("示例企业社会责任报告", "环境保护")),
    ]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><body><img src=x></body></html>", "no_text"),
        ("<html></html>", "no_text"),
        ("<html>" + "<div>" * 5000 + "字", "no_text"),
    ],
    ids=["pictures only", "nothing", "nested too deep"],
)
def test_web_pages_that_cannot_be_read(tmp_path: Path, page: str, code: str) -> None:
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert code_of(tmp_path / "a.html", "html") == code


def test_web_pages_of_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(bytes(range(128, 256)) * 40)
    assert code_of(tmp_path / "a.html", "html") == "damaged"
    page = '<?xml version="1.0" encoding="utf-8"?><html><body><p>公司</p></body></html>'
    (tmp_path / "b.html").write_text(page, "utf-8")
    assert extract(tmp_path / "b.html", "b", "0", "html").text == "公司"


LOCKED = """<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<m:file-entry m:full-path="content.xml" m:media-type="text/xml" m:size="2"><m:encryption-data
 m:checksum="x"><m:algorithm m:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>
</m:encryption-data></m:file-entry></m:manifest>"""


def package(path: Path, mimetype: str) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", mimetype)
        made.writestr("content.xml", "<x/>")


def test_open_documents_and_mail_are_known_by_their_content(tmp_path: Path) -> None:
    kind = "application/vnd.oasis.opendocument."
    package(tmp_path / "甲.zip", kind + "text")
    package(tmp_path / "乙.docx", kind + "presentation")
    package(tmp_path / "丙.docx", kind + "spreadsheet")
    package(tmp_path / "丁.zip", "application/epub+zip")
    with zipfile.ZipFile(tmp_path / "己.docx", "w") as made:  # its text is missing
        made.writestr("[Content_Types].xml", "<x/>")
        made.writestr("word/styles.xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "庚.odt", "w") as made:  # saved with a password
        made.writestr("mimetype", kind + "text")
        made.writestr("META-INF/manifest.xml", LOCKED)
        made.writestr("content.xml", b"\x9f\x13")
    (tmp_path / "戊.mht").write_bytes(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n")
    intake = take_in(tmp_path)
    assert {one.file: one.media for one in intake.submissions} == {"甲.zip": "doc"}
    assert {one.file: one.code for one in intake.refused} == {
        "乙.docx": "presentation",
        "丙.docx": "not_report",
        "丁.zip": "unknown_type",
        "戊.mht": "mail",
        "己.docx": "unknown_type",
        "庚.odt": "encrypted",
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_open_document_is_read_through_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "report.odt"
    office, text = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text")
    )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.text"/>'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )
        made.writestr(
            "content.xml",
            f'<o:document-content xmlns:o="{office}" xmlns:t="{text}" o:version="1.2"><o:body>'
            "<o:text><t:p>公司保护环境。</t:p></o:text></o:body></o:document-content>",
        )
    assert extract(path, "report.odt", "0", "doc").text == "公司保护环境。"


def test_legacy_files_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert code_of(save(tmp_path, b"{\\rtf1 x}", "a.doc"), "doc") == "no_converter"


def test_dynamic_forms_and_portfolios_ask_for_what_they_hold(tmp_path: Path) -> None:
    form = page_with(
        words("Please wait..."),
        catalogue=b"/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>",
        extra=(stream(b"<xdp/>"),),
    )
    assert code_of(save(tmp_path, form), "pdf") == "xfa"
    bundle = page_with(
        words("Open this portfolio in Acrobat"),
        catalogue=b"/Collection<</View/D>>/Names<</EmbeddedFiles<</Names[(a.pdf)6 0 R]>>>>",
        extra=(
            b"<</Type/Filespec/F(a.pdf)/UF(a.pdf)/EF<</F 7 0 R>>>>",
            stream(b"%PDF-1.4", b"/Type/EmbeddedFile"),
        ),
    )
    assert code_of(save(tmp_path, bundle), "pdf") == "portfolio"


def document(*paragraphs: str) -> Document:
    return build("f", "0", "txt", [Piece("text", ((text, 0),)) for text in paragraphs])


LONG = "公司为全体员工缴纳社会保险，并安排每年一次职业健康检查。" * 30
WORDS = "we care for people and planet "


@pytest.mark.parametrize(
    ("paragraphs", "year", "codes"),
    [
        (("2022年度社会责任报告", LONG), 2022, []),
        (("2023 环境、社会及管治报告", LONG), 2022, []),  # printed in the year after
        (("二〇二二年可持續發展報告", LONG), 2022, []),
        (("2019年度社会责任报告", LONG), 2022, ["other_year"]),
        (("二〇一九年社会责任报告", LONG), 2022, ["other_year"]),
        (("2021年度社会责任报告", "二〇二二年三月", LONG), 2022, ["other_year"]),  # last year's
        (("示例公司社会责任报告", "二〇二二年三月", LONG), 2022, []),
        (("2019年度社会责任报告", LONG), None, []),
        (("社会责任报告", "见附件。"), None, ["near_empty"]),
        (("示例公司2022年度审计报告", LONG, "社会责任"), None, ["not_csr"]),
        (("会议纪要", LONG), None, ["not_csr"]),
        (("Sustainability report", WORDS * 90), None, ["foreign_language"]),
        (("社会责任报告 CSR Report", LONG, WORDS * 20), None, []),
    ],
)  # fmt: skip
def test_what_is_odd_is_noted(
    paragraphs: tuple[str, ...], year: int | None, codes: list[str]
) -> None:
    found = doubts(document(*paragraphs), year)
    assert [code for code, _ in found] == codes
    assert all(sentence.endswith("。") and "请企业" in sentence for _, sentence in found)


def test_what_is_odd_is_told_of_the_file_and_it_is_reviewed(tmp_path: Path) -> None:
    (source := tmp_path / "in").mkdir()
    texts = {
        "会议.txt": ("会议纪要", LONG),
        "外文.txt": ("Sustainability report", WORDS * 90),
        "旧年.txt": ("2019年度社会责任报告", LONG),
    }
    for name, paragraphs in texts.items():
        (source / name).write_text("\n".join(paragraphs), "utf-8")
    (source / "registration.csv").write_text("企业名称,报告年度\n旧年,2022\n", "utf-8")
    chosen = Configuration("shanghai-2023", ("gbt36000",), None)
    told = [
        review_file(Job(one, source / one.file, tmp_path / "out", chosen)).outcome
        for one in take_in(source).submissions
    ]
    assert {one.file: (one.status, one.code) for one in told} == {
        "会议.txt": ("done", "not_csr"),
        "外文.txt": ("done", "foreign_language"),
        "旧年.txt": ("done", "other_year"),
    }
    assert all("请企业" in one.reason for one in told)
