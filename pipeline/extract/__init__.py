"""Extract: a report file becomes a Document, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.records import Document, ReportError

MAX_CHARACTERS = 5_000_000  # of a report; the longest seen has 300,000

if TYPE_CHECKING:
    from pipeline.extract.ocr import Ocr


def extract(path: Path, file: str, sha256: str, media: str, ocr: Ocr | None = None) -> Document:
    """Read a report.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.
        media: What the file holds by its content, as ``Submission.media``.
        ocr: Read pages that are pictures, within these limits; None leaves them unread.

    Returns:
        Its Document, blocks in reading order.

    Raises:
        ReportError: The report cannot be read; says what to ask the company for.
    """
    document = _read(path, file, sha256, media, ocr)
    if len(document.text) > MAX_CHARACTERS:
        raise ReportError(
            "too_large", "全文超过 500 万字，未予评审，请企业只提交社会责任报告本身。"
        )
    return document


def _read(path: Path, file: str, sha256: str, media: str, ocr: Ocr | None) -> Document:
    # Imported here: a worker that reads only Word files need not load PDFium.
    if media == "pdf":
        from pipeline.extract.pdf import extract_pdf

        return extract_pdf(path, file, sha256, ocr)
    if media == "docx":
        from pipeline.extract.word import extract_word

        return extract_word(path, file, sha256)
    if media == "doc":
        from pipeline.extract.word import extract_doc

        return extract_doc(path, file, sha256)
    if media == "html":
        from pipeline.extract.html import extract_html

        return extract_html(path, file, sha256)
    if media == "txt":
        from pipeline.extract.plain import extract_plain

        return extract_plain(path, file, sha256)
    return _read_wrapped(path, file, sha256, media, ocr)


def _read_wrapped(path: Path, file: str, sha256: str, media: str, ocr: Ocr | None) -> Document:
    if media == "zip":
        from pipeline.extract.archive import extract_zip

        return extract_zip(path, file, sha256, ocr)
    if media == "image":
        from pipeline.extract.image import extract_image

        return extract_image(path, file, sha256, ocr)
    raise ValueError(f"no reader for {media}")
