"""Text that stands in last year's report too: word for word, or nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.facts import Copied
from pipeline.memory.sentences import Sentence
from pipeline.memory.shifts import of_last_year
from pipeline.place import quote
from pipeline.records import Document

SHOWN = 20  # passages of each kind
NEAR = 90.0  # similarity from which on a sentence counts as hardly changed
LONG = 20  # characters: of shorter sentences a change of two is much

Pair = tuple[int, int, float]  # sentence here, sentence there, similarity


def copied_share(here: Sequence[Sentence], there: Sequence[Sentence]) -> float:
    """Share of the running text (0-1, by characters) whose sentences stand there word for word."""
    known = {one.words for one in there}
    total = sum(len(one.words) for one in here)
    return sum(len(one.words) for one in here if one.words in known) / total if total else 0.0


def copied(
    document: Document, here: Sequence[Sentence], earlier: Document, there: Sequence[Sentence]
) -> tuple[Copied, ...]:
    """Copied passages, the longest first: sentences that follow each other in both are one.

    Word for word first, then sentences of which hardly a word was changed.
    """
    same = list(_same(here, there))
    runs = sorted(_runs(same), key=lambda run: _length(here, run), reverse=True)
    near = sorted(_near(here, there, same), key=lambda pair: (-pair[2], pair[0]))
    found = []
    for run in [*runs[:SHOWN], *([pair] for pair in near[:SHOWN])]:
        (first, first_there, similarity), (last, last_there, _) = run[0], run[-1]
        after = quote(document, here[first].start, here[last].end)
        before = of_last_year(quote(earlier, there[first_there].start, there[last_there].end))
        found.append(Copied(before, after, similarity))
    return tuple(found)


def _same(here: Sequence[Sentence], there: Sequence[Sentence]) -> Iterator[Pair]:
    places: dict[str, int] = {}
    for place, one in enumerate(there):
        places.setdefault(one.words, place)
    for place, one in enumerate(here):
        if one.words in places:
            yield place, places[one.words], 100.0


def _runs(pairs: Sequence[Pair]) -> list[list[Pair]]:
    runs: list[list[Pair]] = []
    for pair in pairs:
        if runs and (pair[0], pair[1]) == (runs[-1][-1][0] + 1, runs[-1][-1][1] + 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _length(here: Sequence[Sentence], run: Sequence[Pair]) -> int:
    return sum(len(here[place].words) for place, _, _ in run)


def _near(
    here: Sequence[Sentence], there: Sequence[Sentence], same: Sequence[Pair]
) -> Iterator[Pair]:
    done = {place for place, _, _ in same}
    mine = [n for n, one in enumerate(here) if n not in done and len(one.words) >= LONG]
    if not mine or not there:
        return
    words, known = [here[n].words for n in mine], [one.words for one in there]
    scores = process.cdist(words, known, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8)
    for row, place in enumerate(mine):
        best = int(scores[row].argmax())
        if scores[row, best]:
            yield place, best, float(scores[row, best])
