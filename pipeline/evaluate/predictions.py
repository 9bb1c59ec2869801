"""What was predicted beside what was labelled, in one shape for every way of testing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.match.levels import FLAGS
from pipeline.match.matcher import Matcher
from pipeline.records import Reading
from pipeline.score import Policy
from pipeline.train.labelled import FIELDS, LabelledReport


@dataclass(frozen=True)
class FrameworkPredictions:
    """Predictions for one framework.

    Attributes:
        framework: Its id.
        codes: Indicator codes of the columns.
        probabilities: (passages, codes), 0 below what the matcher reports.
        wanted: Labels, (passages, codes) bool.
    """

    framework: str
    codes: tuple[str, ...]
    probabilities: np.ndarray
    wanted: np.ndarray

    def by_topic(self) -> FrameworkPredictions:
        """The same by topic: GRI 403-5 counts as GRI 403.

        A passage tells of a topic when it answers any of its disclosures (noisy-or).
        """
        topics = [code.partition("-")[0] for code in self.codes]
        names = tuple(dict.fromkeys(topics))
        columns = [[k for k, topic in enumerate(topics) if topic == name] for name in names]
        return FrameworkPredictions(
            f"{self.framework} topics",
            names,
            np.column_stack([1 - (1 - self.probabilities[:, c]).prod(axis=1) for c in columns]),
            np.column_stack([self.wanted[:, c].any(axis=1) for c in columns]),
        )


@dataclass(frozen=True)
class Predictions:
    """Predictions for some labelled reports.

    Attributes:
        reports: The reports; passages are theirs, one after another.
        owner: Report number of each passage.
        frameworks: Per framework.
        levels, wanted_levels: (passages,) int.
        flags, wanted_flags: (passages, FLAGS) bool.
        policy: Decides on reports.
    """

    reports: tuple[LabelledReport, ...]
    owner: np.ndarray
    frameworks: tuple[FrameworkPredictions, ...]
    levels: np.ndarray
    wanted_levels: np.ndarray
    flags: np.ndarray
    wanted_flags: np.ndarray
    policy: Policy


def predict(matcher: Matcher, reports: Sequence[LabelledReport]) -> Predictions:
    """Let a matcher read labelled reports through its public way in."""
    readings = [matcher.read(report.passages) for report in reports]
    flat = [reading for report in readings for reading in report]
    names = [g.framework.id for g in matcher.glossaries if g.framework.id in FIELDS]
    codes = {
        g.framework.id: tuple(i.code for i in g.framework.indicators) for g in matcher.glossaries
    }
    return predictions(
        reports,
        tuple(_of_framework(name, codes[name], flat, reports) for name in names),
        [(reading.level, reading.flags) for reading in flat],
        matcher.policy,
    )


def predictions(
    reports: Sequence[LabelledReport],
    frameworks: tuple[FrameworkPredictions, ...],
    graded: Sequence[tuple[int, tuple[str, ...]]],
    policy: Policy,
) -> Predictions:
    """Predictions with the reports' labels beside them."""
    wanted_flags = [said for report in reports for said in report.flags]
    return Predictions(
        reports=tuple(reports),
        owner=np.repeat(np.arange(len(reports)), [len(r.passages) for r in reports]),
        frameworks=frameworks,
        levels=np.array([level for level, _ in graded]),
        wanted_levels=np.array([level for r in reports for level in r.levels]),
        flags=_flag_rows([flags for _, flags in graded]),
        wanted_flags=_flag_rows(wanted_flags),
        policy=policy,
    )


def labels(reports: Sequence[LabelledReport], name: str, codes: Sequence[str]) -> np.ndarray:
    """Labels of all reports for one framework, (passages, codes) bool."""
    return np.vstack([report.wanted(name, codes) for report in reports]) > 0


def _of_framework(
    name: str,
    codes: tuple[str, ...],
    readings: Sequence[Reading],
    reports: Sequence[LabelledReport],
) -> FrameworkPredictions:
    column = {code: k for k, code in enumerate(codes)}
    found = np.zeros((len(readings), len(codes)), np.float32)
    for row, reading in enumerate(readings):
        for match in reading.matches:
            if match.framework == name:
                found[row, column[match.indicator]] = match.probability
    return FrameworkPredictions(name, codes, found, labels(reports, name, codes))


def _flag_rows(said: Sequence[Collection[str]]) -> np.ndarray:
    return np.array([[flag in flags for flag in FLAGS] for flags in said], bool)
