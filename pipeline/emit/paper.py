"""Word papers of the office made without a template: headings, text, tables and charts.

Charts are Word's own, with their figures in them: no picture, so no font is needed to draw
one, and the office may change its colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph

from pipeline.emit.docx import face, steady
from pipeline.emit.escape import clean
from pipeline.emit.wordchart import CHART_TYPE, Series, chart_xml, inline_xml

BODY, HEAD = "仿宋", "黑体"
BRAND, SOFT = RGBColor(0x17, 0x37, 0x5E), RGBColor(0x5B, 0x68, 0x77)
WIDE = 16.7  # centimetres between the margins


class Paper:
    """A Word paper under way; every text put in is cleaned, none is markup."""

    def __init__(self, title: str, subtitle: str = ""):
        self._made = Document()
        self._charts = 0
        self._page()
        self._line(title, HEAD, 18, BRAND).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if subtitle:
            self._line(subtitle, BODY, 11, SOFT).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, text: str) -> None:
        """A heading, kept with what follows."""
        line = self._line(text, HEAD, 13, BRAND)
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(10), Pt(4)
        line.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """A paragraph."""
        self._line(text, BODY, 11)

    def note(self, text: str) -> None:
        """A remark in small grey type."""
        self._line(text, BODY, 9, SOFT)

    def table(self, heads: Mapping[str, float], rows: Sequence[Sequence[str]]) -> None:
        """A table; ``heads`` gives each column's name and its width in centimetres."""
        table = self._made.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for n, width in enumerate(heads.values()):
            table.columns[n].width = Cm(width)
        self._fill(table.rows[0], list(heads), heads, HEAD)
        _repeat(table.rows[0])
        for row in rows:
            self._fill(table.add_row(), row, heads, BODY)
        self._made.add_paragraph().paragraph_format.line_spacing = Pt(6)

    def chart(self, title: str, names: Sequence[str], series: Sequence[Series]) -> None:
        """Horizontal bars, one a name from the top, the series stacked on each other."""
        self._charts += 1
        package = self._made.part.package
        uri = PackURI(f"/word/charts/chart{self._charts}.xml")
        content = chart_xml(clean(title), [clean(name) for name in names], series)
        part = Part(uri, CHART_TYPE, content, package)
        place = self._made.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        height = 2.0 + 0.5 * len(names)
        drawing = parse_xml(inline_xml(place, self._charts, clean(title), WIDE, height))
        self._made.add_paragraph().add_run()._element.append(drawing)

    def bytes(self) -> bytes:
        """The finished file, the same for the same content."""
        told = self._made.core_properties
        told.author, told.title, told.comments = "责鉴", "", ""
        told.created = told.modified = datetime(2000, 1, 1, tzinfo=UTC)
        out = BytesIO()
        self._made.save(out)
        return steady(out.getvalue())

    def _page(self) -> None:
        section = self._made.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.1)
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
        style = self._made.styles["Normal"]
        style.font.name = "Times New Roman"
        style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
        style.paragraph_format.space_after = Pt(4)

    def _line(self, text: str, font: str, size: float, color: RGBColor | None = None) -> Paragraph:
        line = self._made.add_paragraph()
        face(line.add_run(clean(text)), font, size, color)
        return line

    def _fill(
        self, row: _Row, values: Sequence[str], heads: Mapping[str, float], font: str
    ) -> None:
        for cell, value, width in zip(row.cells, values, heads.values(), strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.paragraph_format.space_after = Pt(2)
            face(paragraph.add_run(clean(value)), font, 9)


def _repeat(row: _Row) -> None:
    """Repeat the row at the head of every page, and keep rows whole."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)
