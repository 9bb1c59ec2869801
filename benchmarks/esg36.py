"""How far our features tell the 36 topics of the public ESG-36 sentences apart.

    python benchmarks/esg36.py SENTENCES.csv

The file has ``split`` (train, dev), ``text`` and ``topic``; 无关文本 is left out. A kernel ridge
over all that the matcher sees of a sentence (n-grams, meaning, topic margins, the glossaries of
all frameworks, and our own wording of the 36 topics in esg36.yaml) is trained on train and
tested on dev; nothing of it ships. The shares of the kernels were chosen by leaving one sentence
of train out; that figure is printed too, and how often the most alike sentences differ in topic.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from scipy import linalg
from sklearn.metrics import f1_score

from pipeline.frameworks import framework, framework_ids, read_framework
from pipeline.match import load_matcher
from pipeline.match.head import clip_cues
from pipeline.match.meaning import kernel
from pipeline.match.ngrams import inverse_frequency, vectors
from pipeline.match.text import normal
from pipeline.records import Passage

TOPICS = Path(__file__).with_name("esg36.yaml")
RIDGE = 0.3
RARE = 0.5  # power to which sentences of rarer topics weigh more
MEANING, MARGINS, GLOSSARIES, WORDING = 0.5, 0.3, 0.6, 0.8  # shares beside the n-grams' 1
ALIKE = ((0.3, 0.5), (0.5, 0.75), (0.75, 1.01))  # cosines of n-grams


def main() -> None:
    """Print accuracy and macro-F1 on train by leaving one out, and on dev."""
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["topic"] != "无关文本"]
    train = np.array([row["split"] == "train" for row in rows])
    topics = sorted({row["topic"] for row in rows})
    wanted = np.array([topics.index(row["topic"]) for row in rows])
    words, alike = _alike([row["text"] for row in rows], train)
    left_out, margins = _solve(alike, train, wanted)
    _say("train, one left out", left_out, wanted[train])
    _say("dev", margins, wanted[~train])
    _disagreement(words[train], wanted[train])


def _solve(
    alike: np.ndarray, train: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Margins of train without the sentence itself, and of the others; (sentences, topics)."""
    answers = np.eye(wanted.max() + 1, dtype=np.float32)[wanted[train]]
    often = answers.sum(axis=0)[wanted[train]]
    penalty = RIDGE * (often / (len(answers) / answers.shape[1])) ** RARE
    inverse = linalg.inv(alike[train] + np.diag(penalty))
    dual = inverse @ answers
    return answers - dual / np.diag(inverse)[:, None], alike[~train] @ dual


def _alike(texts: list[str], train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosines of n-grams of all sentences with those of train, and the whole kernel."""
    own = read_framework(TOPICS)
    matcher = load_matcher([*map(framework, framework_ids()), own])
    report = matcher.report([Passage(str(n), text, ()) for n, text in enumerate(texts)])
    normals = [normal(text) for text in texts]
    said = vectors(normals, inverse_frequency(list(np.array(normals)[train])))
    words = (said @ said[train].T).toarray()
    *others, mine = matcher.glossaries
    signals = matcher.signals(mine, report)
    known = [g.likeness(report.similar[g.framework.id]) for g in others]
    known += [clip_cues(report.cues[g.framework.id]) for g in others]
    meaning = matcher.encoder.encode(report.texts)
    total = words + MEANING * kernel(meaning, meaning[train])
    for share, sharpness, part in (
        (MARGINS, 1.0, np.clip(report.topics, -0.1, 1.2)),
        (GLOSSARIES, 0.5, _standard(np.hstack(known), train)),
        (
            WORDING,
            0.5,
            _standard(np.hstack([signals.likeness, signals.vector, signals.cue]), train),
        ),
    ):
        unit = sharpness**0.5 * part / np.maximum(np.linalg.norm(part, axis=1)[:, None], 1e-9)
        total += share * kernel(unit, unit[train])
    return words, total


def _standard(values: np.ndarray, train: np.ndarray) -> np.ndarray:
    spread = np.maximum(values[train].std(axis=0), 1e-3)
    standard: np.ndarray = np.clip((values - values[train].mean(axis=0)) / spread, -3, 6)
    return standard


def _say(name: str, margins: np.ndarray, wanted: np.ndarray) -> None:
    said = margins.argmax(axis=1)
    accuracy, macro = (said == wanted).mean(), f1_score(wanted, said, average="macro")
    print(f"{name}: {len(wanted)} sentences, accuracy {accuracy:.3f}, macro-F1 {macro:.3f}")


def _disagreement(words: np.ndarray, wanted: np.ndarray) -> None:
    """How often a sentence's most alike sentence has another topic."""
    np.fill_diagonal(words, -1)
    nearest, cosines = words.argmax(axis=1), words.max(axis=1)
    for low, high in ALIKE:
        close = (cosines >= low) & (cosines < high)
        other = (wanted[nearest] != wanted)[close].mean()
        print(f"nearest at {low}-{min(high, 1)}: {close.sum()} sentences, {other:.0%} differ")


if __name__ == "__main__":
    main()
