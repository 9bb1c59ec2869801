"""A document laid out as pages by another program: its words with their places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.desk.marks import LONGEST, Mark, boxes
from pipeline.desk.shelf import Lines, NotThere, Report, lines_by_page
from pipeline.desk.store.accounts import Refused
from pipeline.facts import Box, Quote
from pipeline.place import quote as quoted
from pipeline.quoted import Span, Words, bare
from pipeline.records import Block, Document, Line, Page

MOST_PAGES = 2_000
LEAST = 6  # characters of a piece of a quote that is looked for by itself
MARGIN, ALIKE = 0.12, 2  # of a page's height; pages on which heads and feet are alike
SMALL = 0.75  # of the other letters' height: a figure that refers to a note
APART = 1.2  # letter heights between two letters that belong to different cells
_NUMBER = re.compile(r"\d+")
_PIECE = re.compile(r"[^。！？；\n\t]+[。！？；]?")
_Letter = tuple[str, Box]


@dataclass(frozen=True)
class Layout:
    """Pages to be drawn; ``document`` None: they are the report's own, whose places it knows."""

    path: Path
    document: Document | None = None

    @cached_property
    def lines(self) -> Lines:
        """Printed lines of pages laid out anew, by page."""
        return lines_by_page(self.document) if self.document else {}

    @cached_property
    def words(self) -> Words:
        """The text of pages laid out anew."""
        return Words(self.document.text if self.document else "")


def seen(report: Report, layout: Layout, start: int, end: int) -> Mark | None:
    """Where words of the report stand on pages laid out anew; None where they are not found.

    Looked for as a whole, else sentence by sentence or cell by cell: a page's foot may stand
    between two of them. Of several places the one nearest to where it should be counts.
    """
    if layout.document is None or not 0 <= start < end <= len(report.document.text):
        return None
    near = _there(start, report.words, layout.words)
    whole = layout.words.find(report.document.text[start:end], near)
    spans = [whole] if whole else list(_pieces(report, layout, start, end))
    found = [one for span in spans for one in boxes(layout.document, *span)]
    if not found:
        return None
    first, last = spans[0][0], spans[-1][1]
    return Mark(found[0][0], first, last, tuple(found))


def _pieces(report: Report, layout: Layout, start: int, end: int) -> Iterator[Span]:
    for piece in _PIECE.finditer(report.document.text, start, end):
        if len(bare(piece[0])) >= LEAST:
            near = _there(piece.start(), report.words, layout.words)
            if span := layout.words.find(piece[0], near):
                yield span


def _there(offset: int, here: Words, there: Words) -> int:
    """About the same place in the other text."""
    return round(offset * len(there.text) / max(len(here.text), 1))


def taken_from(report: Report, layout: Layout, start: int, end: int) -> Quote:
    """Words selected on a page laid out anew, as a quote of the report.

    Raises:
        NotThere: no such words on the pages, or more than one would quote.
        Refused: the report's text does not have them in one piece.
    """
    words = layout.words.text[start:end] if 0 <= start < end else ""
    if not words.strip() or len(words) > LONGEST:
        raise NotThere(f"{start}-{end}")
    span = report.words.find(words, _there(start, layout.words, report.words))
    if span is None:
        raise Refused("所选文字在文字版中不是连续的一段，请切换到“看文字”后选取。")
    return quoted(report.document, *span)


def read_pages(path: Path, file: str, sha256: str, media: str) -> Document:
    """The words of a PDF as they are printed, one after the other, with their places.

    Args:
        path: A PDF that another program made of the report.
        file: Name of the report.
        sha256: Digest of the report.
        media: Kind of the report.

    Raises:
        ValueError: it cannot be read, or has too many pages.
    """
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(path) as source:
            if len(source) > MOST_PAGES:
                raise ValueError(f"{len(source)} pages")
            sizes = [source.get_page_size(number) for number in range(len(source))]
            runs = [list(_runs(source[number], size[1])) for number, size in enumerate(sizes)]
    except pdfium.PdfiumError as fault:
        raise ValueError(path.name) from fault
    pages = tuple(Page(n, *size) for n, size in enumerate(sizes, 1))
    text, blocks = _joined(runs, _running(runs, [height for _, height in sizes]))
    return Document(file, sha256, media, text, pages, blocks)


def _joined(pages: list[list[_Letter]], running: set[_Letter]) -> tuple[str, tuple[Block, ...]]:
    """All runs as one text, and a block of each page's; heads and feet of all pages come last.

    So that a sentence that goes on over the page is found in one piece.
    """
    parts: list[str] = []
    blocks, at = [], 0
    for kind in ("text", "running"):
        for number, runs in enumerate(pages, 1):
            lines, start = [], at
            for words, box in (one for one in runs if (one in running) == (kind == "running")):
                lines.append(Line(number, at, at + len(words), box))
                parts.append(words)
                at += len(words) + 1
            if lines:
                blocks.append(Block(kind, number, start, at - 1, (), tuple(lines)))
    return "\n".join(parts), tuple(blocks)


def _running(pages: list[list[_Letter]], heights: list[float]) -> set[_Letter]:
    """Runs at head or foot of a page that stand there on other pages, too, but for numbers."""
    found: dict[tuple[str, int], list[_Letter]] = defaultdict(list)
    for runs, height in zip(pages, heights, strict=True):
        for words, box in runs:
            if box[3] < MARGIN * height or box[1] > (1 - MARGIN) * height:
                found[_NUMBER.sub("", words), round(box[1] / 6)].append((words, box))
    return {one for alike in found.values() if len(alike) >= ALIKE for one in alike}


def _runs(page: Any, height: float) -> Iterator[_Letter]:
    """Letters of a page that stand together, as (words, box).

    Printing goes from paragraph to paragraph, but within a line from font to font.
    """
    line: list[_Letter] = []
    for letter in _letters(page, height):
        if line and not _level(line[-1][1], letter[1]):
            yield from _split(line)
            line = []
        line.append(letter)
    yield from _split(line)


def _letters(page: Any, height: float) -> Iterator[_Letter]:
    """Letters in the order of printing."""
    from pypdfium2 import raw

    text = page.get_textpage()
    for number in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, number))
        if letter.isprintable() and not letter.isspace():
            x0, bottom, x1, top = text.get_charbox(number, loose=True)
            yield letter, (x0, height - top, x1, height - bottom)


def _level(one: Box, other: Box) -> bool:
    """Whether two letters stand on one line."""
    apart = abs((one[1] + one[3]) - (other[1] + other[3])) / 2
    return apart < 0.6 * max(one[3] - one[1], other[3] - other[1], 1.0)


def _split(line: list[_Letter]) -> Iterator[_Letter]:
    """A line's runs, from left to right: cells of a table stand apart."""
    run: list[_Letter] = []
    tall = median(box[3] - box[1] for _, box in line) if line else 0.0
    for letter in sorted(line, key=lambda one: one[1][0]):
        if letter[0].isdigit() and letter[1][3] - letter[1][1] < SMALL * tall:
            continue
        if run and letter[1][0] - run[-1][1][2] > APART * (letter[1][3] - letter[1][1]):
            yield _run(run)
            run = []
        run.append(letter)
    if run:
        yield _run(run)


def _run(run: list[_Letter]) -> _Letter:
    x0, top, x1, bottom = zip(*(box for _, box in run), strict=True)
    return "".join(letter for letter, _ in run), (min(x0), min(top), max(x1), max(bottom))
