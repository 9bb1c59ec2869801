"""The matcher: reads a report's passages against all frameworks at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from pipeline.frameworks import Framework
from pipeline.match.encoder import EmbeddedEncoder, Encoder
from pipeline.match.glossary import Glossary
from pipeline.match.head import TopicHead
from pipeline.match.models import Models, matcher_version
from pipeline.match.ngrams import vectors
from pipeline.match.reasons import reasons
from pipeline.match.shelf import ByFramework, Shelf
from pipeline.match.signals import TITLE, UNREAD, Signals, features, hopeful
from pipeline.match.text import normal
from pipeline.records import Match, Passage, Reading
from pipeline.score import SHOWN

LEAST = 0.05  # probability below which a match is not worth a line
_STOPS = frozenset("。!;")


@dataclass(frozen=True)
class Report:
    """A report's passages as the matcher sees them, computed once for all frameworks.

    Attributes:
        texts: Normal texts of the P passages.
        under: Which of the H headings each passage stands under, (P,) int.
        said, title_said: Cues of any framework in texts and in the H different headings.
        similar, title_similar: n-gram cosines of texts and headings to each glossary's texts.
        cues, title_cues: Cue scores of texts and headings for each glossary.
        nearest, title_nearest: Cosines of texts and headings to the nearest text in meaning of
            each glossary's indicators.
        topics: Margins of the topic head, (P, K).
        read: Log odds of the network above `signals.UNREAD`, (P, K').
        levels: Probabilities of `levels.OUTCOMES`, (P, outcomes).
        lengths, titles, runs, places: As `Signals` has them.
    """

    texts: list[str]
    under: np.ndarray
    said: list[frozenset[str]]
    title_said: list[frozenset[str]]
    similar: ByFramework
    title_similar: ByFramework
    cues: ByFramework
    title_cues: ByFramework
    nearest: ByFramework
    title_nearest: ByFramework
    topics: np.ndarray
    read: np.ndarray
    levels: np.ndarray
    lengths: np.ndarray
    titles: np.ndarray
    runs: np.ndarray
    places: np.ndarray


class Matcher:
    """Matches passages of one report with the indicators of the given frameworks.

    Args:
        frameworks: Frameworks in the order wanted.
        models: What was learned.
        encoder: Sentence encoder that likens passages to the glossaries.
        home: The encoder that the models' landscape and network were learned with.
    """

    def __init__(
        self,
        frameworks: Sequence[Framework],
        models: Models,
        encoder: Encoder,
        home: EmbeddedEncoder,
    ):
        self.models, self.encoder, self.home = models, encoder, home
        self.policy = models.policy
        # The labelled frameworks' cues are read in any case: the topic head wants them.
        known = {f.id: f for f in (*frameworks, *_labelled(models.head))}
        self._shelf = Shelf([Glossary(f, models.idf) for f in known.values()])
        self.glossaries = tuple(self._shelf.glossaries[f.id] for f in frameworks)
        self.version = matcher_version(models.digest, encoder.digest)

    def read(self, passages: Sequence[Passage]) -> tuple[Reading, ...]:
        """Read the passages of one report, in report order.

        Args:
            passages: All passages of the report; neighbours inform each other.

        Returns:
            One reading a passage. Reasons are given to the `score.SHOWN` best matches of each
            indicator, since only those are shown.
        """
        if not passages:
            return ()
        report = self.report(passages)
        matches: list[list[Match]] = [[] for _ in passages]
        for glossary in self.glossaries:
            for row, match in self._matches(glossary, report):
                matches[row].append(match)
        graded = self.models.levels.say(report.levels)
        return tuple(
            Reading(p, tuple(sorted(m, key=lambda m: -m.probability)), level, flags)
            for p, m, (level, flags) in zip(passages, matches, graded, strict=True)
        )

    def signals(self, glossary: Glossary, report: Report) -> Signals:
        """The raw opinions on one report for one framework; training uses them too."""
        name = glossary.framework.id
        likeness = glossary.likeness(report.similar[name])
        titled = glossary.likeness(report.title_similar[name])
        known = self.models.network.columns_of(name)
        return Signals(
            own=self._own(glossary, report, likeness),
            likeness=likeness,
            cue=np.clip(report.cues[name], -2, 4),
            cue_heading=np.clip(report.title_cues[name], -2, 3)[report.under],
            likeness_heading=titled[report.under],
            vector=report.nearest[name],
            vector_heading=report.title_nearest[name][report.under],
            topic=_cosines(report.topics, self._profiles[name]),
            read=_placed(report.read, known, glossary, np.zeros_like(likeness)),
            levels=report.levels[:, :3],
            lengths=report.lengths,
            titles=report.titles,
            runs=report.runs,
            places=report.places,
        )

    def report(self, passages: Sequence[Passage]) -> Report:
        """A report's passages as `signals` wants them."""
        texts = [normal(p.text) for p in passages]
        paths = [normal("/".join(p.heading[-2:])) for p in passages]
        unique, under = np.unique(paths, return_inverse=True)
        headings = list(map(str, unique))
        idf = self.models.idf
        found, titled = vectors(texts, idf), vectors(headings, idf)
        pieces, title_pieces = self.home.pieces(texts), self.home.pieces(headings)
        meaning, title_meaning = (self.home.vectors(part) for part in (pieces, title_pieces))
        nearness = self.models.landscape.nearness(meaning, title_meaning[under])
        read = self.models.network.log_odds(pieces, title_pieces, under)
        deep = read[:, self.models.network.outcomes]
        said, title_said = self._shelf.cues_in(texts), self._shelf.cues_in(headings)
        cues = self._shelf.cue_scores(said)
        return Report(
            texts=texts,
            under=under,
            said=said,
            title_said=title_said,
            similar=self._shelf.similar(found),
            title_similar=self._shelf.similar(titled),
            cues=cues,
            title_cues=self._shelf.cue_scores(title_said),
            nearest=self._nearest(self._encoded(texts, meaning)),
            title_nearest=self._nearest(self._encoded(headings, title_meaning)),
            topics=self._topics(cues, found, titled[under], nearness),
            read=above_unread(read),
            levels=self.models.levels.probabilities(texts, paths, idf, nearness, deep),
            lengths=np.array([len(t) for t in texts]),
            titles=np.array([is_title(t) for t in texts], float),
            runs=np.cumsum(np.diff(under, prepend=under[0]) != 0),
            places=np.linspace(0, 1, len(texts)),
        )

    def _topics(
        self,
        cues: ByFramework,
        found: sparse.csr_matrix,
        titled: sparse.csr_matrix,
        nearness: np.ndarray,
    ) -> np.ndarray:
        labelled = np.hstack([cues[name] for name in self.models.head.frameworks])
        return self.models.head.margins(found, titled, labelled, nearness)

    def _encoded(self, texts: Sequence[str], at_home: np.ndarray) -> np.ndarray:
        """Vectors of the encoder asked for; by default those at hand are just that."""
        return at_home if self.encoder is self.home else self.encoder.encode(texts)

    def _own(self, glossary: Glossary, report: Report, likeness: np.ndarray) -> np.ndarray:
        """Margins of the labelled head where it knows the indicator, else the glossary's."""
        columns = self.models.head.columns_of(glossary.framework.id)
        return _placed(report.topics, columns, glossary, likeness)

    @cached_property
    def _meanings(self) -> dict[str, np.ndarray]:
        """Sentence vectors of each glossary's texts, (texts, d)."""
        at_home = self._at_home
        return {
            g.framework.id: self._encoded(g.texts, at_home[g.framework.id]) for g in self.glossaries
        }

    @cached_property
    def _at_home(self) -> dict[str, np.ndarray]:
        """The same by the encoder that the models were learned with."""
        return {g.framework.id: self.home.encode(g.texts) for g in self.glossaries}

    @cached_property
    def _profiles(self) -> dict[str, np.ndarray]:
        """Mean topic margins of each indicator's own texts, (indicators, K)."""
        return {g.framework.id: self._average_topics(g) for g in self.glossaries}

    def _average_topics(self, glossary: Glossary) -> np.ndarray:
        blank = vectors([""] * len(glossary.texts), self.models.idf)
        meaning = self._at_home[glossary.framework.id]
        nearness = self.models.landscape.nearness(meaning, np.zeros_like(meaning))
        cues = self._shelf.cue_scores(self._shelf.cues_in(glossary.texts))
        topics = self._topics(cues, glossary.vectors, blank, nearness)
        sizes = np.diff(glossary.bounds)
        return np.add.reduceat(topics, glossary.bounds[:-1], axis=0) / sizes[:, None]

    def _nearest(self, meaning: np.ndarray) -> ByFramework:
        """Cosines to the nearest text of each indicator, (texts, indicators) a framework."""
        described, firsts = self._described
        nearest = np.maximum.reduceat(described @ meaning.T, firsts, axis=0).T
        ends = np.cumsum([len(g.framework.indicators) for g in self.glossaries])
        parts = np.split(nearest, ends[:-1], axis=1)
        return {g.framework.id: part for g, part in zip(self.glossaries, parts, strict=True)}

    @cached_property
    def _described(self) -> tuple[np.ndarray, np.ndarray]:
        """Sentence vectors of all glossaries' texts, and where each indicator's begin."""
        firsts = np.concatenate([g.bounds[:-1] for g in self.glossaries])
        sizes = [len(g.texts) for g in self.glossaries]
        shifts = np.repeat(
            np.cumsum([0, *sizes[:-1]]), [len(g.bounds) - 1 for g in self.glossaries]
        )
        return np.vstack(list(self._meanings.values())), firsts + shifts

    def _matches(self, glossary: Glossary, report: Report) -> Iterator[tuple[int, Match]]:
        """Matches with the row of their passage, passage by passage."""
        combiner = self.models.known.get(glossary.framework.id, self.models.open)
        signals = self.signals(glossary, report)
        look = hopeful(signals)
        p = np.zeros(look.shape, np.float32)
        p[look] = combiner.probabilities(features(signals, look))
        rows, columns = np.nonzero(p >= LEAST)
        shown = _among_best(p[rows, columns], columns, SHOWN)
        found = zip(rows.tolist(), columns.tolist(), p[rows, columns].tolist(), shown, strict=True)
        for row, column, probability, is_shown in found:
            why = self._why(glossary, report, row, column) if is_shown else ()
            code = glossary.framework.indicators[column].code
            yield row, Match(glossary.framework.id, code, round(probability, 4), why)

    def _why(self, glossary: Glossary, report: Report, row: int, column: int) -> tuple[str, ...]:
        heading = report.title_said[report.under[row]]
        similar = report.similar[glossary.framework.id]
        return reasons(glossary, column, report.said[row], heading, similar[row])


def above_unread(log_odds: np.ndarray) -> np.ndarray:
    """Log odds counted from `signals.UNREAD`, never below 0."""
    return np.clip(log_odds, UNREAD, -UNREAD) - UNREAD


def _placed(
    opinions: np.ndarray, columns: Mapping[str, int], glossary: Glossary, otherwise: np.ndarray
) -> np.ndarray:
    """Columns in the order of a glossary's indicators, others where there is none; (P, I)."""
    placed = otherwise.copy()
    for number, indicator in enumerate(glossary.framework.indicators):
        if indicator.code in columns:
            placed[:, number] = opinions[:, columns[indicator.code]]
    return placed


def is_title(text: str) -> bool:
    """Whether a normal text reads as a title or list item rather than a sentence."""
    return len(text) < TITLE and not any(c in _STOPS for c in text)


def _among_best(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Which values are among the greatest ``count`` of their group, (n,) bool; first come first."""
    order = np.lexsort((-values, groups))
    firsts = np.searchsorted(groups[order], groups[order])
    best = np.empty(len(values), bool)
    best[order] = np.arange(len(values)) - firsts < count
    return best


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines between rows with negative parts cut: topics that are there, not absent."""
    a, b = np.maximum(a, 0), np.maximum(b, 0)
    norms = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None]
    return (a @ b.T) / np.maximum(norms, 1e-9)


def _labelled(head: TopicHead) -> list[Framework]:
    from pipeline.frameworks import framework

    return [framework(name) for name in head.frameworks]
