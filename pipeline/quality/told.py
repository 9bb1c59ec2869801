"""What a report tells, statement by statement, in a shape that is quick to search."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.facts import IndexLine, Quote
from pipeline.place import quote
from pipeline.records import BlockKind, Document, Reading

_SPACE = re.compile(r"[^\S\t]+")
# Lines of a table of contents and of a content index promise, they tell nothing.
_POINTER = re.compile(
    r"[.…·．]{4,}|(?<![A-Za-z])G4-|GRI\d{3}|(?<![A-Za-z\d])(?:EN|LA|S[O0〇o]|s〇|PR|HR|EC)\d{1,2}(?!\d)"
    r"|(?:^|\t)(?:[A-Z]{1,3}\d{1,2}(?:\.\d+)?(?=\t)|[A-Z]{1,2}\d{1,2}\.\d{1,2}|\d{3}-\d{1,2}\t)"
    r"|(?<![A-Za-z])[A-Z]-\d-\d|非经[济済]处罚"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, table row or heading.

    ``text`` is without white space, but for the tabs of a table row: lines break anywhere.
    """

    start: int  # into Document.text
    end: int
    text: str
    kind: BlockKind
    level: int  # of the passage it stands in, 0-4
    cmp: bool  # the passage compares with other years, a target or peers


class Told:
    """The statements of a report in reading order, contents and index lines left out.

    Args:
        document: The report.
        readings: The matcher's reading of its passages.
        index: Lines of its content index.
    """

    def __init__(
        self, document: Document, readings: Sequence[Reading], index: Sequence[IndexLine] = ()
    ):
        self.document = document
        listed = sorted((line.line.end, line.line.start) for line in index)
        found = sorted(
            (*_sentences(document, readings), *_headings(document)), key=lambda s: s.start
        )
        self.statements = tuple(s for s in found if _tells(s, listed))
        self.text = "\n".join(s.text for s in self.statements)
        self._starts = _starts(self.statements)

    def at(self, offset: int) -> int:
        """Number of the statement at an offset of ``text``."""
        return bisect_right(self._starts, offset) - 1

    def find(self, pattern: re.Pattern[str]) -> Iterator[Statement]:
        """Statements in which the pattern is found, in order, each once."""
        last = -1
        for match in pattern.finditer(self.text):
            if (number := self.at(match.start())) > last:
                last = number
                yield self.statements[number]

    def quote(self, statement: Statement) -> Quote:
        """The statement as it stands in the report."""
        return quote(self.document, statement.start, statement.end)


def _starts(statements: Sequence[Statement]) -> list[int]:
    starts, offset = [], 0
    for statement in statements:
        starts.append(offset)
        offset += len(statement.text) + 1
    return starts


def _sentences(document: Document, readings: Sequence[Reading]) -> Iterator[Statement]:
    for reading in readings:
        passage, level, cmp = reading.passage, reading.level, "cmp" in reading.flags
        for start, end in passage.sentences:
            text = _SPACE.sub("", document.text[start:end])
            yield Statement(start, end, text, passage.kind, level, cmp)


def _headings(document: Document) -> Iterator[Statement]:
    for block in document.blocks:
        if block.kind == "heading":
            text = _SPACE.sub("", document.text[block.start : block.end])
            yield Statement(block.start, block.end, text, "heading", 0, False)


def _tells(statement: Statement, listed: Sequence[tuple[int, int]]) -> bool:
    """Whether it is more than a pointer; ``listed``: (end, start) of index lines, sorted."""
    if not statement.text or _POINTER.search(statement.text):
        return False
    after = bisect_right(listed, (statement.start, len(statement.text) + statement.end))
    return after == len(listed) or listed[after][1] >= statement.end
