"""Evaluation of a training run on reports that its models did not see.

The heads' margins are leave-one-report-out in closed form, the combiners are cross-validated
over reports, and the policy and the cuts of level and flags are chosen on the reports that are
not tested. One thing is not nested: the features a combiner is trained on come from heads that
saw the tested reports' labels. A wholly nested run gave the same (docs/evaluation.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.evaluate.predictions import FrameworkPredictions, Predictions, labels, predictions
from pipeline.frameworks import framework
from pipeline.match.levels import LevelHead
from pipeline.match.matcher import LEAST
from pipeline.train.build import Trained, decisions
from pipeline.train.heads import cuts
from pipeline.train.labelled import LabelledReport
from pipeline.train.policy import choose


def left_out_predictions(trained: Trained, tested: Sequence[str]) -> Predictions:
    """Predictions for the named reports by models that did not see them."""
    c = trained.corpus
    numbers = [n for n, report in enumerate(c.reports) if report.name in set(tested)]
    reports = [c.reports[n] for n in numbers]
    rows = np.flatnonzero(np.isin(c.units, numbers))
    others = [n for n, r in enumerate(c.reports) if r.whole and n not in numbers]
    first = next(iter(trained.left_out))
    policy = choose(decisions(c, trained.left_out[first], first, others))
    return predictions(
        reports,
        tuple(_part(name, p[rows], reports) for name, p in trained.left_out.items()),
        _cut_elsewhere(trained, rows).say(trained.graded[rows]),
        policy,
    )


def _cut_elsewhere(trained: Trained, rows: np.ndarray) -> LevelHead:
    """The level head with the cuts that are best on the other reports."""
    others = np.setdiff1d(np.arange(len(trained.graded)), rows)
    wanted = np.vstack([report.outcomes() for report in trained.corpus.reports])
    return replace(trained.models.levels, cuts=cuts(trained.graded[others], wanted[others]))


def _part(
    name: str, probabilities: np.ndarray, reports: Sequence[LabelledReport]
) -> FrameworkPredictions:
    codes = tuple(i.code for i in framework(name).indicators)
    kept = np.where(probabilities >= LEAST, probabilities, 0)
    return FrameworkPredictions(name, codes, kept, labels(reports, name, codes))
