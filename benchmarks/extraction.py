"""Extraction measured against references and against other readers, side by side.

    python benchmarks/extraction.py CORPORA [--files] [--pages FOLDER]

CORPORA holds ``extraction`` (pdf/*.pdf with reference/*.md), ``csr2016`` (plain texts, which are
set into pages whose reading order is known), ``word``, ``csr_pdf`` and ``annual``. Wants rapidfuzz
and, to be measured against, PyMuPDF: ``pip install rapidfuzz pymupdf``. ``--files`` shows every
file; FOLDER holds more pages (*.pdf), each with its reference (*.md), which are told apart from the
rest. What is measured is said in docs/extraction.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import mean

from layered import layered
from layouts import layouts
from likeness import (
    Reference,
    bare,
    cell_score,
    character_error,
    characters_lost,
    from_markdown,
    furniture_left,
    heading_score,
    joined,
    order,
)
from office_layouts import office_layouts
from readers import Reading, libreoffice, ours, pdf_readers, python_docx, raw_pdfium

from pipeline.records import ReportError

_TEXTS = 4  # real texts that are set into pages
_COLUMNS = ("CER", "lost", "whole", "tau", "joined", "cells", "head", "level", "running", "ms/page")

Score = dict[str, float | None]
Reader = Callable[[Path], Reading]


@dataclass(frozen=True, slots=True)
class Case:
    """A file with what it says."""

    kind: str
    path: Path
    reference: Reference


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--pages", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        more = _referenced("pages of the folder", wanted.pages) if wanted.pages else ()
        _compare(chain(_cases(wanted.corpora, Path(folder)), more), wanted.files)
    _robust(wanted.corpora)
    _word(sorted((wanted.corpora / "word").glob("*.docx")), wanted.files)


def _cases(corpora: Path, folder: Path) -> Iterable[Case]:
    for case in _referenced("reference pages", corpora / "extraction" / "pdf"):
        yield case
        if raw_pdfium(case.path).text.strip() or not (scan := layered(case.path, folder)):
            continue
        yield Case("scans with OCR laid over them", scan, case.reference)
    texts = sorted((corpora / "csr2016").glob("*.txt"))[:_TEXTS]
    for kind, path, reference in chain(layouts(texts, folder), office_layouts(texts, folder)):
        yield Case(kind, path, reference)


def _referenced(kind: str, folder: Path) -> Iterable[Case]:
    """Files with a markdown reference beside them or in a folder ``reference`` beside theirs."""
    for path in sorted(folder.glob("*.pdf")):
        beside = path.with_suffix(".md")
        source = beside if beside.exists() else folder.parent / "reference" / beside.name
        yield Case(kind, path, from_markdown(source.read_text("utf-8")))


def _compare(cases: Iterable[Case], files: bool) -> None:
    """A table of means by kind of page and reader; with ``files`` a row a file before."""
    scores: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for case in cases:
        for name, reader in pdf_readers().items():
            found = score(case, reader)
            if found is None:
                print(f"{case.path.name}: no text by {name}")
                continue
            scores[case.kind, name].append(found)
            if files:
                print_row(f"{case.path.stem[:26]} {name}", found)
    print_head()
    for (kind, name), held in scores.items():
        print_row(f"{kind} ({len(held)}) {name}", means(held))


def score(case: Case, reader: Reader) -> Score | None:
    """What a reader makes of a file, by column; None where it finds no text."""
    try:
        reading = reader(case.path)
    except ReportError:
        return None
    if not bare(reading.text):
        return None
    text, wanted = reading.text, case.reference
    whole, tau = order(wanted.sentences, text)
    headings = heading_score(wanted.headings, reading.headings)
    return {
        "CER": character_error(wanted.text, text),
        "lost": characters_lost(wanted.text, text),
        "whole": whole if wanted.sentences else None,
        "tau": tau,
        "joined": joined(wanted.sentences, text) if wanted.sentences else None,
        "cells": cell_score(wanted.cells, reading.cells),
        "head": headings[0] if headings else None,
        "level": headings[1] if headings else None,
        "running": furniture_left(wanted, text),
        "ms/page": 1000 * reading.seconds / max(reading.pages, 1),
    }


def means(scores: list[Score]) -> Score:
    """Mean of each column over the files that have it."""
    held = {name: [v for one in scores if (v := one[name]) is not None] for name in _COLUMNS}
    return {name: mean(values) if values else None for name, values in held.items()}


def print_head() -> None:
    """Names of the columns."""
    print(f"\n{'':38}" + "".join(f"{name:>9}" for name in _COLUMNS))


def print_row(label: str, found: Score) -> None:
    """A row of the table."""
    cells = (f"{v:9.3f}" if (v := found[name]) is not None else f"{'-':>9}" for name in _COLUMNS)
    print(f"{label:38}" + "".join(cells))


def _robust(corpora: Path) -> None:
    """Files without a reference: whether they are read, how fast, and whether wholly.

    ``added`` and ``missing``: characters beside those that PDFium finds on the pages.
    """
    names = ("files", "refused", "pages", "ms/page", "chars", "added", "missing")
    print(f"\n{'':38}" + "".join(f"{name:>9}" for name in names))
    for folder in ("extraction/pdf", "csr_pdf", "annual"):
        paths = sorted((corpora / folder).glob("*.pdf"))
        printed = [_tried(raw_pdfium, path) for path in paths]
        for name, reader in pdf_readers().items():
            readings = [_tried(reader, path) for path in paths]
            both = [(a, b) for a, b in zip(printed, readings, strict=True) if a and b and b.text]
            pages = sum(reading.pages for _, reading in both)
            pace = 1000 * sum(reading.seconds for _, reading in both) / max(pages, 1)
            held = [(Counter(bare(a.text)), Counter(bare(b.whole or b.text))) for a, b in both]
            counts = [len(paths), len(paths) - len(both), pages, f"{pace:.1f}"]
            counts += [sum(b.total() for _, b in held)]
            counts += [sum((b - a).total() for a, b in held), sum((a - b).total() for a, b in held)]
            print(f"{f'{folder} {name}':38}" + "".join(f"{count:>9}" for count in counts))


def _tried(reader: Reader, path: Path) -> Reading | None:
    """None where the reader gives up, each in its own way."""
    try:
        return reader(path)
    except Exception:
        return None


def _word(paths: list[Path], files: bool) -> None:
    """Word files by ours and by python-docx, against the text that LibreOffice exports."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = libreoffice(paths, Path(folder))
    print(
        f"\n{'':38}" + "".join(f"{n:>9}" for n in ("CER", "lost", "cells", "headings", "ms/file"))
    )
    for name, reader in (("ours", ours), ("python-docx", python_docx)):
        rows = [_word_row(reader(path), wanted.get(path, "")) for path in paths]
        for path, row in zip(paths, rows, strict=True):
            if files:
                _numbers(f"{path.stem} {name}", row)
        _numbers(
            f"word ({len(paths)}) {name}", [mean(column) for column in zip(*rows, strict=True)]
        )


def _word_row(reading: Reading, wanted: str) -> list[float]:
    return [
        character_error(wanted, reading.whole),
        characters_lost(wanted, reading.whole),
        sum(bool(bare(cell)) for row in reading.cells or () for cell in row),
        len(reading.headings or ()),
        1000 * reading.seconds,
    ]


def _numbers(label: str, values: Iterable[float]) -> None:
    print(f"{label:38}" + "".join(f"{value:9.4f}" for value in values))


if __name__ == "__main__":
    main()
