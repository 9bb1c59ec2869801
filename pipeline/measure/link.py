"""Which indicators a figure speaks for: those its passage was matched to, unit permitting."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from pipeline.frameworks import framework
from pipeline.measure.units import read_unit
from pipeline.records import Reading

ACCEPTED = 0.5
_ANYTHING = {"ratio", "people", "money", "item", "event", "organisation", "score"}
_KIN = {"per_share": "money", "money_rate": "money", "hours_each": "hours", "mass_rate": "mass"}


class Links:
    """The matches of a report, to be asked by place."""

    def __init__(self, readings: Sequence[Reading]):
        self._readings = sorted(readings, key=lambda reading: reading.passage.start)
        self._starts = [reading.passage.start for reading in self._readings]

    def at(self, start: int, kind: str, base: str, words: str) -> tuple[tuple[str, str], ...]:
        """(framework, code) pairs that a figure at ``start`` speaks for, most probable first.

        A passage of many figures speaks for several indicators: where ``words``, the figure's
        name, hold a cue of some, it is those; where they hold none, a unit that fits
        everything (%, 人, 元) gives only the most probable of each framework.
        """
        found = bisect_right(self._starts, start) - 1
        if found < 0 or self._readings[found].passage.end <= start:
            return ()
        fits = [
            (match.framework, match.indicator)
            for match in self._readings[found].matches
            if match.probability >= ACCEPTED
            and _compatible(match.framework, match.indicator, kind, base)
        ]
        kept = {
            name: _narrowed([pair for pair in fits if pair[0] == name], kind, words)
            for name in {name for name, _ in fits}
        }
        return tuple(pair for pair in fits if pair in kept[pair[0]])


def _narrowed(fits: list[tuple[str, str]], kind: str, words: str) -> list[tuple[str, str]]:
    """Those of one framework's that ``words`` speak for."""
    cued = [pair for pair in fits if any(cue in words for cue in _cues(*pair))]
    if cued or kind not in _ANYTHING:
        return cued or fits
    return fits[:1]


@lru_cache(maxsize=8192)
def _cues(name: str, code: str) -> tuple[str, ...]:
    return next((one.cues for one in framework(name).indicators if one.code == code), ())


@lru_cache(maxsize=8192)
def _compatible(name: str, code: str, kind: str, base: str) -> bool:
    """Whether an indicator asks for such a unit; one that lists none takes any if not 定性."""
    wanted = _wanted(name).get(code)
    if wanted is None:
        return False
    asks, kinds = wanted
    if not kinds:
        return asks != "qualitative"
    return _KIN.get(kind, kind) in kinds or base in kinds


@lru_cache
def _wanted(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Code -> (kind of indicator, kinds and bases of the units it lists)."""
    return {
        one.code: (one.kind, frozenset(word for unit in one.units for word in _kinds(unit)))
        for one in framework(name).indicators
    }


def _kinds(printed: str) -> tuple[str, ...]:
    known = read_unit(printed)
    if known is None:
        return (printed,)
    return _KIN.get(known.kind, known.kind), known.base
