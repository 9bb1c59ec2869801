"""Disclosure level (0-4) and flags (neg, target, cmp) of a passage.

The level is the field's content-analysis scale: 0 nothing, 1 belief or slogan, 2 concrete
practice, 3 a figure with unit or an explicit zero, 4 a figure compared. Linear models over
n-grams with numbers masked and plain facts, then a logistic that sets their margins beside
the neighbours' and the clues of `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np
from scipy import sparse

from pipeline.match.ngrams import Columns, vectors
from pipeline.match.signals import run_means, shift
from pipeline.match.text import masked
from pipeline.match.wording import clues, facts
from pipeline.records import Flag

FLAGS: tuple[Flag, ...] = get_args(Flag)
OUTCOMES = ("level1", "level2", "level3", "level4", *FLAGS)
HEADING = 0.548  # weight of heading n-grams (kernel weight 0.3)
FACT = 0.35  # weight of the standardised facts


@dataclass(frozen=True)
class LevelHead:
    """Linear margins turned into probabilities of `OUTCOMES`, and their thresholds.

    Attributes:
        columns: Hash buckets in use for text and heading, sorted.
        text, heading: Weights, (buckets, outcomes).
        facts: Weights, (facts, outcomes).
        near: Weights of the nearness to each centre of the landscape, (M, outcomes).
        mean, scale: Of the facts, (facts,).
        context: Logistic weights of `evidence`, (evidence, outcomes).
        bias: Logistic bias of each outcome.
        cuts: Probability from which each outcome is said.
    """

    columns: tuple[np.ndarray, np.ndarray]
    text: np.ndarray
    heading: np.ndarray
    facts: np.ndarray
    near: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    context: np.ndarray
    bias: np.ndarray
    cuts: np.ndarray

    def probabilities(
        self,
        texts: Sequence[str],
        headings: Sequence[str],
        idf: np.ndarray,
        nearness: np.ndarray,
        read: np.ndarray,
    ) -> np.ndarray:
        """Probabilities of `OUTCOMES` for a report, (n, outcomes).

        Args:
            texts: Normal texts of its passages.
            headings: Their normal headings.
            idf: n-gram document frequencies.
            nearness: From `meaning.Landscape`, (n, M).
            read: Log odds of `OUTCOMES` from the network, (n, outcomes).
        """
        said, title = (_vectors(part, idf) for part in (texts, headings))
        told = facts(texts, headings)
        chosen, over = self._chosen
        margins = (
            chosen.of(said) @ self.text
            + HEADING * (over.of(title) @ self.heading)
            + FACT * ((told - self.mean) / self.scale) @ self.facts
            + nearness @ self.near
        )
        said_something = np.array([[bool(text)] for text in texts])
        opinions = np.hstack([margins, read])
        z = evidence(opinions, told, texts, headings) @ self.context + self.bias
        return said_something / (1 + np.exp(-z))  # blanks are level 0

    @cached_property
    def _chosen(self) -> tuple[Columns, Columns]:
        return Columns(self.columns[0]), Columns(self.columns[1])

    def say(self, probabilities: np.ndarray) -> list[tuple[int, tuple[Flag, ...]]]:
        """Level and flags of each passage; a level needs all lower ones."""
        said = probabilities >= self.cuts
        levels = said[:, :4].cumprod(axis=1).sum(axis=1)
        return [
            (int(level), tuple(f for f, yes in zip(FLAGS, row, strict=True) if yes))
            for level, row in zip(levels, said[:, 4:], strict=True)
        ]


AROUND = ("own", "before", "after", "under_heading")


def evidence(
    opinions: np.ndarray, told: np.ndarray, texts: Sequence[str], headings: Sequence[str]
) -> np.ndarray:
    """What the logistic of each outcome reads of a report's passages, (n, evidence).

    Args:
        opinions: Margins of the ridge beside log odds of the network, (n, 2 outcomes).
        told: `wording.facts` of the passages.
        texts: Normal texts.
        headings: Normal headings.
    """
    return np.hstack([_around(opinions, headings), told, clues(texts, headings)])


def _around(opinions: np.ndarray, headings: Sequence[str]) -> np.ndarray:
    """Each opinion beside its neighbours' (`AROUND`), (n, 2 outcomes * len(AROUND))."""
    _, runs = np.unique(headings, return_inverse=True)
    runs = np.cumsum(np.diff(runs, prepend=runs[:1]) != 0)
    before, after = shift(opinions, 1), shift(opinions, -1)
    parts = (opinions, before, after, run_means(opinions, runs))
    return np.hstack(parts)


def _vectors(texts: Sequence[str], idf: np.ndarray) -> sparse.csr_matrix:
    """Vectors of the texts with numbers masked; the same text is looked at once."""
    different, which = np.unique([masked(t) for t in texts], return_inverse=True)
    return vectors(list(different), idf)[which]


def save_levels(head: LevelHead, path: Path) -> None:
    """Write a level head as plain arrays, n-gram weights as float16."""
    np.savez_compressed(
        path,
        columns_text=head.columns[0],
        columns_heading=head.columns[1],
        text=head.text.astype(np.float16),
        heading=head.heading.astype(np.float16),
        near=head.near.astype(np.float16),
        **{n: getattr(head, n) for n in ("facts", "mean", "scale", "context", "bias", "cuts")},
    )


def load_levels(path: Path) -> LevelHead:
    """Read a level head written by `save_levels`."""
    with np.load(path, allow_pickle=False) as a:
        rest = {n: a[n] for n in ("facts", "mean", "scale", "context", "bias", "cuts")}
        return LevelHead(
            columns=(a["columns_text"], a["columns_heading"]),
            text=a["text"].astype(np.float32),
            heading=a["heading"].astype(np.float32),
            near=a["near"].astype(np.float32),
            **rest,
        )
