"""Build models/matcher from labelled reports and the shipped frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.frameworks import framework
from pipeline.match.combine import Combiner
from pipeline.match.encoder import Encoder
from pipeline.match.models import Models
from pipeline.score import Policy
from pipeline.train.combiners import SEED, Pairs, fit, gather
from pipeline.train.heads import Corpus, corpus, train_levels, train_topics
from pipeline.train.labelled import LabelledReport
from pipeline.train.policy import BEST, Decisions, choose

LABELLED = ("gbt36000", "gri")  # frameworks with labelled passages
FOLDS = 5  # of reports, for the probabilities that the policy is chosen on

_NO_COMBINER = Combiner(np.zeros(0), np.ones(0), ())


def build(
    reports: Sequence[LabelledReport],
    idf: np.ndarray,
    encoder: Encoder,
    frameworks: Sequence[str] = LABELLED,
) -> Models:
    """Train everything, deterministically.

    Args:
        reports: Labelled reports.
        idf: n-gram document frequencies of the field's texts.
        encoder: Sentence encoder whose similarities the combiners read.
        frameworks: Frameworks to learn the labels of; fewer for transfer experiments.
    """
    c = corpus(reports, idf)
    head, topics = train_topics(c, frameworks)
    levels, graded = train_levels(c)
    bare = Models(idf, head, levels, _NO_COMBINER, _NO_COMBINER, Policy())
    seen = [gather(c, bare, encoder, (topics, graded), name) for name in frameworks]
    unseen = [_gather_unknown(c, bare, encoder, (topics, graded), name) for name in frameworks]
    whole = [n for n, r in enumerate(c.reports) if r.whole]
    return replace(
        bare,
        known=fit(seen),
        open=fit(unseen),
        policy=choose(decisions(c, seen[0], frameworks[0], whole)),
    )


def _gather_unknown(
    c: Corpus, bare: Models, encoder: Encoder, left_out: tuple[np.ndarray, np.ndarray], name: str
) -> Pairs:
    """Pairs of a framework as if nobody had ever labelled it: the others' topics stay."""
    kept = [k for k, (owner, _) in enumerate(bare.head.classes) if owner != name]
    blind = replace(bare, head=bare.head.without(name))
    return gather(c, blind, encoder, (left_out[0][:, kept], left_out[1]), name)


def decisions(c: Corpus, pairs: Pairs, name: str, reports: Sequence[int]) -> Decisions:
    """Report x indicator decisions by cross-validation over reports.

    Args:
        c: Labelled reports.
        pairs: Their pairs for the framework ``name``.
        name: Framework id.
        reports: Reports labelled as a whole, the only ones with an answer for absence.
    """
    codes = [i.code for i in framework(name).indicators]
    found = []
    for fold in range(FOLDS):
        held = reports[fold::FOLDS]
        combiner = fit([pairs.of(np.isin(pairs.report, held, invert=True))], SEED + fold)
        found += [_decide(c, pairs, combiner, report, (name, codes)) for report in held]
    best, disclosed, report = (np.concatenate(part) for part in zip(*found, strict=True))
    return Decisions(best, disclosed, report)


def _decide(
    c: Corpus, pairs: Pairs, combiner: Combiner, report: int, asked: tuple[str, list[str]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mine = pairs.of(pairs.report == report)
    wanted = c.reports[report].wanted(*asked)
    probabilities = np.zeros_like(wanted)
    probabilities[mine.passage, mine.indicator] = combiner.probabilities(mine.features)
    best = -np.sort(-probabilities, axis=0)[:BEST].T
    return best, wanted.max(axis=0) > 0, np.full(len(best), report)
