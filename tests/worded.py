"""Word files written by python-docx, raw XML put in, and what extraction makes of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from docx import Document as NewDocument
from docx.oxml import parse_xml

from pipeline.extract.word import extract_word
from pipeline.records import Document

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
