"""Substance: how much of what a report says rests on evidence, how much is stock phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import ahocorasick

from pipeline.quality.told import Told
from pipeline.records import Reading
from pipeline.resources import shipped

_WORTH = (0.0, 0.0, 0.5, 1.0, 1.0)  # of each level, as evidence
_STOCK = 2  # stock phrases that make a sentence without evidence boilerplate
_REPEATED = 16  # characters from which a sentence told twice is counted


def substance(readings: Sequence[Reading]) -> float:
    """Share (0-1) of statements that rest on evidence: a practice is half of it, a figure all.

    Statements are passages of level 1 and above: slogans count, titles and lists do not. Half
    for level 2 because clear evidence shows at level 3 and above, see docs/quality.md.
    """
    said = [reading.level for reading in readings if reading.level >= 1]
    return sum(_WORTH[level] for level in said) / len(said) if said else 0.0


def boilerplate(told: Told) -> float:
    """Share (0-1) of running text that is stock: phrases without evidence, or said before.

    A sentence is stock where its passage shows no evidence (level below 2) and it holds two
    phrases of data/lexicon/boilerplate.txt, or where the report has it word for word twice.
    """
    told_before: set[str] = set()
    total = stock = 0
    for text, level in _running(told):
        total += len(text)
        if text in told_before or (level < 2 and _phrases(text) >= _STOCK):
            stock += len(text)
        if len(text) >= _REPEATED:
            told_before.add(text)
    return stock / total if total else 0.0


def _running(told: Told) -> Iterator[tuple[str, int]]:
    for statement in told.statements:
        if statement.kind == "text":
            yield statement.text, statement.level


def _phrases(text: str) -> int:
    """Stock phrases in a text, the longest at each place."""
    return sum(1 for _ in _lexicon().iter_long(text))


@lru_cache
def _lexicon() -> ahocorasick.Automaton:
    phrases = ahocorasick.Automaton()
    path = shipped("data", "lexicon", "boilerplate.txt")
    for phrase in path.read_text("utf-8").split():
        phrases.add_word(phrase, phrase)
    phrases.make_automaton()
    return phrases
