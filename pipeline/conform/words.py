"""Passages that speak of a theme or condition: by its cue words, the most telling first."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.facts import Quote
from pipeline.match.text import normal
from pipeline.place import quote
from pipeline.records import Document, Reading

SHOWN = 3  # highlights quoted of each theme
PRACTICE = 2  # disclosure level from which a passage tells of practice, not of belief


@dataclass(frozen=True, slots=True)
class Said:
    """A report's readings, and their normal texts in one, made once for all that is looked for.

    Attributes:
        document: The report.
        readings: Of its passages.
        text: Their normal texts, a line each.
        starts: Where each begins in ``text``.
    """

    document: Document
    readings: Sequence[Reading]
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, document: Document, readings: Sequence[Reading]) -> Said:
        """The readings as the cues are looked for in them."""
        texts = [normal(reading.passage.text) for reading in readings]
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        return cls(document, readings, "\n".join(texts), tuple(starts)[: len(texts)])

    def speaking(self, cues: Sequence[str]) -> list[Reading]:
        """Readings that hold a cue: most different cues first, then level, then report order."""
        counts = Counter(number for cue in cues for number in self._holding(normal(cue)))
        held = [(self.readings[number], count) for number, count in counts.items()]
        held.sort(key=lambda one: (-one[1], -one[0].level, one[0].passage.start))
        return [reading for reading, _ in held]

    def _holding(self, cue: str) -> set[int]:
        """Numbers of the readings whose text holds a cue."""
        found, at = set(), self.text.find(cue)
        while at >= 0:
            number = bisect_right(self.starts, at) - 1
            found.add(number)
            after = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
            at = self.text.find(cue, after)
        return found


def practised(readings: Sequence[Reading]) -> list[Reading]:
    """Those that tell what was done, best level first."""
    told = [reading for reading in readings if reading.level >= PRACTICE]
    return sorted(told, key=lambda reading: -min(reading.level, 3))


def highlights(document: Document, readings: Sequence[Reading]) -> tuple[Quote, ...]:
    """Quotes of the first few."""
    passages = [reading.passage for reading in readings[:SHOWN]]
    return tuple(quote(document, passage.start, passage.end) for passage in passages)
