"""Quality of a folder of reviewed reports: spread of each dimension, and what length explains.

    python benchmarks/quality.py OUT [--programme shanghai-2023] [--facts]

OUT is what `zejian review` wrote. The matcher reads every report anew (about 0.2 s each).
Prints n, percentiles, standard deviation and the Spearman correlation with the length of
the report for the total and every dimension; with --facts for every fact too.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from pipeline.choices import open_matcher
from pipeline.emit import read_document, read_score
from pipeline.facts import Quality
from pipeline.frameworks import framework
from pipeline.measure import measures
from pipeline.programmes import programme
from pipeline.quality import quality
from pipeline.quality.cohort import fit_length
from pipeline.segment import segment


def main() -> None:
    """Judge every report of the folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--programme", default="shanghai-2023")
    parser.add_argument("--facts", action="store_true")
    wanted = parser.parse_args()
    lengths, found, seconds = judge(wanted.out, wanted.programme)
    per = 20_000 * seconds / sum(lengths)
    print(f"{len(found)} reports, {1000 * per:.0f} ms of CPU per 20,000 characters")
    line("总分", [q.total for q in found], lengths)
    for number, one in enumerate(found[0].dimensions):
        line(one.dimension, [q.dimensions[number].score for q in found], lengths)
        for fact in one.facts if wanted.facts else ():
            line("  " + fact.code, [_points(q, number, fact.code) for q in found], lengths)
    line("实据性", [100 * q.substance for q in found], lengths)
    line("套话占比", [100 * q.boilerplate for q in found], lengths)
    print("星级", dict(Counter(q.band for q in found)))
    print("提示", dict(Counter(alarm.code for q in found for alarm in q.alarms)))


def judge(out: Path, name: str) -> tuple[list[int], list[Quality], float]:
    """Lengths, qualities, and the CPU seconds that quality alone took."""
    rules = programme(name)
    matcher = open_matcher([framework(one) for one in rules.framework_ids()], None)
    lengths, found, seconds = [], [], 0.0
    for folder in sorted(path.parent for path in out.glob("*/document.json")):
        document, score = read_document(folder), read_score(folder)
        if document is None:
            continue
        readings = matcher.read(segment(document))
        told = measures(document, readings)
        start = time.process_time()
        found.append(quality(document, readings, score, told, (), rules))
        seconds += time.process_time() - start
        lengths.append(len(document.text))
    return lengths, found, seconds


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
