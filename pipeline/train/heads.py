"""Train the topic head and the level head from labelled reports and glossaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.frameworks import framework
from pipeline.match import head as topic_head
from pipeline.match import levels as level_head
from pipeline.match.encoder import Encoder
from pipeline.match.glossary import Glossary
from pipeline.match.head import TopicHead, clip_cues
from pipeline.match.levels import LevelHead, evidence
from pipeline.match.meaning import Landscape
from pipeline.match.ngrams import vectors
from pipeline.match.shelf import Shelf
from pipeline.match.text import masked
from pipeline.match.wording import facts
from pipeline.train.labelled import LabelledReport
from pipeline.train.landscape import Whitening, whitening_of
from pipeline.train.ridge import Factor, Ridge, Sentences, View, kernel

TOPIC_RIDGE, LEVEL_RIDGE = 0.4, 0.5
EVIDENCE = 0.1  # inverse penalty of the logistic after the level ridge
BUCKETS = 60_000  # n-gram weights kept per head; more change no decision
SEEN = 2  # a class needs as many labelled passages, else the glossary speaks alone


@dataclass(frozen=True)
class Corpus:
    """Labelled reports with their texts prepared once.

    Attributes:
        reports: The reports.
        idf: n-gram document frequencies.
        texts, headings: Normal texts and headings of all passages, reports one after another.
        encoder: Sentence encoder.
        meaning, title_meaning: Its vectors of texts and headings, (passages, d).
        units: Number of the labelled stretch (a whole report, or a part) of each passage.
        groups: Number of the report of each passage; parts of one report share it.
    """

    reports: tuple[LabelledReport, ...]
    idf: np.ndarray
    texts: list[str]
    headings: list[str]
    encoder: Encoder
    meaning: np.ndarray
    title_meaning: np.ndarray
    units: np.ndarray
    groups: np.ndarray

    def whole(self) -> list[int]:
        """Numbers of the reports that were labelled as a whole."""
        return [number for number, report in enumerate(self.reports) if report.whole]

    def starts(self) -> np.ndarray:
        """Row number of each stretch's first passage, (stretches,)."""
        return np.searchsorted(self.units, np.arange(len(self.reports)))

    def rows_by_unit(self) -> list[np.ndarray]:
        """Row numbers of each labelled stretch."""
        return [np.flatnonzero(self.units == unit) for unit in range(len(self.reports))]

    def headings_at(self, rows: np.ndarray) -> list[str]:
        """Headings of some rows."""
        return [self.headings[row] for row in rows]

    def stretches(self) -> list[tuple[list[str], list[str]]]:
        """Texts and headings of each labelled stretch."""
        return [
            ([self.texts[row] for row in rows], self.headings_at(rows))
            for rows in self.rows_by_unit()
        ]

    def trust(self) -> np.ndarray:
        """Trust of each passage's labels, (passages,)."""
        return np.array([r.trust for r in self.reports for _ in r.passages], np.float32)


def corpus(reports: Sequence[LabelledReport], idf: np.ndarray, encoder: Encoder) -> Corpus:
    """Prepare labelled reports for training."""
    sizes = [len(r.passages) for r in reports]
    _, groups = np.unique([r.source for r in reports], return_inverse=True)
    parts = zip(*(r.normal_texts() for r in reports), strict=True)
    texts, headings = (list(chain(*part)) for part in parts)
    return Corpus(
        reports=tuple(reports),
        idf=idf,
        texts=texts,
        headings=headings,
        encoder=encoder,
        meaning=encoder.encode(texts),
        title_meaning=encoder.encode(headings),
        units=np.repeat(np.arange(len(reports)), sizes),
        groups=np.repeat(groups, sizes),
    )


def train_topics(
    c: Corpus, frameworks: Sequence[str], land: Landscape
) -> tuple[TopicHead, np.ndarray]:
    """The topic head, and its margins of each passage without the passage's report.

    Returns:
        The head and (passages, K) margins in the order of its classes.
    """
    glossaries = [Glossary(framework(name), c.idf) for name in frameworks]
    whitening = whitening_of(land)
    shelf = Shelf(glossaries)
    passages = _views(c.texts, c.headings, (c.meaning, c.title_meaning), c, shelf, whitening)
    factor = Factor(passages.kernel(passages), TOPIC_RIDGE / c.trust())
    parts = [_train_framework(c, g, factor, passages, shelf, whitening) for g in glossaries]
    columns = _busiest([p.weights[0] for p in parts]), _busiest([p.weights[1] for p in parts])
    head = TopicHead(
        frameworks=tuple(frameworks),
        classes=tuple(pair for part in parts for pair in part.classes),
        columns=columns,
        text=np.hstack([part.weights[0][columns[0]] for part in parts]),
        heading=np.hstack([part.weights[1][columns[1]] for part in parts]),
        cues=np.hstack([part.weights[2] for part in parts]),
        near=np.hstack([part.weights[3] for part in parts]),
    )
    return head, np.hstack([part.left_out for part in parts])


@dataclass(frozen=True)
class _Views:
    """What the topic head sees of some texts: words, heading's words, cues, meaning."""

    said: sparse.csr_matrix
    titles: sparse.csr_matrix
    cues: np.ndarray
    whitened: np.ndarray

    def kernel(self, other: _Views) -> np.ndarray:
        """Likeness of each text to each of another set, (texts, others)."""
        return kernel(self._weighted(), other._weighted())

    def _weighted(self) -> list[View]:
        titles, cues = topic_head.HEADING * self.titles, topic_head.CUES * self.cues
        return [self.said, titles, cues, self.whitened]

    def weights(self, dual: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Linear weights of each view, from coefficients of the texts."""
        return (
            self.said.T @ dual,
            topic_head.HEADING * (self.titles.T @ dual),
            topic_head.CUES * (self.cues.T @ dual),
            self.whitened.T @ dual,
        )


def _views(
    texts: Sequence[str],
    headings: Sequence[str],
    meanings: tuple[np.ndarray, np.ndarray],
    c: Corpus,
    shelf: Shelf,
    whitening: Whitening,
) -> _Views:
    return _Views(
        vectors(texts, c.idf),
        vectors(headings, c.idf),
        clip_cues(np.hstack(list(shelf.cue_scores(shelf.cues_in(texts)).values()))),
        whitening.of(*meanings),
    )


@dataclass(frozen=True)
class _Part:
    classes: list[tuple[str, str]]
    weights: tuple[np.ndarray, ...]
    left_out: np.ndarray


def _train_framework(
    c: Corpus, mine: Glossary, factor: Factor, passages: _Views, shelf: Shelf, whitening: Whitening
) -> _Part:
    """One ridge over the labelled passages and the framework's own sentences."""
    codes = [i.code for i in mine.framework.indicators]
    labels = np.vstack([r.wanted(mine.framework.id, codes) for r in c.reports])
    own = np.eye(len(codes), dtype=np.float32)[mine.owners]
    kept = np.flatnonzero(labels.sum(axis=0) >= SEEN)
    meaning = c.encoder.encode(mine.texts)
    none = [""] * len(mine.texts)
    sentences = _views(mine.texts, none, (meaning, np.zeros_like(meaning)), c, shelf, whitening)
    among = sentences.kernel(sentences) + TOPIC_RIDGE * np.eye(len(own), dtype=np.float32)
    more = Sentences(passages.kernel(sentences), among, own[:, kept])
    solved = factor.solve(labels[:, kept], c.groups, more)
    dual = solved.dual[: len(labels)], solved.dual[len(labels) :]
    both = zip(passages.weights(dual[0]), sentences.weights(dual[1]), strict=True)
    text, heading, cues, near = (a + b for a, b in both)
    return _Part(
        [(mine.framework.id, codes[k]) for k in kept],
        (text, heading, cues, whitening.matrix @ near),
        solved.left_out,
    )


def train_levels(c: Corpus, land: Landscape, read: np.ndarray) -> tuple[LevelHead, np.ndarray]:
    """The level head, and its probabilities without each passage's own report.

    Args:
        c: Labelled reports.
        land: Centres to measure nearness to.
        read: Left-out log odds of the level outcomes by the network, (passages, outcomes).
    """
    said = vectors([masked(t) for t in c.texts], c.idf)
    titles = vectors([masked(t) for t in c.headings], c.idf)
    told = np.vstack([facts(*part) for part in c.stretches()])
    mean, scale = told.mean(axis=0), np.maximum(told.std(axis=0), 1e-3)
    plain = (told - mean) / scale
    whitening = whitening_of(land)
    whitened = whitening.of(c.meaning, c.title_meaning)
    views = [said, level_head.HEADING * titles, level_head.FACT * plain, whitened]
    wanted = np.vstack([report.outcomes() for report in c.reports])
    solved = Factor(kernel(views, views), LEVEL_RIDGE / c.trust()).solve(wanted, c.groups)
    opinions = np.hstack([solved.left_out, read])
    seen = np.vstack(
        [
            evidence(opinions[rows], told[rows], *part)
            for rows, part in zip(c.rows_by_unit(), c.stretches(), strict=True)
        ]
    )
    context, bias, probabilities = _calibrate(seen, wanted, c.groups)
    weights = _primal(said, solved), level_head.HEADING * _primal(titles, solved)
    columns = _busiest([weights[0]]), _busiest([weights[1]])
    head = LevelHead(
        columns=columns,
        text=weights[0][columns[0]],
        heading=weights[1][columns[1]],
        facts=level_head.FACT * (plain.T @ solved.dual),
        near=whitening.matrix @ (whitened.T @ solved.dual),
        mean=mean,
        scale=scale,
        context=context,
        bias=bias,
        cuts=cuts(probabilities, wanted),
    )
    return head, probabilities


def _calibrate(
    seen: np.ndarray, wanted: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logistic of each outcome on the evidence; probabilities by cross-validation."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=EVIDENCE, max_iter=300))
    cv = GroupKFold(5)
    weights, left_out = [], []
    for w in wanted.T:
        said = cross_val_predict(model, seen, w, groups=groups, cv=cv, method="predict_proba")
        left_out.append(said[:, 1])
        scaler, logistic = model.fit(seen, w).named_steps.values()
        slope = logistic.coef_[0] / scaler.scale_
        weights.append((slope, logistic.intercept_[0] - scaler.mean_ @ slope))
    context, bias = (np.array(part, np.float32) for part in zip(*weights, strict=True))
    return context.T, bias, np.column_stack(left_out)


def cuts(probabilities: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The cut of best F1 for each outcome; for levels near a half this also serves kappa."""
    grid = np.arange(0.15, 0.75, 0.025)
    scores = [
        [_f1(p >= cut, w > 0) for cut in grid]
        for p, w in zip(probabilities.T, wanted.T, strict=True)
    ]
    return grid[np.argmax(scores, axis=1)].astype(np.float32)


def _f1(said: np.ndarray, wanted: np.ndarray) -> float:
    return 2 * (said & wanted).sum() / max(said.sum() + wanted.sum(), 1)


def _primal(rows: sparse.csr_matrix, solved: Ridge) -> np.ndarray:
    return rows.T @ solved.dual


def _busiest(weights: Sequence[np.ndarray]) -> np.ndarray:
    """Buckets of the greatest weights, sorted."""
    size = np.sqrt(sum((w**2).sum(axis=1) for w in weights))
    kept = np.argsort(-size, kind="stable")[:BUCKETS]
    return np.sort(kept[size[kept] > 0]).astype(np.int32)
