"""What a framework's own glossary says of a passage, before any labelled report is seen.

A framework added as YAML works at once: its cue phrases are searched by an Aho-Corasick
automaton, and its example sentences train a small ridge classifier in closed form
(T. Hastie et al., The Elements of Statistical Learning, 3.4.1, in its dual form).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import ahocorasick
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
        return tuple(text for i in self.framework.indicators for text in _described(i))

    @cached_property
    def owners(self) -> np.ndarray:
        """Index of the indicator that each of `texts` describes, (texts,) int."""
        sizes = [len(_described(i)) for i in self.framework.indicators]
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def _vectors(self) -> sparse.csr_matrix:
        return vectors(self.texts, self.idf)

    @cached_property
    def _by_bucket(self) -> sparse.csr_matrix:
        return self._vectors.T.tocsr()

    @cached_property
    def _cues(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(normal, i.cues)) for i in self.framework.indicators)

    @cached_property
    def _dual(self) -> np.ndarray:
        """Dual ridge coefficients, (texts, indicators)."""
        kernel = (self._vectors @ self._vectors.T).toarray()
        kernel[np.diag_indices_from(kernel)] += RIDGE
        wanted = np.zeros((len(self.texts), len(self.framework.indicators)), np.float32)
        wanted[np.arange(len(self.owners)), self.owners] = 1
        return np.linalg.solve(kernel, wanted).astype(np.float32)

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        """Automaton over all cues; a word's value lists (indicator, weight) pairs."""
        owners: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, indicator in enumerate(self.framework.indicators):
            for cue in indicator.cues:
                owners[normal(cue)].append((number, 1.0))
            for cue in indicator.not_cues:
                owners[normal(cue)].append((number, REFUSED))
        automaton = ahocorasick.Automaton()
        for cue, pairs in owners.items():
            automaton.add_word(cue, (cue, pairs, _worth(cue, pairs)))
        automaton.make_automaton()
        return automaton

    def similar(self, found: sparse.csr_matrix) -> np.ndarray:
        """n-gram cosines of passages to `texts`, (passages, texts)."""
        return (found @ self._by_bucket).toarray()

    def likeness(self, similar: np.ndarray) -> np.ndarray:
        """Ridge margins from `similar`, (passages, indicators); about 0 unlike to 1 alike."""
        return similar @ self._dual

    def cue_scores(self, texts: Sequence[str]) -> np.ndarray:
        """Summed worth of distinct cues in normal texts, (texts, indicators) float32."""
        scores = np.zeros((len(texts), len(self.framework.indicators)), np.float32)
        for row, text in enumerate(texts):
            for _, pairs, worth in {w[0]: w for _, w in self._automaton.iter(text)}.values():
                for number, sign in pairs:
                    scores[row, number] += sign * worth
        return scores

    def cues_in(self, text: str, number: int) -> list[str]:
        """Cues of one indicator found in a normal text, longest first."""
        found = {cue for cue in self._cues[number] if cue in text}
        return sorted(found, key=lambda cue: (-len(cue), cue))


def _described(indicator: Indicator) -> tuple[str, ...]:
    """Texts that describe an indicator: definition, cues in a row, positive examples."""
    own = (indicator.definition, "、".join(indicator.cues), *indicator.examples.positive)
    return tuple(normal(text) for text in own)


def _worth(cue: str, pairs: list[tuple[int, float]]) -> float:
    """A long cue of few indicators says more than a short one of many."""
    length = min(1.5, 0.5 + 0.25 * (len(cue) - 1))
    return length / max(1, sum(sign > 0 for _, sign in pairs)) ** 0.5
