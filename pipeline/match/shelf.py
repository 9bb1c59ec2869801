"""Glossaries side by side, searched in one go: a report is read once for all frameworks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cached_property
from itertools import chain

import ahocorasick
import numpy as np
from scipy import sparse

from pipeline.match.glossary import Glossary
from pipeline.match.ngrams import Columns

ByFramework = dict[str, np.ndarray]  # framework id -> (passages, something of it)
FREQUENT = 300  # n-grams that many texts share: seven eighths of the work, and dense products do it


class Shelf:
    """Glossaries of different frameworks, in a fixed order.

    Args:
        glossaries: One a framework.
    """

    def __init__(self, glossaries: Sequence[Glossary]):
        self.glossaries = {g.framework.id: g for g in glossaries}

    def similar(self, found: sparse.csr_matrix) -> ByFramework:
        """n-gram cosines of passages to each glossary's texts, (passages, texts)."""
        frequent, dense, rest = self._by_bucket
        sizes = [len(g.texts) for g in self.glossaries.values()]
        joined = frequent.of(found).toarray() @ dense
        joined += (found @ rest).toarray()
        return self._parted(joined, sizes)

    def cues_in(self, texts: Sequence[str]) -> list[frozenset[str]]:
        """The distinct cues of any framework in each of some normal texts."""
        words = self._cues[0]
        return [frozenset(cue for _, cue in words.iter(text)) for text in texts]

    def cue_scores(self, found: Sequence[Set[str]]) -> ByFramework:
        """Summed worth of the cues found in each text, (texts, indicators) float32."""
        _, numbers, worth = self._cues
        rows = [sorted(numbers[cue] for cue in cues) for cues in found]
        ends = np.cumsum([0, *map(len, rows)])
        flat = np.fromiter(chain.from_iterable(rows), np.int32, int(ends[-1]))
        ones = np.ones(len(flat), np.float32)
        seen = sparse.csr_matrix((ones, flat, ends), shape=(len(rows), worth.shape[0]))
        sizes = [len(g.framework.indicators) for g in self.glossaries.values()]
        return self._parted((seen @ worth).toarray(), sizes)

    def _parted(self, joined: np.ndarray, sizes: Sequence[int]) -> ByFramework:
        parts = np.split(joined, np.cumsum(sizes)[:-1], axis=1)
        return dict(zip(self.glossaries, parts, strict=True))

    @cached_property
    def _by_bucket(self) -> tuple[Columns, np.ndarray, sparse.csr_matrix]:
        """Frequent buckets, their weights in all texts, and those of the others, by bucket."""
        weights = sparse.vstack([g.vectors for g in self.glossaries.values()]).T.tocsr()
        shared = np.diff(weights.indptr)
        frequent = np.sort(np.argsort(-shared, kind="stable")[:FREQUENT])
        dense = weights[frequent].toarray()
        rare = np.ones(len(shared), np.float32)
        rare[frequent] = 0
        rest = (sparse.diags(rare) @ weights).tocsr()
        rest.eliminate_zeros()
        return Columns(frequent), dense, rest

    @cached_property
    def _cues(self) -> tuple[ahocorasick.Automaton, dict[str, int], sparse.csr_matrix]:
        """Automaton over all cues; their numbers; what each is worth, (cues, indicators)."""
        said: dict[str, list[tuple[int, float]]] = defaultdict(list)
        first = 0
        for glossary in self.glossaries.values():
            for cue, pairs in glossary.cues.items():
                said[cue] += [(first + indicator, value) for indicator, value in pairs]
            first += len(glossary.framework.indicators)
        words = ahocorasick.Automaton()
        for cue in said:
            words.add_word(cue, cue)
        words.make_automaton()
        worth = [(n, i, value) for n, pairs in enumerate(said.values()) for i, value in pairs]
        rows, columns, values = map(np.array, zip(*worth, strict=True))
        shape = (len(said), first)
        values = values.astype(np.float32)
        numbers = {cue: number for number, cue in enumerate(said)}
        return words, numbers, sparse.csr_matrix((values, (rows, columns)), shape=shape)
