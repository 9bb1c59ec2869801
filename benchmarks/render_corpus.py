"""Render plain texts as submissions: a third Word, a third PDF, a third left as text.

    python benchmarks/render_corpus.py TEXTS... --out FOLDER [--all-kinds]

``--all-kinds`` renders every text as both Word and PDF. The texts stay outside the project;
what is rendered is for measuring only.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from pipeline.extract.numbering import heading_level

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def main() -> None:
    """Render the texts given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all-kinds", action="store_true")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(sorted(wanted.texts)):
        kinds = (0, 1) if wanted.all_kinds else (number % 3,)
        for kind in kinds:
            (to_word, to_pdf, keep)[kind](text, wanted.out)


def paragraphs(path: Path) -> list[str]:
    """Lines of a text without characters that XML cannot hold."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return [clean for line in lines if (clean := _CONTROL.sub("", line).strip())]


def to_word(path: Path, out: Path) -> None:
    """One Word paragraph a line, numbered titles as headings."""
    document = Document()
    for line in paragraphs(path):
        level = heading_level(line)
        if level:
            document.add_heading(line, min(level, 9))
        else:
            document.add_paragraph(line)
    document.save(str(out / f"{path.stem}.docx"))


def to_pdf(path: Path, out: Path) -> None:
    """A plain A4 PDF with justified paragraphs and numbered pages."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=11, leading=18, wordWrap="CJK")
    title = ParagraphStyle("title", body, fontSize=14, leading=24, spaceBefore=8)
    flow = [
        Paragraph(escape(line), title if heading_level(line) else body) for line in paragraphs(path)
    ]
    SimpleDocTemplate(str(out / f"{path.stem}.pdf"), pagesize=A4, invariant=1).build(
        flow, onFirstPage=_number, onLaterPages=_number
    )


def keep(path: Path, out: Path) -> None:
    """The text as it is."""
    shutil.copyfile(path, out / path.name)


def _number(canvas: object, document: object) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawCentredString(A4[0] / 2, 30, str(document.page))


if __name__ == "__main__":
    main()
