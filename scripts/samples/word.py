"""Word samples by python-docx, with what it does not write itself: boxes, notes, page marks."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from html import escape

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from samples.source import Block, Box, Figures, Heading, Source, Table, Text

_STAMP = datetime.datetime(2023, 10, 20, 9, 0)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_PIECES = re.compile(r"(\[\^\d\]|‖)")
_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def build_docx(source: Source) -> bytes:
    """The Word file of a sample."""
    document = docx.Document()
    _set_up(document, source)
    _cover(document, source)
    for block in source.blocks:
        _add(document, block)
    if source.notes:
        _add_notes(document, source.notes)
    stream = io.BytesIO()
    document.save(stream)
    return _without_clock(stream.getvalue())


def _set_up(document: Document, source: Source) -> None:
    core = document.core_properties
    core.author, core.title, core.last_modified_by = source.company, "".join(source.title), ""
    core.created = core.modified = _STAMP
    core.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.header.paragraphs[0].text = source.header
    _page_field(section.footer.paragraphs[0], source.footer)
    for name, font in (("Normal", "宋体"), *((f"Heading {n}", "黑体") for n in (1, 2, 3))):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        style.font.name = "Times New Roman"
        fonts.set(qn("w:eastAsia"), font)
    document.styles["Normal"].font.size = Pt(11)


def _page_field(paragraph: Paragraph, footer: str) -> None:
    before, after = footer.split("{page}")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(before)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(after)


def _cover(document: Document, source: Source) -> None:
    for number, line in enumerate(source.title):
        paragraph = document.add_paragraph(style="Title" if number == 1 else None)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(line).font.size = Pt(22 if number == 1 else 16)


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        _fill(document.add_paragraph(style=f"Heading {block.level}"), block.text)
    elif isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Box):
        document.add_paragraph()._p.append(parse_xml(_box(block)))
    elif isinstance(block, Figures):
        _fill(document.add_paragraph(), "；".join(f"{n} {v}" for v, n in block.items))
    else:
        _add_text(document, block)


def _add_text(document: Document, block: Text) -> None:
    if block.kind == "break":
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        return
    style = "List Bullet" if block.kind == "bullet" else None
    paragraph = document.add_paragraph(style=style)
    if style is None:
        paragraph.paragraph_format.first_line_indent = Pt(22)
    _fill(paragraph, block.text)


def _fill(paragraph: Paragraph, text: str) -> None:
    """Runs of a paragraph: words, references to notes, and where Word last turned the page."""
    for piece in _PIECES.split(text):
        if piece == "‖":
            paragraph.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))
        elif piece.startswith("[^"):
            run = paragraph.add_run()
            run.font.superscript = True
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), piece[2])
            run._r.append(reference)
        elif piece:
            paragraph.add_run(piece)


def _add_table(document: Document, block: Table) -> None:
    if block.caption:
        caption = document.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _fill(caption, block.caption)
    table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
    cells = [list(row.cells) for row in table.rows]
    for y, row in enumerate(block.rows):
        for x, text in enumerate(row):
            _place(cells, y, x, text, head=y == 0)
    document.add_paragraph()


def _place(cells: list[list[_Cell]], y: int, x: int, text: str, *, head: bool) -> None:
    if text in ("^", "<"):
        to = cells[y - 1][x] if text == "^" else cells[y][x - 1]
        cells[y][x] = to.merge(cells[y][x])
        for spare in cells[y][x].paragraphs[1:]:
            spare._p.getparent().remove(spare._p)
        return
    _fill(cells[y][x].paragraphs[0], text)
    for run in cells[y][x].paragraphs[0].runs:
        run.font.size, run.font.bold = Pt(9.5), head or None


def _box(block: Box) -> str:
    """A text box as Word writes it: once for itself, once for older versions."""
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in block.lines)
    content = f"<w:txbxContent>{body}</w:txbxContent>"
    return (
        f"<w:r {_NS}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
        "<wp:extent cx='5270500' cy='1320000'/><wp:docPr id='1' name='文本框'/><a:graphic>"
        "<a:graphicData uri='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'>"
        "<wps:wsp><wps:cNvSpPr txBox='1'/><wps:spPr><a:xfrm><a:off x='0' y='0'/>"
        "<a:ext cx='5270500' cy='1320000'/></a:xfrm><a:prstGeom prst='rect'><a:avLst/>"
        "</a:prstGeom><a:solidFill><a:srgbClr val='E8F0F5'/></a:solidFill></wps:spPr>"
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect "
        f"style='width:415pt;height:104pt'><v:textbox>{content}</v:textbox></v:rect></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _add_notes(document: Document, notes: dict[str, str]) -> None:
    body = "".join(
        f"<w:footnote w:id='{number}'><w:p><w:r><w:footnoteRef/></w:r>"
        f"<w:r><w:t xml:space='preserve'> {escape(text)}</w:t></w:r></w:p></w:footnote>"
        for number, text in notes.items()
    )
    lines = "".join(
        f"<w:footnote w:type='{kind}' w:id='{number}'>"
        f"<w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    xml = f"<?xml version='1.0' encoding='UTF-8'?><w:footnotes {_NS}>{lines}{body}</w:footnotes>"
    uri = PackURI("/word/footnotes.xml")
    part = Part(uri, _NOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _without_clock(data: bytes) -> bytes:
    """The package again with fixed times, and without the template's thumbnail."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(info, old.read(name))
    return out.getvalue()
