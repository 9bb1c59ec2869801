"""What a framework's own glossary says of a passage, before any labelled report is seen.

A framework added as YAML works at once: its cue phrases are searched for (`shelf`), and its
example sentences train a small ridge classifier in closed form
(T. Hastie et al., The Elements of Statistical Learning, 3.4.1, in its dual form).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

import numpy as np
from scipy import sparse

from pipeline.frameworks import Framework, Indicator
from pipeline.match.ngrams import vectors
from pipeline.match.text import normal

RIDGE = 0.3  # chosen on gold d01-d11 with the glossary as only training data
REFUSED = -1.0  # weight of a phrase that points to a sibling


@dataclass(frozen=True)
class Glossary:
    """The searchable form of one framework.

    Attributes:
        framework: Its id, indicators and words.
        idf: Document frequencies of n-grams, see `ngrams.inverse_frequency`.
    """

    framework: Framework
    idf: np.ndarray

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Normal texts that describe the indicators, see `owners`."""
        return tuple(chain.from_iterable(self._described))

    @cached_property
    def _described(self) -> list[tuple[str, ...]]:
        return [_described(i) for i in self.framework.indicators]

    @cached_property
    def owners(self) -> np.ndarray:
        """Index of the indicator that each of `texts` describes, (texts,) int."""
        sizes = [len(texts) for texts in self._described]
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def bounds(self) -> list[int]:
        """Where the `texts` of each indicator begin, and the end of the last."""
        return list(accumulate((len(texts) for texts in self._described), initial=0))

    @cached_property
    def vectors(self) -> sparse.csr_matrix:
        """n-gram vectors of `texts`, (texts, WIDTH)."""
        return vectors(self.texts, self.idf)

    @cached_property
    def cues(self) -> dict[str, list[tuple[int, float]]]:
        """What each cue says of which indicators: (indicator, worth), refusals below 0."""
        owners: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, indicator in enumerate(self.framework.indicators):
            for cue in indicator.cues:
                owners[normal(cue)].append((number, 1.0))
            for cue in indicator.not_cues:
                owners[normal(cue)].append((number, REFUSED))
        return {cue: _worths(cue, pairs) for cue, pairs in owners.items()}

    @cached_property
    def _own_cues(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(normal, i.cues)) for i in self.framework.indicators)

    @cached_property
    def _dual(self) -> np.ndarray:
        """Dual ridge coefficients, (texts, indicators)."""
        kernel = (self.vectors @ self.vectors.T).toarray()
        kernel[np.diag_indices_from(kernel)] += RIDGE
        wanted = np.zeros((len(self.texts), len(self.framework.indicators)), np.float32)
        wanted[np.arange(len(self.owners)), self.owners] = 1
        return np.linalg.solve(kernel, wanted).astype(np.float32)

    def likeness(self, similar: np.ndarray) -> np.ndarray:
        """Ridge margins, (passages, indicators); about 0 unlike to 1 alike.

        Args:
            similar: n-gram cosines of passages to `texts`, (passages, texts).
        """
        return similar @ self._dual

    def cues_among(self, found: Set[str], number: int) -> list[str]:
        """Cues of one indicator among those found in a text, longest first."""
        return sorted(found & self._own_cues[number], key=lambda cue: (-len(cue), cue))


def _described(indicator: Indicator) -> tuple[str, ...]:
    """Texts that describe an indicator: definition, cues in a row, positive examples."""
    own = (indicator.definition, "、".join(indicator.cues), *indicator.examples.positive)
    return tuple(normal(text) for text in own)


def _worths(cue: str, pairs: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """A long cue of few indicators says more than a short one of many."""
    length = min(1.5, 0.5 + 0.25 * (len(cue) - 1))
    worth = length / max(1, sum(sign > 0 for _, sign in pairs)) ** 0.5
    return [(number, sign * worth) for number, sign in pairs]
