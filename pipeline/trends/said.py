"""What the reports' own words give: how often themes are named, words, and pieces for topics.

Read a report at a time; only counts and a few tokenised pieces are kept, never the texts.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.emit import read_document
from pipeline.match.text import normal
from pipeline.programmes import programme, programme_ids
from pipeline.records import Document
from pipeline.resources import shipped
from pipeline.segment import words
from pipeline.trends.years import Years

PIECES = 30  # paragraphs kept of a report for topics, evenly over its length
LEAST = 30  # characters of a paragraph that can speak of a topic
_WORD = re.compile(r"[\u4e00-\u9fff]{2,8}")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a programme's notice and the words that show it; the words are ours."""

    name: str
    group: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One report in counts.

    Attributes:
        at: Its place among the reports of the panel.
        characters: Of its text without headers and footers.
        named: Occurrences of any cue, theme by theme.
        words: Those that stand in it, shared between reports (a dictionary each would not fit).
        counts: How often, in the order of ``words``.
        pieces: Words of some of its paragraphs.
    """

    at: int
    characters: int
    named: tuple[int, ...]
    words: tuple[str, ...]
    counts: NDArray[np.int32]
    pieces: tuple[tuple[str, ...], ...]


def themes() -> tuple[Theme, ...]:
    """Themes of all shipped programmes, each name once, in the order of the years."""
    found: dict[str, Theme] = {}
    for one in sorted(map(programme, programme_ids()), key=lambda p: (p.year or 0, p.id)):
        for theme in one.themes:
            if theme.kind == "theme" and theme.cues:
                found.setdefault(theme.name, Theme(theme.name, theme.group, theme.cues))
    return tuple(found.values())


def read_texts(outs: Sequence[Path], years: Years, about: Sequence[Theme]) -> list[Said]:
    """Counts of every report of the panel whose text lies in one of the OUT folders."""
    at = {sha: n for n, sha in enumerate(years.sha256.tolist()) if sha}
    found: dict[int, Said] = {}
    for document in _documents(outs):
        place = at.get(document.sha256)
        if place is not None and place not in found:
            found[place] = _said(place, document, about)
    return [found[n] for n in sorted(found)]


def _documents(outs: Sequence[Path]) -> Iterator[Document]:
    for out in outs:
        for path in sorted(out.glob("*/document.json")):
            if document := read_document(path.parent):
                yield document


def _said(at: int, document: Document, about: Sequence[Theme]) -> Said:
    blocks = [document.text[b.start : b.end] for b in document.blocks if b.kind != "running"]
    plain = normal("\n".join(blocks))
    counted = [_words(block) for block in blocks]
    long = [said for block, said in zip(blocks, counted, strict=True) if len(block) >= LEAST]
    step = max(len(long) / PIECES, 1)
    picked = (long[int(n * step)] for n in range(min(PIECES, len(long))))
    named = tuple(len(_cues(theme.cues).findall(plain)) for theme in about)
    found = Counter(word for said in counted for word in said)
    counts = np.fromiter(found.values(), np.int32, len(found))
    return Said(at, len(plain), named, tuple(found), counts, tuple(picked))


def _words(text: str) -> tuple[str, ...]:
    return tuple(sys.intern(w) for w in words(text) if _WORD.fullmatch(w) and w not in _vague())


def _cues(cues: Sequence[str]) -> re.Pattern[str]:
    """Any of the words, the longest where one holds another; compiled once by ``re``."""
    return re.compile("|".join(re.escape(normal(c)) for c in sorted(cues, key=len, reverse=True)))


@lru_cache
def _vague() -> frozenset[str]:
    """Words of every report, of no topic."""
    return frozenset(shipped("data", "lexicon", "vague.txt").read_text("utf-8").split())
