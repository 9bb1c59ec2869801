"""Reports set by LibreOffice from Word files of ours: headings, tables and headers are known.

The order in which LibreOffice draws is its own, and it justifies its lines; nothing of the
outline is kept in the PDF, so headings can only be told by their looks.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from layouts import HEADER, ROWS, paragraphs
from likeness import Reference, sentences
from readers import Heading

_CHAPTERS = ("责任管理", "公司治理", "员工权益", "环境保护", "客户服务", "社区参与")
_NUMERALS = "一二三四五六"
_EXPORT = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"false"}}'


def office_layouts(texts: list[Path], folder: Path) -> Iterator[tuple[str, Path, Reference]]:
    """Files of one and of two columns with what they say; none without LibreOffice.

    Args:
        texts: Real reports as plain text, a paragraph a line.
        folder: Where the files are made.

    Yields:
        Name of the layout, the file, its reference.
    """
    if not shutil.which("soffice"):
        return
    for path in texts:
        long = paragraphs(path)
        for columns, kind in ((1, "office, one column"), (2, "office, two columns")):
            made = folder / f"{path.stem}-office-{columns}.docx"
            reference = _write(long, columns, made)
            _convert(made)
            yield kind, made.with_suffix(".pdf"), reference


def _convert(path: Path) -> None:
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", _EXPORT, "--outdir"]
    subprocess.run([*command, str(path.parent), str(path)], capture_output=True, check=True)


def _write(texts: list[str], columns: int, out: Path) -> Reference:
    """A chapter for every four texts, a section in each, a table in every other one."""
    new: Any = Document()
    _dress(new, columns)
    said: list[str] = []
    headings: list[Heading] = []
    rows: list[list[str]] = []
    for number in range((len(texts) + 3) // 4):
        chapter = f"{_NUMERALS[number]}、{_CHAPTERS[number]}"
        section = f"（一）{_CHAPTERS[number]}制度"
        first, *rest = texts[4 * number : 4 * number + 4]
        headings += [Heading(chapter, 1), Heading(section, 2)]
        new.add_heading(chapter, 1)
        new.add_paragraph(first)
        new.add_heading(section, 2)
        said += [chapter, first, section]
        for text in rest:
            new.add_paragraph(text)
            said.append(text)
        if number % 2 == 0:
            _table(new, Pt(428 if columns == 1 else 196))
            rows += ROWS
            said.append("\n".join("\t".join(row) for row in ROWS))
    new.save(out)
    prose = "\n".join(part for part in said if "\t" not in part)
    return Reference("\n".join(said), sentences(prose), rows, headings, [HEADER])


def _dress(new: Any, columns: int) -> None:
    """A font for Chinese, justified lines, so many columns, a header and page numbers."""
    for name, size in (("Normal", 10.5), ("Heading 1", 16), ("Heading 2", 12)):
        style = new.styles[name]
        style.font.size = Pt(size)
        style.font.name = "Noto Sans CJK SC"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), style.font.name)
    new.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    new.styles["Normal"].paragraph_format.first_line_indent = Pt(21)
    section = new.sections[0]
    section.header.paragraphs[0].text = HEADER
    section.footer.paragraphs[0]._p.append(_field("PAGE"))
    section._sectPr.find(qn("w:cols")).set(qn("w:num"), str(columns))


def _field(name: str) -> Any:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    return field


def _table(new: Any, width: int) -> None:
    table = new.add_table(len(ROWS), len(ROWS[0]), style="Table Grid")
    for column in table.columns:
        column.width = width // len(ROWS[0])
    for row, cells in zip(ROWS, table.rows, strict=True):
        for words, cell in zip(row, cells.cells, strict=True):
            cell.text = words
            cell.paragraphs[0].paragraph_format.first_line_indent = Pt(0)
