"""From predictions to one evaluation: every figure with its counts, errors with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.evaluate import metrics
from pipeline.evaluate.predictions import FrameworkPredictions, Predictions
from pipeline.match.levels import FLAGS
from pipeline.train.labelled import UNKNOWN
from pipeline.train.policy import BEST, wilson

Figures = dict[str, Any]  # by name, as JSON
ERRORS = 200  # listed at most, the surest mistakes first


@dataclass(frozen=True)
class Evaluation:
    """All figures as plain JSON values; `docs/evaluation.md` says what each means."""

    reports: int
    passages: int
    frameworks: dict[str, Figures]
    levels: dict[str, float]
    flags: dict[str, Figures]
    errors: list[Figures]


def evaluate(p: Predictions) -> Evaluation:
    """Every figure for some predictions."""
    graded = p.wanted_levels != UNKNOWN
    levels, wanted = p.levels[graded], p.wanted_levels[graded]
    parts = list(p.frameworks)
    parts += [part.by_topic() for part in p.frameworks if part.framework == "gri"]
    return Evaluation(
        reports=len(p.reports),
        passages=len(p.owner),
        frameworks={part.framework: _framework(p, part) for part in parts},
        levels={
            "quadratic_kappa": round(metrics.level_kappa(levels, wanted), 4),
            "exact": round(float((levels == wanted).mean()), 4) if len(wanted) else 0.0,
        },
        flags={flag: _flag(p, k) for k, flag in enumerate(FLAGS)},
        errors=[error for part in p.frameworks for error in _errors(p, part)],
    )


def _framework(p: Predictions, part: FrameworkPredictions) -> Figures:
    said = part.probabilities > metrics.SAID
    table = metrics.calibration(part.probabilities, part.wanted)
    return {
        "micro_f1": round(metrics.micro_f1(said, part.wanted), 4),
        "macro_f1": round(metrics.macro_f1(said, part.wanted), 4),
        "labelled": int(part.wanted.sum()),
        "said": int(said.sum()),
        "ece": metrics.expected_calibration_error(table),
        "calibration": table,
        "reports": _decisions(p, part),
        "indicators": _indicators(part, said),
    }


def _decisions(p: Predictions, part: FrameworkPredictions) -> Figures:
    """Report x indicator, disclosed or not, and what the policy decides alone."""
    probabilities, wanted = _by_report(p, part)
    right = (probabilities > metrics.SAID) == wanted
    accepted, rejected = probabilities >= p.policy.accept, probabilities <= p.policy.reject
    automatic = accepted | rejected
    return {
        "decisions": len(wanted),
        "accuracy": round(float(right.mean()), 4),
        "kappa": round(metrics.kappa(probabilities > metrics.SAID, wanted), 4),
        "automatic_share": round(float(automatic.mean()), 4),
        "automatic_precision": wilson(
            int((accepted == wanted)[automatic].sum()), int(automatic.sum())
        ),
        "accepted": wilson(int(wanted[accepted].sum()), int(accepted.sum())),
        "rejected": wilson(int((~wanted)[rejected].sum()), int(rejected.sum())),
        "precision_at_coverage": metrics.precision_at_coverage(probabilities, right),
    }


def _by_report(p: Predictions, part: FrameworkPredictions) -> tuple[np.ndarray, np.ndarray]:
    """Probability and label of every report x indicator, both flat."""
    probabilities, wanted = [], []
    for report in range(len(p.reports)):
        rows = p.owner == report
        best = -np.sort(-part.probabilities[rows], axis=0)[:BEST].T
        probabilities += [p.policy.report_probability(row) for row in best]
        wanted += list(part.wanted[rows].any(axis=0))
    return np.array(probabilities), np.array(wanted)


def _indicators(part: FrameworkPredictions, said: np.ndarray) -> dict[str, Figures]:
    table = {}
    for k, code in enumerate(part.codes):
        both = int((said[:, k] & part.wanted[:, k]).sum())
        labelled, claimed = int(part.wanted[:, k].sum()), int(said[:, k].sum())
        if labelled or claimed:
            f1 = round(2 * both / (labelled + claimed), 4)
            table[code] = {"labelled": labelled, "said": claimed, "right": both, "f1": f1}
    return table


def _flag(p: Predictions, k: int) -> Figures:
    said, wanted = p.flags[:, k], p.wanted_flags[:, k]
    f1 = 2 * (said & wanted).sum() / max(said.sum() + wanted.sum(), 1)
    return {"f1": round(float(f1), 4), "labelled": int(wanted.sum()), "said": int(said.sum())}


def _errors(p: Predictions, part: FrameworkPredictions) -> list[Figures]:
    """Mistakes on passages, the surest first."""
    said = part.probabilities > metrics.SAID
    wrong = np.argwhere(said != part.wanted)
    sure = np.abs(part.probabilities[tuple(wrong.T)] - metrics.SAID)
    passages = [passage for report in p.reports for passage in report.passages]
    return [
        {
            "framework": part.framework,
            "indicator": part.codes[column],
            "said": bool(said[row, column]),
            "probability": round(float(part.probabilities[row, column]), 4),
            "id": passages[row].id,
            "heading": "/".join(passages[row].heading),
            "text": passages[row].text,
        }
        for row, column in wrong[np.argsort(-sure, kind="stable")][:ERRORS]
    ]
