"""Where words of a report are drawn: rectangles on its pages, letters to select over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.desk.shelf import NotThere, Report
from pipeline.emit.escape import clean
from pipeline.emit.words import place
from pipeline.facts import Box, Quote
from pipeline.place import block_at, lines_of
from pipeline.place import quote as quoted
from pipeline.records import Block, Document, Line

CHUNK = 40  # blocks to a leaf, where the format knows no pages
MOST_HITS = 200
LONGEST = 3_000  # characters of a quote
AROUND = 28  # characters shown on either side of a hit


def visible(text: str) -> str:
    """``text`` with what has no business on a screen blanked: offsets must not move."""
    return text if clean(text) == text else "".join(clean(ch) or " " for ch in text)


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text with its place: ``leaf`` is the page, or the chunk of blocks."""

    leaf: int
    start: int
    end: int
    boxes: tuple[tuple[int, Box], ...]  # (page, rectangle)

    @property
    def shape(self) -> str:
        """The rectangles as ``page x y width height`` joined by ``;``, for the script."""
        return ";".join(
            f"{page} {x0:.1f} {top:.1f} {x1 - x0:.1f} {bottom - top:.1f}"
            for page, (x0, top, x1, bottom) in self.boxes
        )


def mark(report: Report, start: int, end: int) -> Mark:
    """The place of a span (0 <= start < end <= len(text)); NotThere outside the text."""
    if not 0 <= start < end <= len(report.document.text):
        raise NotThere(f"{start}-{end}")
    return Mark(leaf_of(report, start, end), start, end, boxes(report.document, start, end))


def boxes(document: Document, start: int, end: int) -> tuple[tuple[int, Box], ...]:
    """Rectangles of a span: (page, box), line by line; none where there is no geometry."""
    lines = lines_of(document, start, end)
    return tuple(
        (line.page, _cut(document.text, line, line.box, start, end)) for line in lines if line.box
    )


def _cut(text: str, line: Line, box: Box, start: int, end: int) -> Box:
    """The part of a line's box that the span takes, by how wide letters are on the whole."""
    x0, top, x1, bottom = box
    words = text[line.start : line.end]
    if "\t" in words:
        return box
    size = (x1 - x0) / max(_wide(words), 0.5)
    first = x0 + size * _wide(words[: max(0, start - line.start)])
    return first, top, min(x1, x0 + size * _wide(words[: end - line.start])), bottom


def _wide(words: str) -> float:
    """Width in Chinese letters: Latin ones and digits take half of one."""
    return sum(1.0 if letter >= "\u2e80" else 0.5 for letter in words)


def leaf_of(report: Report, start: int, end: int) -> int:
    """The leaf of the viewer on which a span begins."""
    if report.document.pages:
        found = quoted(report.document, start, end).page
        if found:
            return found
    return (block_at(report.document, start).paragraph - 1) // CHUNK + 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page or chunk of the viewer; sizes in PDF points, 0 where there is no geometry."""

    number: int
    width: float
    height: float
    note: str = ""  # Chinese: why it may be hard to read


def leaves(document: Document) -> list[Leaf]:
    """All leaves, in order."""
    if document.pages:
        return [
            Leaf(p.number, p.width or 0, p.height or 0, _note(p.readable, p.ocr))
            for p in document.pages
        ]
    count = -(-len(document.blocks) // CHUNK)
    return [Leaf(n, 0, 0) for n in range(1, max(count, 1) + 1)]


def _note(readable: bool, ocr: bool) -> str:
    if not readable:
        return "此页没有可读文字"
    return "此页文字由图片识别" if ocr else ""


def blocks_of(report: Report, leaf: int) -> list[tuple[Block, int, int]]:
    """Blocks of a leaf with the part (start, end) that stands on it."""
    if not report.document.pages:
        chunk = report.document.blocks[(leaf - 1) * CHUNK : leaf * CHUNK]
        return [(block, block.start, block.end) for block in chunk]
    found = []
    for block in report.document.blocks:
        here = [line for line in block.lines if line.page == leaf]
        if here:
            found.append((block, here[0].start, here[-1].end))
    return found


@dataclass(frozen=True, slots=True)
class Letters:
    """A printed line to select words from; ``x`` and ``y`` (its foot) in points."""

    start: int
    end: int
    x: float
    y: float
    width: float
    size: float
    text: str


def letters(text: str, lines: Iterable[tuple[Line, Box]]) -> list[Letters]:
    """The lines of a page, in reading order, with their words from ``text``."""
    found = []
    for line, (x0, top, x1, bottom) in lines:
        words = visible(text[line.start : line.end]).replace("\t", " ")
        tall = bottom - top
        found.append(
            Letters(
                line.start, line.end, round(x0, 1), round(bottom - 0.16 * tall, 1),
                round(max(x1 - x0, 1), 1), round(max(tall * 0.9, 1), 1), words,
            )
        )  # fmt: skip
    return found


def sentences(text: str, start: int) -> list[tuple[int, str]]:
    """``text`` in pieces that end like sentences, each with its offset from ``start`` on."""
    found, begin = [], 0
    for at, letter in enumerate(text):
        if letter in "。！？；!?;\n" or at == len(text) - 1:
            found.append((start + begin, text[begin : at + 1]))
            begin = at + 1
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the searched words stand, with some words around."""

    at: Mark
    before: str
    words: str
    after: str
    place: str


def search(report: Report, wanted: str) -> list[Hit]:
    """Places of ``wanted``, case and blanks aside; the first MOST_HITS of them."""
    spans = _found(report.document.text, "".join(wanted.split()).casefold())
    return [_hit(report, start, end) for start, end in spans][:MOST_HITS]


def _found(text: str, wanted: str) -> Iterable[tuple[int, int]]:
    """Spans that hold ``wanted``, with whatever blanks and line ends stand between."""
    kept = [(at, ch) for at, ch in enumerate(text) if not ch.isspace()]
    plain = "".join(ch.lower() if len(ch.lower()) == 1 else ch for _, ch in kept)
    at = plain.find(wanted) if wanted else -1
    count = 0
    while at >= 0 and count < MOST_HITS:
        yield kept[at][0], kept[at + len(wanted) - 1][0] + 1
        at, count = plain.find(wanted, at + len(wanted)), count + 1


def _hit(report: Report, start: int, end: int) -> Hit:
    text, at = report.document.text, mark(report, start, end)
    block = block_at(report.document, start)
    before = clean(text[max(0, start - AROUND) : start].replace("\n", " "))
    after = clean(text[end : end + AROUND].replace("\n", " "))
    told = place(at.leaf if report.document.pages else None, block.paragraph)
    return Hit(at, before, clean(text[start:end]), after, told)


def taken(report: Report, start: int, end: int) -> Quote:
    """Words that a reader selected, as a quote, without blanks at their ends.

    Raises:
        NotThere: outside the text, blank, or longer than one would quote.
    """
    words = report.document.text[start:end] if 0 <= start < end else ""
    if not words.strip() or len(words) > LONGEST:
        raise NotThere(f"{start}-{end}")
    start += len(words) - len(words.lstrip())
    return quoted(report.document, start, start + len(words.strip()))
