"""The baseline to beat: the nearest definition by character TF-IDF, nothing learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.evaluate.metrics import micro_f1
from pipeline.evaluate.predictions import FrameworkPredictions, labels
from pipeline.frameworks import framework
from pipeline.train.labelled import LabelledReport


def nearest_definition(reports: Sequence[LabelledReport], name: str) -> FrameworkPredictions:
    """Cosine of each passage to name and definition, kept for its nearest indicator only."""
    indicators = framework(name).indicators
    texts = [p.text for report in reports for p in report.passages]
    model = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    passages = model.fit_transform(texts)
    definitions = model.transform([f"{i.name}{i.definition}" for i in indicators])
    likeness = (passages @ definitions.T).toarray()
    nearest = likeness == likeness.max(axis=1, keepdims=True)
    codes = tuple(i.code for i in indicators)
    found = np.where(nearest, likeness, 0)
    return FrameworkPredictions(name, codes, found, labels(reports, name, codes))


def best_f1(part: FrameworkPredictions) -> float:
    """Micro-F1 at the threshold that suits the baseline best: it is given every advantage."""
    grid = np.arange(0.01, 0.6, 0.01)
    return max(micro_f1(part.probabilities > t, part.wanted) for t in grid)
