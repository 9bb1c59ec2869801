"""Sentences of a report as copying is measured by: running text, twelve characters or more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from pipeline.quoted import bare
from pipeline.records import Document

LEAST = 12  # characters without white space: shorter ones (谢谢大家) are alike by chance
_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]?")
_BETWEEN = "‖"  # survives ``bare``


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place, and its words without white space and full-width forms."""

    start: int
    end: int
    words: str

    @property
    def digest(self) -> int:
        """64 bits of the words."""
        return int.from_bytes(blake2b(self.words.encode(), digest_size=8).digest(), "little")


def sentences(document: Document, least: int = LEAST) -> list[Sentence]:
    """Sentences of the running text, in order; no tables, headings or page headers.

    A sentence may go over the lines of its paragraph, never over its end; those of fewer than
    ``least`` characters are left out.
    """
    spans = list(_spans(document))
    said = (document.text[start:end].replace(_BETWEEN, " ") for start, end in spans)
    words = bare(_BETWEEN.join(said)).split(_BETWEEN)  # at once: far quicker than one by one
    found = zip(spans, words, strict=False)  # no spans: one empty word
    return [Sentence(*span, one) for span, one in found if len(one) >= least]


def _spans(document: Document) -> Iterator[tuple[int, int]]:
    for block in document.blocks:
        if block.kind != "text":
            continue
        for found in _SENTENCE.finditer(document.text, block.start, block.end):
            yield found.span()
