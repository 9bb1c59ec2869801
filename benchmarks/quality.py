"""Quality of a folder of reviewed reports: spread of each dimension, and what length explains.

    python benchmarks/quality.py OUT [--facts]

OUT is what `zejian review` wrote. Prints n, percentiles, standard deviation and the Spearman
correlation with the length of the report for the total and every dimension; with --facts for every
fact too.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from pipeline.cohort import fit_length
from pipeline.emit import read_score
from pipeline.facts import Quality


def main() -> None:
    """Read every report's quality and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--facts", action="store_true")
    wanted = parser.parse_args()
    lengths, found = judged(wanted.out)
    print(f"{len(found)} reports")
    line("总分", [q.total for q in found], lengths)
    for number, one in enumerate(found[0].dimensions):
        line(one.dimension, [q.dimensions[number].score for q in found], lengths)
        for fact in one.facts if wanted.facts else ():
            line("  " + fact.code, [_points(q, number, fact.code) for q in found], lengths)
    line("实据性", [100 * q.substance for q in found], lengths)
    line("套话占比", [100 * q.boilerplate for q in found], lengths)
    print("星级", dict(Counter(q.band for q in found)))
    print("提示", dict(Counter(alarm.code for q in found for alarm in q.alarms)))


def judged(out: Path) -> tuple[list[int], list[Quality]]:
    """Characters and quality of each report of ``out``."""
    folders = sorted(path.parent for path in out.glob("*/findings.json"))
    scores = [read_score(folder) for folder in folders]
    pairs = [(s.characters, s.facts.quality) for s in scores if s.facts.quality]
    return [length for length, _ in pairs], [quality for _, quality in pairs]


def _points(of: Quality, number: int, code: str) -> float | None:
    return next((f.points for f in of.dimensions[number].facts if f.code == code), None)


def line(name: str, scores: Sequence[float | None], lengths: Sequence[int]) -> None:
    """One row: spread and what length explains of it."""
    pairs = [(s, n) for s, n in zip(scores, lengths, strict=True) if s is not None]
    if len(pairs) < 3:
        print(f"{name:28} n={len(pairs)}")
        return
    values = np.array([score for score, _ in pairs])
    spread = " ".join(f"{x:5.1f}" for x in np.percentile(values, [5, 25, 50, 75, 95]))
    rho = spearmanr(*zip(*pairs, strict=True)).statistic if values.std() else float("nan")
    fit = fit_length(scores, lengths)
    explained = f"R2={fit.explained:.2f}" if fit else ""
    print(f"{name:28} n={len(pairs)} {spread} sd={values.std():4.1f} rho={rho:5.2f} {explained}")


if __name__ == "__main__":
    main()
