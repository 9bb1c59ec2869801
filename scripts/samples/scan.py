"""A scanned sample: pages of a PDF as pictures, slightly askew, and nothing else."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

_SCALE = 110 / 72  # dots per point
_TILTS = (0.5, -0.4, 0.3)  # degrees
_PAPER = 250
_QUALITY = 42


def as_scan(pdf: bytes, title: str) -> bytes:
    """A PDF of page pictures.

    Args:
        pdf: A PDF with text.
        title: For its properties.

    Returns:
        The PDF with every page as one grey JPEG, without text.
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle(title)
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        picture = page.render(scale=_SCALE, grayscale=True).to_pil().convert("L")
        tilt = _TILTS[number % len(_TILTS)]
        picture = picture.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=_PAPER)
        canvas.drawImage(ImageReader(_jpeg(picture)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _jpeg(picture: Image.Image) -> io.BytesIO:
    stream = io.BytesIO()
    picture.point(lambda grey: min(grey, _PAPER)).save(stream, "JPEG", quality=_QUALITY)
    stream.seek(0)
    return stream
