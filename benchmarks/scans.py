"""Reports set by LibreOffice, as pictures: what OCR makes of them, tables and headings included.

    python benchmarks/scans.py CORPORA

CORPORA holds ``csr2016`` (plain texts). Wants LibreOffice, rapidfuzz and the extra ``ocr``. What
is measured is said in docs/extraction.md.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pypdfium2 as pdfium
from extraction import Case, Score, means, print_head, print_row, score
from office_layouts import office_layouts
from readers import Reading, read_document

from pipeline.extract import extract
from pipeline.extract.ocr import Ocr

_TEXTS = 2  # real texts that are set into pages
_DPI, _QUALITY = 150, 85


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    scores: dict[str, list[Score]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for case in _cases(parser.parse_args().corpora, Path(folder)):
            found = score(case, _with_ocr)
            if found is not None:
                scores[case.kind].append(found)
    print_head()
    for kind, held in scores.items():
        print_row(kind, means(held))


def _cases(corpora: Path, folder: Path) -> Iterator[Case]:
    texts = sorted((corpora / "csr2016").glob("*.txt"))[:_TEXTS]
    for kind, path, reference in office_layouts(texts, folder):
        yield Case(kind, _scan(path, 0), reference)
        if "one column" in kind:
            yield Case(f"{kind}, upside down", _scan(path, 180), reference)


def _scan(path: Path, degrees: int) -> Path:
    """Its pages as grey pictures, turned so far."""
    pages = [page.render(scale=_DPI / 72).to_pil() for page in pdfium.PdfDocument(path)]
    first, *rest = [page.convert("L").rotate(degrees, expand=True) for page in pages]
    out = path.with_name(f"{path.stem}-{degrees}.pdf")
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=_DPI, quality=_QUALITY)
    return out


def _with_ocr(path: Path) -> Reading:
    began = time.process_time()
    document = extract(path, path.name, "", "pdf", Ocr(seconds=inf))
    return read_document(document, time.process_time() - began)


if __name__ == "__main__":
    main()
