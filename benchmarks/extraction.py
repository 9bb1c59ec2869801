"""Speed and faithfulness of PDF extraction on a folder of real reports.

    python benchmarks/extraction.py FOLDER

Pages per second of processor time, one process, against pdfplumber's text and PDFium's own
plain text; then the share of printed lines (of tables: cells) that an independent reader finds
on the page we state, white space aside.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pdfplumber
import pypdfium2 as pdfium

from pipeline.extract import extract
from pipeline.records import Document, ReportError

T = TypeVar("T")


def main(folder: Path) -> None:
    """Print a table, a row a file."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    print("pages  ours/s  pdfplumber/s  pdfium/s  found: pdfplumber  pdftotext  either  file")
    for path in sorted(folder.glob("*.pdf")):
        try:
            seconds, document = _timed(lambda path=path: extract(path, path.name, "", "pdf"))
        except ReportError as error:
            print(f"{'':84}{path.name}  {error.code}: {error.reason}")
            continue
        _row(path, seconds, document)


def _row(path: Path, seconds: float, document: Document) -> None:
    pages = len(document.pages)
    slow, plumbed = _timed(lambda: _pdfplumber(path))
    plain, _ = _timed(lambda: _pdfium(path))
    poppler = _pdftotext(path)
    found = _found(document, plumbed, poppler)
    shares = "  ".join(f"{share:9.4f}" if share is not None else f"{'-':>9}" for share in found)
    print(
        f"{pages:5}  {pages / seconds:6.0f}  {pages / slow:12.1f}  {pages / plain:8.0f}  "
        f"{'':8}{shares}  {path.name}"
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _pdfplumber(path: Path) -> list[str]:
    texts = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            texts.append(page.extract_text())
            page.close()
    return texts


def _pdfium(path: Path) -> list[str]:
    pdf = pdfium.PdfDocument(path)
    texts = []
    for page in pdf:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_range())
        textpage.close()
        page.close()
    pdf.close()
    return texts


def _pdftotext(path: Path) -> list[str] | None:
    if shutil.which("pdftotext") is None:
        return None
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=False)
    return done.stdout.decode("utf-8", errors="replace").split("\f")


def _found(document: Document, *readers: list[str] | None) -> list[float | None]:
    """Share of the printed pieces that each reader has on the stated page, then any of them."""
    pieces = [
        (line.page, bare)
        for block in document.blocks
        for line in block.lines
        for words in document.text[line.start : line.end].split("\t")
        if (bare := _bare(words))
    ]
    hits: list[list[bool]] = []
    for texts in readers:
        bared = [_bare(text) for text in texts or []]
        hits.append([page <= len(bared) and words in bared[page - 1] for page, words in pieces])
    shares = [
        sum(row) / len(pieces) if texts else None for row, texts in zip(hits, readers, strict=True)
    ]
    return [*shares, sum(map(any, zip(*hits, strict=True))) / len(pieces)]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
