"""Search passages for what an index line claims: by the matcher's readings and by its words."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from pipeline.audit.codes import plain
from pipeline.audit.standards import Target
from pipeline.records import Passage, Reading

Span = tuple[int, int]

LIKELY = 0.25  # probability by which a passage on the page pointed to speaks for the line
SURE = 0.6  # probability by which one elsewhere does: there are many more to be mistaken about
ALIKE, VERY_ALIKE = 0.45, 0.7  # the same for the weight of the title's words in a passage
_FEWEST = 3  # two-character words; shorter titles are in every passage
_HAN = re.compile(r"[\u4e00-\u9fff]+|[a-z]{2,}")


class Evidence:
    """The passages of a report outside its indexes, ready to be searched; built once."""

    def __init__(self, readings: Sequence[Reading], indexes: Sequence[Span]):
        self.readings = [r for r in readings if not _within(r.passage, indexes)]
        self.starts = [r.passage.start for r in self.readings]
        self.in_force = frozenset(m.framework for r in readings for m in r.matches)
        self.by_target: dict[Target, dict[int, float]] = defaultdict(dict)
        for number, reading in enumerate(self.readings):
            for match in reading.matches:
                self.by_target[match.framework, match.indicator][number] = match.probability
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, reading in enumerate(self.readings):
            for pair in _pairs(reading.passage.text + "".join(reading.passage.heading)):
                self._holders[pair].append(number)
        self._known: dict[str, dict[int, float]] = {}

    def best(
        self, targets: frozenset[Target], titles: Sequence[str], spans: Sequence[Span] | None
    ) -> Passage | None:
        """The best passage in the spans (None: anywhere), if it is good enough.

        Args:
            targets: Indicators that the line stands for.
            titles: Ways to say what it asks for.
            spans: Where to look, in code points.
        """
        numbers = range(len(self.readings)) if spans is None else self._in(spans)
        likely, alike = (SURE, VERY_ALIKE) if spans is None else (LIKELY, ALIKE)
        likenesses = [self._likeness(title) for title in titles]
        scored = (
            (
                max(
                    self._probability(n, targets) / likely,
                    0.0,
                    *(likeness.get(n, 0.0) / alike for likeness in likenesses),
                ),
                -n,
            )
            for n in numbers
        )
        top, number = max(scored, default=(0.0, 0))
        return self.readings[-number].passage if top >= 1 else None

    def _in(self, spans: Sequence[Span]) -> list[int]:
        found: set[int] = set()
        for start, end in spans:
            first = max(bisect_left(self.starts, start) - 1, 0)
            for number in range(first, bisect_left(self.starts, end)):
                if self.readings[number].passage.end > start:
                    found.add(number)
        return sorted(found)

    def _probability(self, number: int, targets: frozenset[Target]) -> float:
        return max((self.by_target[t].get(number, 0.0) for t in targets), default=0.0)

    def _likeness(self, title: str) -> dict[int, float]:
        """Share of a title's words, rare ones counting more, that each passage holds."""
        if title not in self._known:
            pairs = _pairs(title)
            total = len(self.readings) + 1
            weight = {p: math.log(1 + total / (1 + len(self._holders.get(p, ())))) for p in pairs}
            whole = sum(weight.values()) if len(pairs) >= _FEWEST else math.inf
            found: dict[int, float] = defaultdict(float)
            for pair in pairs:
                for number in self._holders.get(pair, ()):
                    found[number] += weight[pair] / whole
            self._known[title] = found
        return self._known[title]


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters; words of Latin letters whole."""
    found: set[str] = set()
    for run in _HAN.findall(plain(text).lower()):
        found |= {run} if run[0].isascii() else {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(found)


def _within(passage: Passage, indexes: Sequence[Span]) -> bool:
    return any(start < passage.end and passage.start < end for start, end in indexes)
