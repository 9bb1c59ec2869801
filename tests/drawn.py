"""Reports drawn by reportlab, and what extraction makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract import extract
from pipeline.records import Block, Document

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
LEFT, SIZE, STEP = 72.0, 12, 20
WASTE = "公司全年处置一般固体废物三百吨，危险废物交由有资质的单位处置，综合利用率提高两个百分点。"
STAFF = (
    "公司为全体员工缴纳五项社会保险，并为一线员工安排每年一次职业健康检查，检查结果由专人建档跟踪。"
)

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def draw(folder: Path, *pages: Callable[[Canvas], None], **options: object) -> Path:
    path = folder / "report.pdf"
    canvas = Canvas(str(path), pagesize=A4, **options)
    for page in pages:
        canvas.setFont(FONT, SIZE)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return path


def wrapped(text: str, width: int, indent: bool = True) -> list[str]:
    """Lines of so many characters, the first two characters shorter where indented."""
    first = width - 2 if indent else width
    return [text[:first], *(text[i : i + width] for i in range(first, len(text), width))]


def block(canvas: Canvas, lines: list[str], x: float, y: float, indent: bool = True) -> float:
    for i, line in enumerate(lines):
        canvas.drawString(x + (2 * SIZE if indent and i == 0 else 0), y, line)
        y -= STEP
    return y


def read(path: Path) -> Document:
    document = extract(path, path.name, "0" * 64, "pdf")
    assert_consistent(document)
    return document


def assert_consistent(document: Document) -> None:
    """Blocks make the text up; lines make their block up and lie on their page."""
    texts = [document.text[b.start : b.end] for b in document.blocks]
    assert document.text == "\n".join(texts)
    for number, held in enumerate(document.blocks, start=1):
        assert held.paragraph == number
        assert held.lines[0].start == held.start
        assert held.lines[-1].end == held.end
        for line in held.lines:
            page = document.pages[line.page - 1]
            x0, top, x1, bottom = line.box
            assert 0 <= x0 < x1 <= page.width
            assert 0 <= top < bottom <= page.height


def texts(document: Document, kind: str) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == kind]


def holding(document: Document, words: str) -> Block:
    return next(b for b in document.blocks if words in document.text[b.start : b.end])
