"""Write data/templates/letter.docx: the letter as the office may edit it in Word.

Run it after a change here; what the office changed in the Word file itself would be lost, so
they keep theirs under another name and give it by ``zejian letter --template``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph

from pipeline.emit.docx import face, steady

TARGET = Path(__file__).parents[1] / "data" / "templates" / "letter.docx"
BODY, HEAD = "仿宋", "黑体"
SECTIONS = (  # heading, list in the letter, text of an item
    (
        "值得肯定之处",
        "strengths",
        "{{ one.n }}. {{ one.title }}：{{ one.text }}如“{{ one.quote }}”（{{ one.place }}）。",
    ),
    (
        "请说明的事项",
        "alarms",
        "{{ one.n }}. {{ one.title }}：报告述及“{{ one.quote }}”（{{ one.place }}），"
        "{{ one.text }}",
    ),
    ("请核对的数据", "checks", "{{ one.n }}. {{ one.title }}（{{ one.place }}）：{{ one.text }}"),
    ("请核对的索引", "index", "{{ one.n }}. {{ one.title }}（{{ one.place }}）：{{ one.text }}"),
    (
        "建议补充披露的内容（按分量排列）",
        "missing",
        "{{ one.n }}. {{ one.title }}（{{ one.codes }}）：{{ one.text }}",
    ),
    ("提升报告质量", "quality", "{{ one.n }}. {{ one.title }}：{{ one.text }}"),
)
COLUMNS = (
    ("序号", 1.2, "{{ row.n }}"),
    ("类别", 1.9, "{{ row.kind }}"),
    ("事项", 3.6, "{{ row.title }}"),
    ("意见", 6.4, "{{ row.text }}"),
    ("依据", 3.5, "{{ row.codes or row.place }}"),
)


def main() -> None:
    """Write the template."""
    made = Document()
    _page(made)
    _styles(made)
    _letter(made)
    _annex(made)
    _properties(made)
    out = BytesIO()
    made.save(out)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(steady(out.getvalue()))


def _page(made: Word) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
    section.header_distance = section.footer_distance = Cm(1.1)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    face(foot.add_run("责鉴 {{ made_by }} · 报告指纹 {{ mark }}"), BODY, 8, RGBColor(90, 100, 115))


def _styles(made: Word) -> None:
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.line_spacing = Pt(18)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)


def _letter(made: Word) -> None:
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(26)
    title.paragraph_format.space_after = Pt(6)
    face(title.add_run("关于{{ title }}的修改建议"), HEAD, 15)
    made.add_paragraph("{{ company }}：")
    _indented(
        made,
        "感谢贵单位参加{{ programme }}。对照{{ guidelines }}，我们审阅了贵单位提交的{{ title }}，"
        "现将意见函告如下，供修改时参考。",
    )
    for heading, name, item in SECTIONS:
        _section(made, heading, name, item)
    _closing(made)


def _section(made: Word, heading: str, name: str, item: str) -> None:
    made.add_paragraph(f"{{%p if {name} %}}")
    line = made.add_paragraph()
    line.paragraph_format.space_before = Pt(3)
    line.paragraph_format.keep_with_next = True
    face(line.add_run(f"{{{{ numeral.{name} }}}}、{heading}"), HEAD, 11)
    made.add_paragraph(f"{{%p for one in {name} %}}")
    _indented(made, item)
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph(f"{{%p if more.{name} %}}")
    _indented(made, f"另有{{{{ more.{name} }}}}项，见附表或覆盖表。")
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{%p endif %}")


def _closing(made: Word) -> None:
    last = _indented(
        made,
        "以上意见由评审系统依据报告原文整理，以专家评审意见为准。报告中已有相应内容而我们未能找到的，"
        "请告知页码；不适用于贵单位的，请简要说明原因。"
        "{% if doubtful %}另有{{ doubtful }}项指标是否披露尚待专家判断，未列入本函。{% endif %}",
    )
    last.paragraph_format.space_before = Pt(6)
    for text in ("评审办公室", "　　　　年　　月　　日"):
        sign = made.add_paragraph(text)
        sign.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _annex(made: Word) -> None:
    made.add_paragraph("{%p if annex %}")
    head = made.add_paragraph()
    head.add_run().add_break(WD_BREAK.PAGE)
    face(head.add_run("附表　修改建议一览"), HEAD, 12)
    table = made.add_table(rows=4, cols=len(COLUMNS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, (name, width, value) in enumerate(COLUMNS):
        _cell(table.cell(0, cell).paragraphs[0], name, HEAD)
        _cell(table.cell(2, cell).paragraphs[0], value, BODY)
        table.columns[cell].width = Cm(width)
    table.cell(1, 0).paragraphs[0].text = "{%tr for row in annex %}"
    table.cell(3, 0).paragraphs[0].text = "{%tr endfor %}"
    _repeat(table.rows[0])
    note = made.add_paragraph()
    _cell(note, "{{ annex_note }}", BODY)
    made.add_paragraph("{%p endif %}")


def _cell(paragraph: Paragraph, text: str, font: str) -> None:
    paragraph.paragraph_format.line_spacing = Pt(13)
    face(paragraph.add_run(text), font, 9)


def _repeat(row: _Row) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)


def _indented(made: Word, text: str) -> Paragraph:
    line = made.add_paragraph(text)
    line.paragraph_format.first_line_indent = Pt(22)
    return line


def _properties(made: Word) -> None:
    told = made.core_properties
    told.author, told.title, told.comments = "责鉴", "修改建议", ""
    told.created = told.modified = datetime(2000, 1, 1, tzinfo=UTC)


if __name__ == "__main__":
    main()
