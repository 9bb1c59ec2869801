"""Train the combiners: from left-out margins to calibrated probabilities of pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.neural_network import MLPClassifier

from pipeline.frameworks import framework
from pipeline.match.combine import Combiner, Net
from pipeline.match.encoder import EmbeddedEncoder
from pipeline.match.matcher import Matcher, Report
from pipeline.match.models import Models
from pipeline.match.signals import Signals, features, hopeful
from pipeline.train.heads import Corpus

HIDDEN, DECAY, EPOCHS, NETS, SEED = (32,), 1e-3, 40, 3, 20261121


@dataclass(frozen=True)
class LeftOut:
    """What models say that did not see the passage's report, see `matcher.Report`.

    Attributes:
        topics: Margins of the topic head, (passages, K).
        read: Log odds of the network above `signals.UNREAD`, (passages, K').
        levels: Probabilities of level and flags, (passages, outcomes).
    """

    topics: np.ndarray
    read: np.ndarray
    levels: np.ndarray

    def pretended(self, report: Report, rows: np.ndarray) -> Report:
        """A report as the matcher will see one that it was not trained on."""
        own = {"topics": self.topics, "read": self.read, "levels": self.levels}
        return dataclasses.replace(report, **{name: part[rows] for name, part in own.items()})


@dataclass(frozen=True)
class Pairs:
    """Features of all hopeful pairs of some reports for one framework.

    Attributes:
        features: (pairs, features).
        wanted: Whether the pair was labelled, (pairs,) 0 or 1.
        report, passage, indicator: Where each pair belongs, (pairs,) int.
    """

    features: np.ndarray
    wanted: np.ndarray
    report: np.ndarray
    passage: np.ndarray
    indicator: np.ndarray

    def of(self, kept: np.ndarray) -> Pairs:
        """Some of the pairs, by a mask over all."""
        return Pairs(*(getattr(self, field.name)[kept] for field in dataclasses.fields(self)))


def gather(
    c: Corpus,
    models: Models,
    encoder: EmbeddedEncoder,
    left_out: LeftOut,
    name: str,
    alone: bool = False,
) -> Pairs:
    """Pairs of one framework, seen as the matcher will see reports it was not trained on.

    Args:
        c: Labelled reports.
        models: With the head to pretend with: `TopicHead.without` makes a framework unknown.
        encoder: Sentence encoder.
        left_out: What is said of each passage without its report.
        name: Framework id.
        alone: Each passage of the whole reports as if it stood alone, under no heading.
    """
    matcher = Matcher((framework(name),), models, encoder, encoder)
    glossary = matcher.glossaries[0]
    codes = [i.code for i in glossary.framework.indicators]
    found = []
    for number, labelled in enumerate(c.reports):
        if alone and not labelled.whole:
            continue
        report = left_out.pretended(matcher.report(labelled.passages), c.units == number)
        wanted = labelled.wanted(name, codes)
        signals = matcher.signals(glossary, report)
        if alone:
            each = zip(signals.apart(), wanted, strict=True)
            found += [_pairs(one, row[None], number) for one, row in each]
        else:
            found.append(_pairs(signals, wanted, number))
    return joined(found)


def _pairs(signals: Signals, wanted: np.ndarray, number: int) -> Pairs:
    look = hopeful(signals)
    passage, indicator = np.nonzero(look)
    return Pairs(
        features(signals, look),
        wanted[look],
        np.full(len(passage), number),
        passage,
        indicator,
    )


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Pairs one after another."""
    names = [field.name for field in dataclasses.fields(Pairs)]
    return Pairs(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


def fit(parts: Sequence[Pairs], seed: int = SEED) -> Combiner:
    """Train one combiner on the pairs of one or several frameworks."""
    seen = np.concatenate([p.features for p in parts])
    mean, scale = seen.mean(axis=0), np.maximum(seen.std(axis=0), 1e-4)
    return _with_nets(Combiner(mean.astype(np.float32), scale.astype(np.float32), ()), parts, seed)


def fit_each(parts: Mapping[str, Pairs], seed: int = SEED) -> dict[str, Combiner]:
    """A combiner for each labelled framework.

    Half of its nets have learned from its own pairs alone and know its habits, the other half
    from all labelled frameworks and are less sure of themselves.
    """
    shared = fit(list(parts.values()), seed)
    return {name: _with_nets(shared, [own], seed) for name, own in parts.items()}


def _with_nets(combiner: Combiner, parts: Sequence[Pairs], seed: int) -> Combiner:
    """The combiner with nets more that learned from some pairs."""
    seen = np.concatenate([p.features for p in parts])
    wanted = np.concatenate([p.wanted for p in parts]) > 0
    x = np.clip((seen - combiner.mean) / combiner.scale, -8, 8)
    nets = (_net(x, wanted, seed + n) for n in range(NETS))
    return dataclasses.replace(combiner, nets=(*combiner.nets, *nets))


def _net(x: np.ndarray, wanted: np.ndarray, seed: int) -> Net:
    model = MLPClassifier(
        HIDDEN,
        alpha=DECAY,
        batch_size=512,
        learning_rate_init=2e-3,
        max_iter=EPOCHS,
        early_stopping=True,
        validation_fraction=0.1,
        n_iter_no_change=5,
        random_state=seed,
    ).fit(x, wanted)
    return tuple(
        (w.astype(np.float32), b.astype(np.float32))
        for w, b in zip(model.coefs_, model.intercepts_, strict=True)
    )
