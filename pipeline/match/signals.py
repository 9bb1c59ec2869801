"""Signals: everything known of (passage, indicator) pairs of one report and framework.

`Signals` are the raw opinions; `features` sets each beside what the neighbours, the heading's
other passages and the competing indicators say. The small network of `combine` reads
them in the order of `NAMES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

NAMES = (
    "own",  # margin of the labelled head, or of the glossary where there is none
    "likeness",
    "cue",
    "cue_heading",
    "likeness_heading",
    "vector",
    "vector_heading",
    "topic",
    "before",
    "after",
    "before2",
    "after2",
    "under_heading",
    "around",
    "cue_around",
    "likeness_around",
    "title_before",
    "rival",
    "rival_likeness",
    "rank",
    "report_mean",
    "topics_claimed",
    "length",
    "title",
    "level1",
    "level2",
    "level3",
    "level1_before",
    "position",
)
HOPEFUL = (0.03, 0.04, 0.5)  # a pair below all of (own, likeness, cue) is never looked at
TITLE = 30  # characters; a shorter passage without a full stop is a title or a list item
LOWEST = 6  # ranks below this one are all alike
REACH = 4  # passages before and after that count as neighbourhood


@dataclass(frozen=True)
class Signals:
    """Opinions on the P passages of one report against the I indicators of one framework.

    Attributes:
        own, likeness, cue, cue_heading, likeness_heading, vector, vector_heading, topic:
            (P, I) float32; see `NAMES`.
        levels: Probabilities of disclosure level >= 1, 2, 3; (P, 3).
        lengths: Characters of the normal text, (P,).
        titles: Whether the passage reads as a title, (P,) 0 or 1.
        runs: Number of the heading each passage stands under, ascending, (P,) int.
        places: Position in the report from 0 to 1, (P,).
    """

    own: np.ndarray
    likeness: np.ndarray
    cue: np.ndarray
    cue_heading: np.ndarray
    likeness_heading: np.ndarray
    vector: np.ndarray
    vector_heading: np.ndarray
    topic: np.ndarray
    levels: np.ndarray
    lengths: np.ndarray
    titles: np.ndarray
    runs: np.ndarray
    places: np.ndarray

    def apart(self) -> Iterator[Signals]:
        """Each passage as if it stood alone, under no heading."""
        bare = {name: np.zeros_like(getattr(self, name)) for name in _IN_REPORT}
        alone = replace(self, **bare)
        parts = {field.name: getattr(alone, field.name) for field in fields(alone)}
        for row in range(len(self.own)):
            yield Signals(**{name: part[row : row + 1] for name, part in parts.items()})


_IN_REPORT = ("cue_heading", "likeness_heading", "vector_heading", "places")


def hopeful(s: Signals) -> np.ndarray:
    """Which pairs are worth a look, (P, I) bool; the others count as impossible."""
    own, likeness, cue = HOPEFUL
    return (s.own > own) | (s.likeness > likeness) | (s.cue > cue)


def features(s: Signals, look: np.ndarray) -> np.ndarray:
    """Features of the pairs looked at, row by row; (pairs, len(NAMES)) float32."""
    per_passage = {
        "topics_claimed": np.clip(s.own, 0, 1).sum(axis=1),
        "length": np.log1p(s.lengths),
        "title": s.titles,
        "level1": s.levels[:, 0],
        "level2": s.levels[:, 1],
        "level3": s.levels[:, 2],
        "level1_before": shift(s.levels[:, :1], 1)[:, 0],
        "position": s.places,
    }
    found = {
        **{name: getattr(s, name) for name in NAMES if name in Signals.__annotations__},
        **_neighbours(s),
        **_rivals(s),
    }
    pairs = np.nonzero(look)
    chosen = np.empty((len(pairs[0]), len(NAMES)), np.float32)
    for number, name in enumerate(NAMES):
        of_passage = per_passage.get(name)
        chosen[:, number] = found[name][pairs] if of_passage is None else of_passage[pairs[0]]
    return chosen


def shift(values: np.ndarray, by: int) -> np.ndarray:
    """Rows moved down by ``by`` (up if negative), zeros coming in."""
    moved = np.zeros_like(values)
    if by >= len(values) or -by >= len(values):
        return moved
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def _neighbours(s: Signals) -> dict[str, np.ndarray]:
    return {
        "before": shift(s.own, 1),
        "after": shift(s.own, -1),
        "before2": shift(s.own, 2),
        "after2": shift(s.own, -2),
        "under_heading": run_means(s.own, s.runs),
        "around": _around(s.own),
        "cue_around": _around(np.clip(s.cue, -1, 3)),
        "likeness_around": _around(s.likeness),
        "title_before": shift(s.own * s.titles[:, None], 1),
        "report_mean": np.broadcast_to(s.own.mean(axis=0), s.own.shape),
    }


def _rivals(s: Signals) -> dict[str, np.ndarray]:
    return {
        "rival": _best_other(s.own),
        "rival_likeness": _best_other(s.likeness),
        "rank": _ranks(s.own),
    }


def _ranks(values: np.ndarray) -> np.ndarray:
    """How many values of its row are greater than each, at most `LOWEST`."""
    kept = min(LOWEST, values.shape[1])
    greatest = -np.partition(-values, kept - 1, axis=1)[:, :kept]
    ranks = np.zeros(values.shape, np.int8)
    for best in greatest.T:
        ranks += values < best[:, None]
    return ranks


def _around(values: np.ndarray) -> np.ndarray:
    """Sum over the neighbourhood, fading with distance; the passage itself left out."""
    near = range(1, REACH + 1)
    return sum(np.exp(-d / 2) * (shift(values, d) + shift(values, -d)) for d in near)


def run_means(values: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Mean over the passages under the same heading."""
    starts = np.flatnonzero(np.diff(runs, prepend=runs[0] - 1)) if len(runs) else runs
    sizes = np.diff(np.append(starts, len(runs)))
    means = np.add.reduceat(values, starts, axis=0) / sizes[:, None]
    return np.repeat(means, sizes, axis=0)


def _best_other(values: np.ndarray) -> np.ndarray:
    """The best value of the row's other columns."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    second, best = np.partition(values, -2, axis=1)[:, -2:].T
    return np.where(values == best[:, None], second[:, None], best[:, None])
