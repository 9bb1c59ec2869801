"""Build the matcher's models from labelled reports and the shipped frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from pipeline.frameworks import framework
from pipeline.match.combine import Combiner
from pipeline.match.encoder import EmbeddedEncoder
from pipeline.match.glossary import Glossary
from pipeline.match.matcher import above_unread
from pipeline.match.models import Models
from pipeline.score import Policy
from pipeline.train.calibrate import Line, calibrated, line, on_line
from pipeline.train.combiners import SEED, LeftOut, Pairs, fit, fit_each, gather, joined
from pipeline.train.heads import Corpus, corpus, train_levels, train_topics
from pipeline.train.labelled import LabelledReport
from pipeline.train.landscape import landscape
from pipeline.train.policy import BEST, Decisions, choose

LABELLED = ("gbt36000", "gri")  # frameworks with labelled passages
FOLDS = 5  # of whole reports, for the probabilities that policy and evaluation see

_NO_COMBINER = Combiner(np.zeros(0), np.ones(0), ())


@dataclass(frozen=True)
class Trained:
    """What training yields.

    Attributes:
        models: To be shipped.
        corpus: What it was trained on.
        left_out: Probabilities of each labelled framework's pairs by models that did not see
            the report, for whole reports only; framework id -> (passages, indicators).
        graded: Level and flag probabilities, likewise, (passages, outcomes).
    """

    models: Models
    corpus: Corpus
    left_out: dict[str, np.ndarray]
    graded: np.ndarray


def build(
    reports: Sequence[LabelledReport],
    idf: np.ndarray,
    encoder: EmbeddedEncoder,
    frameworks: Sequence[str] = LABELLED,
    more: Sequence[LabelledReport] = (),
) -> Trained:
    """Train everything, deterministically.

    Args:
        reports: Labelled reports.
        idf: n-gram document frequencies of the field's texts.
        encoder: Sentence encoder whose similarities the combiners read.
        frameworks: Frameworks to learn the labels of; fewer for transfer experiments.
        more: Labelled reports for the network alone: the kernels of the heads grow with the
            square of the passages.
    """
    from pipeline.train.network import train_network  # torch: evaluation does without

    glossaries = [Glossary(framework(name), idf) for name in frameworks]
    network, read = train_network([*reports, *more], glossaries, encoder)
    c = corpus(reports, idf, encoder)
    read = read[: len(c.texts)]
    land = landscape(c, [text for glossary in glossaries for text in glossary.texts])
    head, topics = train_topics(c, frameworks, land)
    levels, graded = train_levels(c, land, read[:, network.outcomes])
    left_out = LeftOut(topics, above_unread(read), graded)
    bare = Models(idf, land, head, network, levels, {}, _NO_COMBINER, Policy())
    return combined(c, bare, encoder, left_out, frameworks)


def combined(
    c: Corpus,
    bare: Models,
    encoder: EmbeddedEncoder,
    left_out: LeftOut,
    frameworks: Sequence[str] = LABELLED,
) -> Trained:
    """Models with the combiners that weigh what the heads and the network say."""
    gathered = partial(gather, c, bare, encoder, left_out)
    seen = {name: gathered(name) for name in frameworks}
    lone = {name: gathered(name, alone=True) for name in frameworks}
    unseen = [
        _gather_unknown(c, bare, encoder, left_out, name, alone)
        for name in frameworks
        for alone in (False, True)  # a sentence that `zejian match` is given has no neighbours
    ]
    learned = {name: joined([seen[name], lone[name]]) for name in frameworks}
    models = replace(bare, known=fit_each(learned), open=fit(unseen))
    return calibrate(Trained(models, c, _left_out(c, seen, learned), left_out.levels))


def calibrate(trained: Trained) -> Trained:
    """Calibrate the labelled frameworks' combiners on whole reports, and choose the policy.

    Left-out probabilities are calibrated on the reports of the other folds.
    """
    c, raw = trained.corpus, trained.left_out
    whole = c.whole()
    known = {
        name: calibrated(combiner, _line(c, raw[name], name, whole))
        for name, combiner in trained.models.known.items()
    }
    left_out = {name: _cross_calibrated(c, p, name) for name, p in raw.items()}
    first = next(iter(left_out))
    policy = choose(decisions(c, left_out[first], first, whole))
    models = replace(trained.models, known=known, policy=policy)
    return replace(trained, models=models, left_out=left_out)


def _line(c: Corpus, probabilities: np.ndarray, name: str, reports: Sequence[int]) -> Line:
    codes = [i.code for i in framework(name).indicators]
    rows = np.isin(c.units, reports)
    wanted = np.vstack([c.reports[n].wanted(name, codes) for n in sorted(reports)])
    looked_at = probabilities[rows] > 0
    return line(probabilities[rows][looked_at], wanted[looked_at] > 0)


def _cross_calibrated(c: Corpus, probabilities: np.ndarray, name: str) -> np.ndarray:
    found, whole = np.zeros_like(probabilities), c.whole()
    for held in _folds(c):
        fitted = _line(c, probabilities, name, [n for n in whole if n not in held])
        rows = np.isin(c.units, held)
        found[rows] = on_line(probabilities[rows], fitted)
    return found


def _gather_unknown(
    c: Corpus,
    bare: Models,
    encoder: EmbeddedEncoder,
    left_out: LeftOut,
    name: str,
    alone: bool,
) -> Pairs:
    """Pairs of a framework as if nobody had ever labelled it: the others' topics stay."""
    kept = [k for k, (owner, _) in enumerate(bare.head.classes) if owner != name]
    blind = replace(bare, head=bare.head.without(name), network=bare.network.without(name))
    others = replace(left_out, topics=left_out.topics[:, kept])
    return gather(c, blind, encoder, others, name, alone)


def _folds(c: Corpus) -> list[list[int]]:
    """The whole reports of each fold."""
    return [c.whole()[fold::FOLDS] for fold in range(FOLDS)]


def _left_out(
    c: Corpus, seen: dict[str, Pairs], learned: dict[str, Pairs]
) -> dict[str, np.ndarray]:
    """Probabilities by cross-validation over whole reports; zero for the other rows.

    Args:
        c: Labelled reports.
        seen: Pairs as a review meets them, to be told.
        learned: Pairs to learn from.
    """
    found = {
        name: np.zeros((len(c.texts), len(framework(name).indicators)), np.float32) for name in seen
    }
    for fold, held in enumerate(_folds(c)):
        others = {name: p.of(~np.isin(p.report, held)) for name, p in learned.items()}
        combiners = fit_each(others, SEED + fold)
        for name, pairs in seen.items():
            mine = pairs.of(np.isin(pairs.report, held))
            rows = c.starts()[mine.report] + mine.passage
            found[name][rows, mine.indicator] = combiners[name].probabilities(mine.features)
    return found


def decisions(c: Corpus, probabilities: np.ndarray, name: str, reports: Sequence[int]) -> Decisions:
    """Report x indicator decisions with their answers.

    Args:
        c: Labelled reports.
        probabilities: Left-out probabilities, (passages, indicators).
        name: Framework id.
        reports: Reports labelled as a whole, the only ones with an answer for absence.
    """
    codes = [i.code for i in framework(name).indicators]
    rows = [np.flatnonzero(c.units == report) for report in reports]
    best = [-np.sort(-probabilities[r], axis=0)[:BEST].T for r in rows]
    answers = [c.reports[n].wanted(name, codes).max(axis=0) > 0 for n in reports]
    return Decisions(
        np.concatenate(best),
        np.concatenate(answers),
        np.repeat(np.asarray(reports), len(codes)),
    )
