"""Chapters of a report by name, as an index may point to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pipeline.audit.codes import plain
from pipeline.audit.paging import contents, page_spans
from pipeline.records import Block, Document

Span = tuple[int, int]

_NOISE = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]{1,3}[章节部分篇]+|\d{1,2}(?:\.\d{1,2})+|\d{1,2}(?=[、.．\s])"
    r"|[一二三四五六七八九十]{1,3}(?=[、.．\s])|[（(][一二三四五六七八九十\d]{1,2}[)）])[、.．\s]*"
)
_MARKS = re.compile(r"[^\w\u4e00-\u9fff]|_")
_SPLIT = re.compile(r"[;；、/,，\n>\t]|\s+")
_SECTION = re.compile(r"\s*([1-9]\d?(?:\.\d{1,2}){1,3})(?![\d.]*[%\d])")
_NUMBERS = re.compile(r"(?<![\w.])[1-9]\d?(?:\.\d{1,2}){1,3}(?![\w.]|\s*[\u4e00-\u9fff])")
_CLOSE = 0.75  # share of characters that names which mean the same have in common
_TITLE = 4  # characters of a plain line that may pass for the name of a chapter
_SHORT = 26  # characters of a line that may be a title though it was not read as one
_WITHIN = 3  # characters of a name that may be looked for inside a pointer
_PLAIN_REACH = 2500  # characters after a title whose chapter has no known end
_ENOUGH = 0.6  # share of a pointer's characters that names of chapters must account for


def norm(words: str) -> str:
    """A title without its number, punctuation and spaces."""
    words = plain(words)
    number = _NOISE.match(words)
    return _MARKS.sub("", words[number.end() if number else 0 :]).lower()


class Chapters:
    """Names of chapters and the text under each; built once a report.

    Args:
        document: The report.
        indexes: Stretches of it that name chapters but hold none.
    """

    def __init__(self, document: Document, indexes: Sequence[Span] = ()):
        self.spans: dict[str, list[Span]] = defaultdict(list)
        self.mentions: dict[str, list[Span]] = defaultdict(list)  # cells and lines of that name
        self.sections: dict[str, list[Span]] = defaultdict(list)  # by number: 2.1.3
        plain_lines: dict[str, list[Span]] = defaultdict(list)
        listed = {offset for _, _, offset in contents(document)}
        ends = dict(_ends(document))
        pages = page_spans(document)
        for block in document.blocks:
            name = norm(document.text[block.start : block.end])
            if any(a <= block.start < b for a, b in indexes) or block.start in listed:
                continue
            if number := _SECTION.match(document.text[block.start : block.end]):
                self.sections[number[1]] += _span(block, ends, pages)
            if 1 < len(name) <= _SHORT:
                kept = plain_lines if block.kind == "text" else self.spans
                kept[name] += _span(block, ends, pages)
            self._mention(document, block)
        self.spans = defaultdict(list, plain_lines | self.spans)
        self.titles = set(self.spans) - {n for n in plain_lines if len(n) < _TITLE}
        self.listed = {norm(name): page for name, page, _ in contents(document)}

    def named(self, words: str) -> bool:
        """Whether words are, for the most part, names of chapters."""
        if numbers := _NUMBERS.findall(words):
            return all(number in self.sections for number in numbers)
        inner = norm(words)
        found = self._names(words, self.titles | set(self.listed))
        return bool(inner) and sum(map(len, found)) >= _ENOUGH * len(inner)

    def find(self, words: str) -> list[Span]:
        """Where the chapters are that words name; the narrower one of part and whole."""
        if numbers := _NUMBERS.findall(words):
            return sorted({span for number in numbers for span in self.sections[number]})
        names = self._names(words, set(self.spans)) or self._close(words)
        if not names:
            parts = (norm(part) for part in (words, *_SPLIT.split(plain(words))))
            return sorted(span for part in parts if part for span in self.mentions.get(part, ()))
        found = [(name, span) for name in names for span in self.spans[name]]
        return sorted({span for name, span in found if not _holds_another(name, span, found)})

    def pages(self, words: str) -> list[int]:
        """Printed pages that the table of contents gives for the chapters named."""
        return sorted({self.listed[name] for name in self._names(words, set(self.listed))})

    def _mention(self, document: Document, block: Block) -> None:
        start = block.start
        for cell in re.split(r"[\t\n]", document.text[block.start : block.end]):
            if len(cell) <= 2 * _SHORT:
                for name in {norm(part) for part in (cell, *cell.split())}:
                    self.mentions[name].append((start, start + _PLAIN_REACH))
            start += len(cell) + 1

    def _close(self, words: str) -> list[str]:
        """Names that differ from the words as scanned or retyped ones do."""
        whole = norm(words).removesuffix("页")
        return get_close_matches(whole, self.spans, 1, _CLOSE) if len(whole) >= _TITLE else []

    def _names(self, words: str, known: set[str]) -> list[str]:
        """Known names that the words hold: whole parts first, then the longest inside."""
        parts = [norm(part) for part in _SPLIT.split(plain(words)) if norm(part)]
        whole = norm(words)
        if whole in known:
            return [whole]
        found = [part for part in dict.fromkeys(parts) if part in known]
        rest = whole
        for part in found:
            rest = rest.replace(part, "\n")
        inside = (n for n in known if len(n) >= _WITHIN and n in rest)
        for name in sorted(inside, key=lambda n: (-len(n), n)):
            if name in rest:
                found.append(name)
                rest = rest.replace(name, "\n")
        return found


def _headings(document: Document) -> Iterator[Block]:
    return (block for block in document.blocks if block.kind == "heading")


def _ends(document: Document) -> Iterator[tuple[int, int]]:
    """(start, end) of the text under each heading: up to the next one as high."""
    open_: list[Block] = []
    for block in _headings(document):
        while open_ and (open_[-1].level or 9) >= (block.level or 9):
            yield open_.pop().start, block.start
        open_.append(block)
    for block in open_:
        yield block.start, len(document.text)


def _span(block: Block, ends: dict[int, int], pages: dict[int, Span]) -> Iterator[Span]:
    if block.kind == "heading":
        yield block.start, ends[block.start]
    elif block.kind == "running" and block.lines and block.lines[0].page:
        yield pages[block.lines[0].page]
    elif block.kind == "text":
        yield block.start, block.end + _PLAIN_REACH


def _holds_another(name: str, span: Span, found: list[tuple[str, Span]]) -> bool:
    """Whether a chapter of another of the names lies inside."""
    return any(
        other != name and inner != span and span[0] <= inner[0] and inner[1] <= span[1]
        for other, inner in found
    )
