"""What the year's papers are made of: one entry a report, and what is told of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.facts import ConditionResult, Quote
from pipeline.records import FileStatus, Submission

Verdict = Literal["ready", "confirm", "unread", "absent"]  # 条件均已见, 待确认, 未能读取, 未收到


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of one company for the bulletin: value in the unit shown, and its place."""

    company: str
    name: str
    value: float
    printed: str
    quote: Quote
    plausible: bool = True  # within the limits of data/bulletin.yaml


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of a report that speak for an award."""

    quote: Quote
    level: int  # 2-4
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the papers keep of one report; small, so that a whole year fits in memory."""

    submission: Submission
    status: FileStatus
    conditions: tuple[ConditionResult, ...] = ()
    alarms: tuple[str, ...] = ()  # their names
    contradictions: int = 0
    total: float | None = None  # quality, 0-100
    band: str = ""
    coverage: tuple[tuple[str, float], ...] = ()  # (framework, weighted share)
    figures: tuple[Told, ...] = ()
    grade: tuple[str, Quote] | None = None
    reasons: tuple[tuple[str, tuple[Reason, ...]], ...] = ()  # (award, best first)
    fault: str = ""  # Chinese; why it was not read, or only in part

    @property
    def company(self) -> str:
        """The company, or the file where nobody knows whose it is."""
        return self.submission.registration.company or self.submission.file

    @property
    def arrived(self) -> bool:
        """Whether a file came; some register and send none."""
        return bool(self.submission.sha256)

    @property
    def year(self) -> int | None:
        """Year reported on."""
        return self.submission.registration.year


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure of the cohort.

    Attributes:
        name: What is told.
        unit: Of the values.
        how: sum or mean; what ``value`` is.
        value: Sum or mean; None for fewer than three companies.
        median: Likewise.
        form: Companies whose form tells it.
        report: Companies whose report tells it, the form not.
        left_out: Figures beyond the limits, not counted in.
        cohort: Companies in the cohort.
        digits: Decimals worth showing.
    """

    name: str
    unit: str
    how: Literal["sum", "mean"]
    value: float | None
    median: float | None
    form: int
    report: int
    left_out: int
    cohort: int
    digits: int = 1

    @property
    def n(self) -> int:
        """Companies that the value rests on."""
        return self.form + self.report


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the committee list."""

    entry: Entry
    verdict: Verdict
    met: tuple[str, ...]  # codes of the conditions seen to be met
    open: tuple[str, ...]  # what to confirm, each with why


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company on an award's shortlist, and why."""

    award: str
    entry: Entry
    points: float
    reasons: tuple[Reason, ...]
