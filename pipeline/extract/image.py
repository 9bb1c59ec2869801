"""A report sent as a picture (also a TIFF of many pages): read like a scan."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.records import Document, ReportError
from pipeline.sniff import refusal

if TYPE_CHECKING:
    from pipeline.extract.ocr import Ocr

FEWEST = 300  # characters of a page of a report; with fewer it is a photograph or a certificate
_LONG_SIDE = 11.7  # inches of A4: pictures seldom tell their true size
_QUALITY = 95  # of the JPEG in between


def extract_image(path: Path, file: str, sha256: str, ocr: Ocr | None) -> Document:
    """Read a picture of a page, or of several.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.
        ocr: How much it may cost; None: it is not read.

    Returns:
        Its Document, its pages as large as A4.

    Raises:
        ReportError: ``image`` where pictures are not read or this one shows no report,
            ``damaged`` or ``too_large``.
    """
    if ocr is None:
        raise refusal("image")
    from pipeline.extract.pdf import extract_pdf

    with tempfile.TemporaryDirectory(prefix="zejian-image-") as folder:
        pages = Path(folder, "pages.pdf")
        write_pages(path, pages, ocr.pages)
        try:
            document = extract_pdf(pages, file, sha256, ocr)
        except ReportError as fault:
            raise refusal("image") from fault
    if sum(map(str.isalnum, document.text)) < FEWEST:
        raise refusal("image")
    return replace(document, media="image")


def write_pages(path: Path, into: Path, most: int, colours: Literal["L", "RGB"] = "L") -> None:
    """Make a PDF of the pictures, one after the other: together they might fill the memory.

    Args:
        path: The picture.
        into: The PDF; its pages are as large as A4.
        most: Pages.
        colours: Grey, as it is read, or coloured, to be looked at.

    Raises:
        ReportError: ``too_large`` or ``damaged``.
    """
    from PIL import Image, ImageOps, ImageSequence

    huge = Image.DecompressionBombWarning
    try:
        with warnings.catch_warnings(action="error", category=huge), Image.open(path) as picture:
            if getattr(picture, "n_frames", 1) > most:
                raise refusal("too_large")
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                page = ImageOps.exif_transpose(frame).convert(colours)
                dots = max(page.size) / _LONG_SIDE
                page.save(into, "PDF", append=number > 0, resolution=dots, quality=_QUALITY)
    except (Image.DecompressionBombError, huge) as fault:
        raise refusal("too_large") from fault
    except (MemoryError, ReportError):
        raise
    except Exception as fault:  # each format has its own ways to stumble
        if isinstance(fault, OSError) and fault.errno:  # over the disk, not over the picture
            raise
        raise refusal("damaged") from fault
