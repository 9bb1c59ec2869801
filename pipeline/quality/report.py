"""All that the dimensions judge by, read once; and what one fact amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts import IndexLine, Measure, Quote
from pipeline.quality.negative import Negatives, negatives, veto_items
from pipeline.quality.told import Told
from pipeline.records import Document, Evidence, Finding, Reading, ReportScore


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the stages before concluded on it."""

    document: Document
    readings: Sequence[Reading]
    score: ReportScore
    measures: tuple[Measure, ...]
    index: tuple[IndexLine, ...]
    told: Told
    negatives: Negatives

    @property
    def disclosed(self) -> list[Finding]:
        """Findings accepted as disclosed, over all frameworks; veto items are none of them."""
        return [f for f in self.findings if f.status == "disclosed"]

    @property
    def findings(self) -> list[Finding]:
        """Findings that may be averaged: applicable, and no veto items."""
        veto = veto_items()
        applicable = (f for f in self.score.findings if f.status != "not_applicable")
        return [f for f in applicable if f.indicator not in veto]

    @property
    def readable(self) -> float | None:
        """Share (0-1) of pages with text; None where the format knows no pages."""
        pages = self.document.pages
        return sum(page.readable for page in pages) / len(pages) if pages else None


@dataclass(frozen=True, slots=True)
class Found:
    """The value of one fact; None where it cannot be had from this file."""

    value: float | None
    quotes: Sequence[Quote] = ()
    note: str = ""


def read_report(
    document: Document,
    readings: Sequence[Reading],
    score: ReportScore,
    measures: tuple[Measure, ...],
    index: tuple[IndexLine, ...],
) -> Report:
    """Gather it; finds the negative facts."""
    told = Told(document, readings, index)
    found = negatives(told, measures)
    return Report(document, readings, score, measures, index, told, found)


def as_quote(evidence: Evidence) -> Quote:
    """Evidence of a finding as a quote."""
    return Quote(
        page=evidence.page,
        paragraph=evidence.paragraph,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        box=evidence.box,
    )


def percent(part: float, whole: float) -> float:
    """Part of the whole in per cent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0
