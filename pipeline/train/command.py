"""What ``zejian train`` does: labelled reports in, models out, unless they got worse."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pipeline.choices import BadUse
from pipeline.evaluate.crossval import left_out_predictions
from pipeline.evaluate.evaluation import Evaluation, evaluate
from pipeline.match.encoder import home_encoder
from pipeline.match.models import save_models
from pipeline.match.ngrams import inverse_frequency
from pipeline.match.text import normal
from pipeline.resources import shipped
from pipeline.train.build import Trained, build
from pipeline.train.labelled import MORE, UNKNOWN, read_fictional, read_labelled, read_own_labels

SHORT = 20  # characters; shorter lines say little of how often words are used


class GotWorse(Exception):
    """A training run fell below a pinned floor; nothing was written."""


def train(gold: Path, texts: Path, out: Path) -> Evaluation:
    """Rebuild the models and write them to ``out``; the same input gives the same bytes.

    Args:
        gold: Folder of labelled reports, one JSONL file a report.
        texts: Folder of report texts with index.csv, whose parts data/labels labels.
        out: Folder to write to.

    Returns:
        The cross-validated evaluation on the adjudicated reports.

    Raises:
        GotWorse: a figure fell below models/matcher/floors.json.
    """
    trained = train_on(gold, texts)
    found = evaluate(left_out_predictions(trained, adjudicated(gold)))
    if fallen := list(_fallen(found)):
        raise GotWorse("；".join(fallen))
    save_models(trained.models, out)
    facts = json.dumps(_facts(trained, found), ensure_ascii=False, indent=1)
    (out / "training.json").write_text(facts + "\n", "utf-8")
    return found


def train_on(gold: Path, texts: Path) -> Trained:
    """Train on a gold folder, our own labels of ``texts`` and our own reports; writes nothing.

    Raises:
        BadUse: torch is not installed.
    """
    if find_spec("torch") is None:
        raise BadUse("训练需先安装可选组件：pip install zejian[encoders]")
    reports = [*read_labelled(gold), *read_own_labels(texts), *read_fictional()]
    if any(UNKNOWN in report.levels for report in reports):
        raise ValueError(f"{gold}: passages without a level can be tested on, not learned from")
    idf = inverse_frequency(list(_background(texts, gold))).astype(np.float16)
    more = list(read_own_labels(texts, MORE))
    return build(reports, idf.astype(np.float32), home_encoder(), more=more)


def adjudicated(gold: Path) -> list[str]:
    """Names of the reports labelled twice and adjudicated: those to test on."""
    return sorted(path.stem for path in gold.glob("d*.jsonl"))


def _background(texts: Path, gold: Path) -> Iterator[str]:
    """Normal lines of the training reports and passages: how often n-grams are used."""
    with (texts / "index.csv").open(encoding="utf-8", newline="") as index:
        names = sorted(row["id"] for row in csv.DictReader(index) if row["split"] == "train")
    for name in names:
        lines = (texts / f"{name}.txt").read_text("utf-8").splitlines()
        yield from (normal(line) for line in lines if len(line) > SHORT)
    for report in read_labelled(gold):
        yield from (normal(passage.text) for passage in report.passages)


def _fallen(found: Evaluation) -> Iterator[str]:
    floors = json.loads(shipped("models", "matcher", "floors.json").read_text("utf-8"))
    for framework, least in floors["micro_f1"].items():
        reached = found.frameworks[framework]["micro_f1"]
        if reached < least:
            yield f"{framework} micro-F1 {reached} < {least}"
    if (reached := found.levels["quadratic_kappa"]) < floors["level_kappa"]:
        yield f"level kappa {reached} < {floors['level_kappa']}"


def _facts(trained: Trained, found: Evaluation) -> dict[str, object]:
    reports = trained.corpus.reports
    seen = "\n".join(normal(text) for text in trained.corpus.texts)
    return {
        "reports": sorted({report.name.partition("@")[0] for report in reports}),
        "passages": len(trained.corpus.texts),
        "passages_sha256": hashlib.sha256(seen.encode()).hexdigest(),
        "encoder": trained.corpus.encoder.digest,
        "cross_validated": {
            name: {k: part[k] for k in ("micro_f1", "macro_f1", "ece")}
            for name, part in found.frameworks.items()
        },
    }
