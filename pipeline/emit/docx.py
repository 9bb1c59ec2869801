"""What all our Word files share: fonts for Chinese, and the same bytes on every run."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.run import Run

_MADE = (2000, 1, 1, 0, 0, 0)  # a zip stamps the clock otherwise


def steady(content: bytes) -> bytes:
    """A Word file without the times of its making."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = ZipInfo(name, _MADE)
            part.compress_type, part.external_attr = ZIP_DEFLATED, 0o600 << 16
            made.writestr(part, given.read(name))
    return out.getvalue()


def face(run: Run, font: str, size: float, color: RGBColor | None = None) -> Run:
    """Give a run its Chinese font and size in points; Latin letters stay in Times."""
    run.font.size = Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if color is not None:
        run.font.color.rgb = color
    return run
