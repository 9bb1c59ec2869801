"""A framework that nobody labelled: what the matcher makes of its YAML alone.

    python benchmarks/zero_shot.py SENTENCES.csv GOLD

(1) The 36 topics of the public ESG-36 sentences, written up in our words in esg36.yaml: each
sentence is read as a report of its own, and its likeliest topic counts, even below the probability
from which a match is reported; 无关文本 is left out.
(2) GRI topics on d01-d11 of the labelled reports GOLD, by a matcher trained on s01-s24 with
the labels of GB/T 36000 alone, beside one trained on the same reports with those of GRI too.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from pipeline.evaluate.metrics import SAID, micro_f1
from pipeline.evaluate.predictions import FrameworkPredictions, predict
from pipeline.frameworks import framework, read_framework
from pipeline.match import load_matcher
from pipeline.match.encoder import home_encoder
from pipeline.match.matcher import Matcher
from pipeline.match.models import load_models
from pipeline.match.signals import features, hopeful
from pipeline.records import Passage
from pipeline.train.build import build
from pipeline.train.labelled import LabelledReport, read_labelled

TOPICS = Path(__file__).with_name("esg36.yaml")
GRID = np.arange(0.05, 0.9, 0.025)


def main() -> None:
    """Print both tests' figures."""
    sentences, gold = map(Path, sys.argv[1:])
    _topics(sentences)
    reports = list(read_labelled(gold))
    single = [report for report in reports if report.name.startswith("s")]
    tested = [report for report in reports if report.name.startswith("d")]
    unseen = _transfer(single, tested, ("gbt36000",))
    seen = _transfer(single, tested, ("gbt36000", "gri"))
    print(
        "of the supervised F1: "
        + ", ".join(f"{a / b:.2f}" for a, b in zip(unseen, seen, strict=True))
    )


def _topics(sentences: Path) -> None:
    with sentences.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["topic"] != "无关文本"]
    names = {i.code: i.name for i in read_framework(TOPICS).indicators}
    matcher = load_matcher([read_framework(TOPICS)])
    for split in ("train", "dev"):
        mine = [row for row in rows if row["split"] == split]
        said = [names.get(_likeliest(matcher, row["text"]), "") for row in mine]
        wanted = [row["topic"] for row in mine]
        right = np.mean([a == b for a, b in zip(said, wanted, strict=True)])
        macro = f1_score(wanted, said, average="macro", labels=sorted(set(wanted)))
        print(f"ESG-36 {split}: {len(mine)} sentences, accuracy {right:.3f}, macro-F1 {macro:.3f}")


def _likeliest(matcher: Matcher, text: str) -> str:
    """Code that a sentence most likely speaks for; "" where no indicator is hopeful."""
    [glossary] = matcher.glossaries
    signals = matcher.signals(glossary, matcher.report([Passage("1", text, ())]))
    look = hopeful(signals)
    if not look.any():
        return ""
    sure = np.full(look.shape, -1.0)
    sure[look] = matcher.models.open.probabilities(features(signals, look))
    return glossary.framework.indicators[int(sure.argmax())].code


def _transfer(
    single: list[LabelledReport], tested: list[LabelledReport], labelled: tuple[str, ...]
) -> tuple[float, float]:
    """Micro-F1 of GRI topics by a matcher trained on some frameworks' labels: even, at best."""
    encoder = home_encoder()
    models = build(single, load_models().idf, encoder, labelled).models
    matcher = Matcher((framework("gri"),), models, encoder, encoder)
    topics = predict(matcher, tested).frameworks[0].by_topic()
    even, best = _f1(topics, SAID), max(_f1(topics, cut) for cut in GRID)
    print(f"labels of {', '.join(labelled)}: GRI topics micro-F1 {even:.3f}, at best {best:.3f}")
    return even, best


def _f1(topics: FrameworkPredictions, cut: float) -> float:
    return micro_f1(topics.probabilities > cut, topics.wanted)


if __name__ == "__main__":
    main()
