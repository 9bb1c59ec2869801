"""The readers of PDF and Word files that extraction is measured against, and ours.

PyMuPDF is licensed under the AGPL: it is installed by hand to measure against and is no part of
the product; pdftotext is poppler's program.
"""

from __future__ import annotations

import importlib.util
import logging
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium

from pipeline.extract import extract
from pipeline.records import Document


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as a reader or a reference gives it."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file.

    Attributes:
        text: All of it in its order; ours without what it sets apart as page furniture.
        whole: The same with that.
        cells: Rows of tables, as cells; None where the reader knows no tables.
        headings: None where it knows none.
        seconds: Processor time; of text alone where tables are asked for apart.
        pages: How many.
    """

    text: str
    cells: list[list[str]] | None = None
    headings: list[Heading] | None = None
    seconds: float = 0.0
    pages: int = 0
    whole: str = ""


def ours(path: Path) -> Reading:
    """By ``pipeline.extract``."""
    began = time.process_time()
    document = extract(path, path.name, "", path.suffix[1:])
    return read_document(document, time.process_time() - began)


def read_document(document: Document, seconds: float) -> Reading:
    """What ours makes of a file, in so much processor time."""
    text = "\n".join(document.text[b.start : b.end] for b in document.blocks if b.kind != "running")
    cells, headings = _our_cells(document), _our_headings(document)
    return Reading(text, cells, headings, seconds, len(document.pages), document.text)


def _our_cells(document: Document) -> list[list[str]]:
    tables = [document.text[b.start : b.end] for b in document.blocks if b.kind == "table"]
    return [row.split("\t") for table in tables for row in table.split("\n")]


def _our_headings(document: Document) -> list[Heading]:
    return [
        Heading(document.text[b.start : b.end], b.level or 0)
        for b in document.blocks
        if b.kind == "heading"
    ]


def plumber(path: Path) -> Reading:
    """By pdfplumber: ``extract_text``, and ``extract_tables`` apart."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    texts, rows, seconds = [], [], 0.0
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            began = time.process_time()
            texts.append(page.extract_text())
            seconds += time.process_time() - began
            rows += [[cell or "" for cell in row] for t in page.extract_tables() for row in t]
            page.close()
    return Reading("\n".join(texts), rows, None, seconds, len(texts))


def raw_pdfium(path: Path) -> Reading:
    """By pypdfium2's ``get_text_range``: the order in which the file draws."""
    began, texts = time.process_time(), []
    pdf = pdfium.PdfDocument(path)
    for page in pdf:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_range())
        textpage.close()
        page.close()
    pdf.close()
    return Reading("\n".join(texts), None, None, time.process_time() - began, len(texts))


def mupdf(path: Path) -> Reading:
    """By PyMuPDF's ``get_text``, and ``find_tables`` apart."""
    import pymupdf

    began = time.process_time()
    pdf = pymupdf.open(path)
    texts = [page.get_text() for page in pdf]
    seconds = time.process_time() - began
    rows = [
        [cell or "" for cell in row]
        for page in (pdf if len(pdf) <= _TABLE_PAGES else ())
        for table in page.find_tables().tables
        for row in table.extract()
    ]
    return Reading("\n".join(texts), rows, None, seconds, len(texts))


_TABLE_PAGES = 30  # find_tables takes a third of a second a page


def poppler(path: Path) -> Reading:
    """By ``pdftotext`` as it is called without options."""
    began = _children()
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=False)
    text = done.stdout.decode("utf-8", errors="replace")
    return Reading(text.replace("\f", "\n"), None, None, _children() - began, text.count("\f"))


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def python_docx(path: Path) -> Reading:
    """By python-docx's own paragraphs and tables."""
    from docx import Document as Open
    from docx.table import Table

    began = time.process_time()
    words, rows, headings = [], [], []
    for item in Open(str(path)).iter_inner_content():
        if isinstance(item, Table):
            held = [[cell.text for cell in row.cells] for row in item.rows]
            rows += held
            words += ["\t".join(row) for row in held]
            continue
        words.append(item.text)
        style = item.style.name if item.style is not None else ""
        if style.startswith("Heading ") and item.text.strip():
            headings.append(Heading(item.text, int(style.split()[1])))
    text = "\n".join(words)
    return Reading(text, rows, headings, time.process_time() - began, whole=text)


def libreoffice(paths: list[Path], folder: Path) -> dict[Path, str]:
    """Text of Word files as LibreOffice exports it; none without it."""
    if not shutil.which("soffice"):
        return {}
    command = ["soffice", "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    command += [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], capture_output=True, check=False)
    made = {path: folder / f"{path.stem}.txt" for path in paths}
    return {path: out.read_text("utf-8-sig") for path, out in made.items() if out.exists()}


def pdf_readers() -> dict[str, Callable[[Path], Reading]]:
    """Those that are installed, by name."""
    found = {"ours": ours, "pdfplumber": plumber, "pypdfium2": raw_pdfium}
    if importlib.util.find_spec("pymupdf"):
        found["PyMuPDF"] = mupdf
    if shutil.which("pdftotext"):
        found["pdftotext"] = poppler
    return found
