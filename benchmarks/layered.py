"""Scans with what OCR reads off them laid over the picture, unseen, as scanning programs do.

All readers get the same words at the same places, in the order in which they were found: down
the page, over all its columns.
"""

from __future__ import annotations

import importlib.util
from math import inf
from pathlib import Path

import pypdfium2 as pdfium
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract.lines import Run
from pipeline.extract.ocr import Ocr, read_pictures

_FONT = "STSong-Light"
_UNSEEN = 3  # text render mode


def layered(path: Path, folder: Path) -> Path | None:
    """Make a scan searchable.

    Args:
        path: A PDF of pictures.
        folder: Where the other one is made.

    Returns:
        The PDF with text; None without RapidOCR.
    """
    if importlib.util.find_spec("rapidocr") is None:
        return None
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    pdf = pdfium.PdfDocument(path)
    scans = read_pictures(pdf, set(range(1, len(pdf) + 1)), Ocr(seconds=inf))
    out = folder / f"{path.stem}-layered.pdf"
    canvas = Canvas(str(out))
    for number, page in enumerate(pdf, start=1):
        width, height = page.get_size()
        canvas.setPageSize((width, height))
        picture = ImageReader(page.render().to_pil().convert("L"))
        canvas.drawImage(picture, 0, 0, width, height)
        for run in scans[number].runs:
            _lay(canvas, run, height)
        canvas.showPage()
    canvas.save()
    return out


def _lay(canvas: Canvas, run: Run, height: float) -> None:
    """Words over their place, drawn as wide as they are printed."""
    words = canvas.beginText(run.x0, height - run.base)
    words.setFont(_FONT, run.size)
    words.setTextRenderMode(_UNSEEN)
    wide = pdfmetrics.stringWidth(run.text, _FONT, run.size)
    words.setHorizScale(100 * (run.x1 - run.x0) / wide if wide else 100)
    words.textOut(run.text)
    canvas.drawText(words)
