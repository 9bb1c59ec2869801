"""Sentences of the running text with the figures in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.amounts import Amount, number_amount
from pipeline.measure import Number, parse_figures
from pipeline.measure.units import plain
from pipeline.records import Document

# 其中 goes on about what the sentence before it counted
_SENTENCE = re.compile(r"(?:[^。！？!?；;]|[。；;](?=\s*其中))+")
_BROKEN = re.compile(r"\d[.,]?\s+$|\d[.．]$")  # digits that the file has torn apart: 4. 79
# What makes a printed number none to compute with, besides what the parser knows.
_ABOUT_AFTER = re.compile(r"\s*(?:[多余佘馀+＋]|以上|以下|左右|上下|以内|不等)")
_ABOUT_BEFORE = re.compile(r"(?:最高|最低|平均|人均|户均|破|不到|不少于|接近|每)\s*$")
_CLAUSE = re.compile(r"[，,、：:（(）)\t\n]")


@dataclass(frozen=True, slots=True)
class Item:
    """A figure of a sentence.

    Attributes:
        amount: The figure.
        start: First character of the number, counted from the sentence's start.
        end: Behind the unit.
        depth: How many brackets it stands in.
        about: The report calls it approximate (约, 近, 余, 以上 ...) or a range.
    """

    amount: Amount
    start: int
    end: int
    depth: int
    about: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words between two full stops.

    Attributes:
        start: Offset in the document.
        text: In half-width digits, of the length of the original.
        items: Its figures in order.
    """

    start: int
    text: str
    items: tuple[Item, ...]

    def before(self, number: int) -> str:
        """Words between a figure and the one before it, without spaces."""
        start = self.items[number - 1].end if number else 0
        return "".join(self.text[start : self.items[number].start].split())

    def after(self, number: int) -> str:
        """Words between a figure and the next one, without spaces."""
        last = number + 1 == len(self.items)
        end = len(self.text) if last else self.items[number + 1].start
        return "".join(self.text[self.items[number].end : end].split())

    def clause(self, number: int) -> tuple[int, int]:
        """Span in the document of a figure with the words that name it."""
        item = self.items[number]
        least = self.items[number - 1].end if number else 0
        cuts = [cut.end() for cut in _CLAUSE.finditer(self.text, least, item.start)]
        start = cuts[-1] if cuts else least
        start += len(self.text[start : item.start]) - len(self.text[start : item.start].lstrip())
        return self.start + start, self.start + item.end


def sentences(document: Document) -> Iterator[Sentence]:
    """Sentences of the running text (no tables, headings, page furniture) that hold figures."""
    for block in document.blocks:
        if block.kind not in ("text", "footnote"):
            continue
        words = document.text[block.start : block.end]
        numbers = parse_figures(words)
        for found in _SENTENCE.finditer(plain(words)) if numbers else ():
            here = [n for n in numbers if found.start() <= n.start < found.end()]
            start = block.start + found.start()
            items = tuple(_items(found.group(), found.start(), block.start, here))
            if items:
                yield Sentence(start, found.group(), items)


def _items(text: str, cut: int, offset: int, numbers: Sequence[Number]) -> Iterator[Item]:
    for number in numbers:
        known = number_amount(number, offset)
        if known is None:
            continue
        start, end = number.start - cut, number.end - cut
        depth = text.count("(", 0, start) - text.count(")", 0, start)
        about = number.approx or number.span or bool(_ABOUT_AFTER.match(text, end))
        about = about or bool(_ABOUT_BEFORE.search(text[:start]) or _BROKEN.search(text[:start]))
        yield Item(known, start, end, max(depth, 0), about)
