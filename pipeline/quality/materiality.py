"""实质性: how deeply the topics that a report discloses are told."""

from __future__ import annotations

from pipeline.facts import Quote
from pipeline.quality.report import Found, Report, as_quote, percent
from pipeline.quality.substance import substance
from pipeline.records import Finding

_FOCUS = 0.5  # probability from which a passage speaks of an indicator


def depth(report: Report) -> Found:
    """Mean level of the disclosed indicators, 0-4."""
    levels = [finding.level for finding in report.disclosed]
    return Found(sum(levels) / len(levels) if levels else 0.0)


def quantified(report: Report) -> Found:
    """Share of the disclosed indicators that a figure answers."""
    hits = [f for f in report.disclosed if f.level >= 3]
    return Found(percent(len(hits), len(report.disclosed)), _best(hits))


def focus(report: Report) -> Found:
    """Share of the text that speaks of an indicator."""
    total = on_topic = 0
    for reading in report.readings:
        length = len(reading.passage.text)
        total += length
        if reading.matches and reading.matches[0].probability >= _FOCUS:
            on_topic += length
    return Found(percent(on_topic, total))


def evidenced(report: Report) -> Found:
    """Share of the statements that rest on evidence."""
    return Found(100 * substance(report.readings))


def _best(findings: list[Finding]) -> list[Quote]:
    """The evidence of the highest level, each place once."""
    ranked = sorted(
        (e for f in findings for e in f.evidence), key=lambda e: (-e.level, -e.probability)
    )
    return list({e.start: as_quote(e) for e in ranked}.values())


FACTS = {
    "materiality.depth": depth,
    "materiality.quantified": quantified,
    "materiality.focus": focus,
    "materiality.substance": evidenced,
}
