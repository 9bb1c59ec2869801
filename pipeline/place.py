"""Where words of a document stand: lines, page and box of a span."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from pipeline.facts import Box, Quote
from pipeline.records import Block, Document, Line


def lines_of(document: Document, start: int, end: int) -> list[Line]:
    """Printed lines that ``start``-``end`` touches."""
    found = []
    for number in range(_number_at(document, start), len(document.blocks)):
        block = document.blocks[number]
        if block.start >= end:
            break
        found += [line for line in block.lines if line.start < end and line.end > start]
    return found


def block_at(document: Document, offset: int) -> Block:
    """The block that holds the character at ``offset`` (0 <= offset < len(text))."""
    return document.blocks[_number_at(document, offset)]


def _number_at(document: Document, offset: int) -> int:
    return max(bisect_right(document.blocks, offset, key=lambda block: block.start) - 1, 0)


def main_page(lines: Sequence[Line], start: int, end: int) -> int:
    """The page that holds most of the span; 0 where the format knows no pages."""
    if len(lines) == 1:
        return lines[0].page
    share: Counter[int] = Counter()
    for line in lines:
        share[line.page] += min(line.end, end) - max(line.start, start)
    return min(share, key=lambda page: (-share[page], page)) if share else 0


def union(lines: Sequence[Line]) -> Box | None:
    """The smallest box around the lines; None where the format knows no geometry."""
    boxes = [line.box for line in lines if line.box]
    if not boxes:
        return None
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def quote(document: Document, start: int, end: int, cell: tuple[int, int] | None = None) -> Quote:
    """The words ``start``-``end`` with their page and box, cut to the page that holds most."""
    lines = lines_of(document, start, end)
    page = main_page(lines, start, end)
    here = [line for line in lines if line.page == page]
    first = max(start, min((line.start for line in here), default=start))
    last = min(end, max((line.end for line in here), default=end))
    paragraph = block_at(document, first).paragraph
    words = document.text[first:last]
    return Quote(page or None, paragraph, first, last, words, union(here), cell)
