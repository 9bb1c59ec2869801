"""Passages that speak of a theme or condition: by its cue words, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts import Quote
from pipeline.match.text import normal
from pipeline.place import quote
from pipeline.records import Document, Reading

SHOWN = 3  # highlights quoted of each theme
PRACTICE = 2  # disclosure level from which a passage tells of practice, not of belief


@dataclass(frozen=True, slots=True)
class Said:
    """A report's readings with their normal texts, made once for all that is looked for."""

    document: Document
    readings: tuple[tuple[str, Reading], ...]

    @classmethod
    def of(cls, document: Document, readings: Sequence[Reading]) -> Said:
        """The readings as the cues are looked for in them."""
        return cls(document, tuple((normal(r.passage.text), r) for r in readings))

    def speaking(self, cues: Sequence[str]) -> list[Reading]:
        """Readings that hold a cue: most different cues first, then level, then report order."""
        wanted = [normal(cue) for cue in cues]
        held = []
        for text, reading in self.readings:
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
