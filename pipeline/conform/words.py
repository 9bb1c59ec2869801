"""Passages that speak of a theme or condition: by its cue words, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.facts import Quote
from pipeline.match.text import normal
from pipeline.place import quote
from pipeline.records import Document, Reading

SHOWN = 3  # highlights quoted of each theme
PRACTICE = 2  # disclosure level from which a passage tells of practice, not of belief


def speaking(readings: Sequence[Reading], cues: Sequence[str]) -> list[Reading]:
    """Readings that hold a cue: most different cues first, then level, then report order."""
    wanted = [normal(cue) for cue in cues]
    held = []
    for reading in readings:
        text = normal(reading.passage.text)
        if count := sum(cue in text for cue in wanted):
            held.append((-count, -reading.level, reading.passage.start, reading))
    return [reading for *_, reading in sorted(held, key=lambda one: one[:3])]


def practised(readings: Sequence[Reading]) -> list[Reading]:
    """Those that tell what was done, best level first."""
    told = [reading for reading in readings if reading.level >= PRACTICE]
    return sorted(told, key=lambda reading: -min(reading.level, 3))


def highlights(document: Document, readings: Sequence[Reading]) -> tuple[Quote, ...]:
    """Quotes of the first few."""
    passages = [reading.passage for reading in readings[:SHOWN]]
    return tuple(quote(document, passage.start, passage.end) for passage in passages)
