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
    "read",  # log odds of the network above `UNREAD`, 0 for a framework it does not know
    "read_before",
    "read_after",
    "read_rival",
)
HOPEFUL = (0.03, 0.04, 0.5, 5.0)  # a pair below all of (own, likeness, cue, read) is not looked at
UNREAD = -8.0  # log odds that say as little as no network at all
TITLE = 30  # characters; a shorter passage without a full stop is a title or a list item
LOWEST = 6  # ranks below this one are all alike
REACH = 4  # passages before and after that count as neighbourhood


@dataclass(frozen=True)
class Signals:
    """Opinions on the P passages of one report against the I indicators of one framework.

    Attributes:
        own, likeness, cue, cue_heading, likeness_heading, vector, vector_heading, topic, read:
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
    read: np.ndarray
    levels: np.ndarray
    lengths: np.ndarray
    titles: np.ndarray
    runs: np.ndarray
    places: np.ndarray

    def apart(self) -> Iterator[Signals]:
        """Each passage as if it stood alone, under no heading.

        Only its level and what the network read still come from the report around it.
        """
        bare = {name: np.zeros_like(getattr(self, name)) for name in _IN_REPORT}
        alone = replace(self, **bare)
        parts = {field.name: getattr(alone, field.name) for field in fields(alone)}
        for row in range(len(self.own)):
            yield Signals(**{name: part[row : row + 1] for name, part in parts.items()})


_IN_REPORT = ("cue_heading", "likeness_heading", "vector_heading", "places")


def hopeful(s: Signals) -> np.ndarray:
    """Which pairs are worth a look, (P, I) bool; the others count as impossible."""
    own, likeness, cue, read = HOPEFUL
    return (s.own > own) | (s.likeness > likeness) | (s.cue > cue) | (s.read > read)


def features(s: Signals, look: np.ndarray) -> np.ndarray:
    """Features of the pairs looked at, row by row; (pairs, len(NAMES)) float32."""
    rows, columns = np.nonzero(look)
    found = {**_own(s, rows, columns), **_neighbours(s, rows, columns), **_rivals(s, rows, columns)}
    return np.column_stack([found[name] for name in NAMES]).astype(np.float32, copy=False)


def _own(s: Signals, rows: np.ndarray, columns: np.ndarray) -> dict[str, np.ndarray]:
    """What is said of the pair itself, and of its passage."""
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
    opinions = [name for name in NAMES if name in Signals.__annotations__]
    return {
        **{name: getattr(s, name)[rows, columns] for name in opinions},
        **{name: values[rows] for name, values in per_passage.items()},
    }


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


class _Beside:
    """Values of the passages around some pairs; zero beyond the report's ends."""

    def __init__(self, rows: np.ndarray, columns: np.ndarray):
        self._rows, self._columns = rows + REACH, columns

    def near(self, values: np.ndarray, reach: int = REACH) -> np.ndarray:
        """What stands 1 to ``reach`` passages before and after, (2, reach, pairs)."""
        padded = np.zeros((len(values) + 2 * REACH, values.shape[1]), values.dtype)
        padded[REACH:-REACH] = values
        by = np.arange(1, reach + 1)[:, None]
        return padded[np.stack([self._rows - by, self._rows + by]), self._columns]


def _neighbours(s: Signals, rows: np.ndarray, columns: np.ndarray) -> dict[str, np.ndarray]:
    beside = _Beside(rows, columns)
    own, read = beside.near(s.own), beside.near(s.read, 1)
    return {
        "before": own[0, 0],
        "after": own[1, 0],
        "before2": own[0, 1],
        "after2": own[1, 1],
        "read_before": read[0, 0],
        "read_after": read[1, 0],
        "under_heading": run_means(s.own, s.runs)[rows, columns],
        "around": _faded(own),
        "cue_around": _faded(beside.near(np.clip(s.cue, -1, 3))),
        "likeness_around": _faded(beside.near(s.likeness)),
        "title_before": beside.near(s.own * s.titles[:, None], 1)[0, 0],
        "report_mean": s.own.mean(axis=0)[columns],
    }


def _faded(near: np.ndarray) -> np.ndarray:
    """Sum over the neighbourhood, fading with distance; (pairs,)."""
    return sum(np.exp(-(d + 1) / 2) * (near[0, d] + near[1, d]) for d in range(REACH))


def _rivals(s: Signals, rows: np.ndarray, columns: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "rival": _best_other(s.own, rows, columns),
        "rival_likeness": _best_other(s.likeness, rows, columns),
        "rank": _ranks(s.own, rows, columns),
        "read_rival": _best_other(s.read, rows, columns),
    }


def _ranks(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """How many values of its row are greater than each pair's, at most `LOWEST`."""
    kept = min(LOWEST, values.shape[1])
    greatest = -np.partition(-values, kept - 1, axis=1)[:, :kept]
    return (values[rows, columns][:, None] < greatest[rows]).sum(axis=1)


def run_means(values: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Mean over the passages under the same heading."""
    starts = np.flatnonzero(np.diff(runs, prepend=runs[0] - 1)) if len(runs) else runs
    sizes = np.diff(np.append(starts, len(runs)))
    means = np.add.reduceat(values, starts, axis=0) / sizes[:, None]
    return np.repeat(means, sizes, axis=0)


def _best_other(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The best value of the row's other columns."""
    if values.shape[1] < 2:
        return np.zeros(len(rows))
    second, best = np.partition(values, -2, axis=1)[rows, -2:].T
    return np.where(values[rows, columns] == best, second, best)
