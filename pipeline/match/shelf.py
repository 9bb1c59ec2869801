"""Glossaries side by side, searched in one go: a report is read once for all frameworks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import ahocorasick
import numpy as np
from scipy import sparse

from pipeline.match.glossary import Glossary

ByFramework = dict[str, np.ndarray]  # framework id -> (passages, something of it)


class Shelf:
    """Glossaries of different frameworks, in a fixed order.

    Args:
        glossaries: One a framework.
    """

    def __init__(self, glossaries: Sequence[Glossary]):
        self.glossaries = {g.framework.id: g for g in glossaries}

    def similar(self, found: sparse.csr_matrix) -> ByFramework:
        """n-gram cosines of passages to each glossary's texts, (passages, texts)."""
        sizes = [len(g.texts) for g in self.glossaries.values()]
        return self._parted((found @ self._by_bucket).toarray(), sizes)

    def cue_scores(self, texts: Sequence[str]) -> ByFramework:
        """Summed worth of the distinct cues in normal texts, (texts, indicators) float32."""
        words, worth = self._cues
        found = [sorted({number for _, number in words.iter(text)}) for text in texts]
        ends = np.cumsum([0, *map(len, found)])
        flat = np.fromiter((n for row in found for n in row), np.int32, int(ends[-1]))
        ones = np.ones(len(flat), np.float32)
        seen = sparse.csr_matrix((ones, flat, ends), shape=(len(texts), worth.shape[0]))
        sizes = [len(g.framework.indicators) for g in self.glossaries.values()]
        return self._parted((seen @ worth).toarray(), sizes)

    def _parted(self, joined: np.ndarray, sizes: Sequence[int]) -> ByFramework:
        parts = np.split(joined, np.cumsum(sizes)[:-1], axis=1)
        return dict(zip(self.glossaries, parts, strict=True))

    @cached_property
    def _by_bucket(self) -> sparse.csr_matrix:
        return sparse.vstack([g.vectors for g in self.glossaries.values()]).T.tocsr()

    @cached_property
    def _cues(self) -> tuple[ahocorasick.Automaton, sparse.csr_matrix]:
        """Automaton over all cues, valued by number; what each is worth, (cues, indicators)."""
        said: dict[str, list[tuple[int, float]]] = defaultdict(list)
        first = 0
        for glossary in self.glossaries.values():
            for cue, pairs in glossary.cues.items():
                said[cue] += [(first + indicator, value) for indicator, value in pairs]
            first += len(glossary.framework.indicators)
        words = ahocorasick.Automaton()
        for number, cue in enumerate(said):
            words.add_word(cue, number)
        words.make_automaton()
        worth = [(n, i, value) for n, pairs in enumerate(said.values()) for i, value in pairs]
        rows, columns, values = map(np.array, zip(*worth, strict=True))
        shape = (len(said), first)
        return words, sparse.csr_matrix((values.astype(np.float32), (rows, columns)), shape=shape)
