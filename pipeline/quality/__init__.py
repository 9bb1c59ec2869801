"""Quality of a report (报告质量): dimensions scored from facts that anyone can look up.

Facts come with the words they rest on; weights and curves are the house's own and lie in
data/quality.yaml, the weights of the dimensions and the star bands in the programme file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from pipeline.facts import Dimension, DimensionScore, IndexLine, Measure, Quality, QualityFact
from pipeline.programmes import Programme
from pipeline.quality import (
    accessibility,
    balance,
    comparability,
    completeness,
    materiality,
    readability,
)
from pipeline.quality.alarms import alarms
from pipeline.quality.items import items
from pipeline.quality.report import Found, Report, read_report
from pipeline.quality.rules import Rule, rules
from pipeline.quality.substance import boilerplate, substance
from pipeline.records import Document, Reading, ReportScore

__all__ = ["EXPERT", "quality", "rescored"]

EXPERT = "待专家评定"  # the band where the facts do not suffice
_LEAST = 75  # percent of the programme's weights that must be scored for a total
_MEASURED: dict[str, Callable[[Report], Found]] = {
    **materiality.FACTS,
    **completeness.FACTS,
    **balance.FACTS,
    **comparability.FACTS,
    **readability.FACTS,
    **accessibility.FACTS,
}


def quality(
    document: Document,
    readings: Sequence[Reading],
    score: ReportScore,
    measures: tuple[Measure, ...],
    index: tuple[IndexLine, ...],
    programme: Programme,
) -> Quality:
    """Score a report on the eight dimensions.

    Args:
        document: The report.
        readings: The matcher's reading of its passages.
        score: Findings and coverage.
        measures: Its performance figures.
        index: Lines of its content index: they promise, so they prove nothing.
        programme: Weights of the dimensions and star bands.

    Returns:
        Every dimension with its facts; 创新性 has evidence only, for the expert. ``total`` is
        None and ``band`` "待专家评定" where too little could be scored.
    """
    report = read_report(document, readings, score, measures, index)
    dimensions = tuple(_dimension(one, report) for one in get_args(Dimension))
    total = _total(dimensions, programme)
    return Quality(
        dimensions=dimensions,
        total=total,
        band=_band(total, programme),
        substance=round(substance(readings), 4),
        boilerplate=round(boilerplate(report.told), 4),
        alarms=alarms(report.negatives, score.findings),
        local=programme.quality.local,
    )


def rescored(given: Quality, points: Mapping[str, float], programme: Programme) -> Quality:
    """A quality score with the points that experts gave, and its sums to match.

    Args:
        given: Zejian's own.
        points: 0-100 by the code of a fact, or by dimension: that is then the dimension's score.
        programme: Weights of the dimensions and star bands.
    """
    dimensions = tuple(_rescored(one, points) for one in given.dimensions)
    total = _total(dimensions, programme)
    return replace(given, dimensions=dimensions, total=total, band=_band(total, programme))


def _rescored(one: DimensionScore, points: Mapping[str, float]) -> DimensionScore:
    facts = tuple(replace(f, points=points.get(f.code, f.points)) for f in one.facts)
    if one.dimension in points:
        return DimensionScore(one.dimension, points[one.dimension], facts)
    changed = any(f.code in points for f in one.facts)
    return DimensionScore(one.dimension, _score(facts) if changed else one.score, facts)


def _dimension(dimension: Dimension, report: Report) -> DimensionScore:
    found = [(rule, _found(rule, report)) for rule in rules().dimensions[dimension]]
    facts = tuple(
        rule.fact(dimension, fact.value, fact.quotes, fact.note)
        for rule, fact in found
        if fact.value is not None
    )
    return DimensionScore(dimension, _score(facts) if report.told.statements else None, facts)


def _found(rule: Rule, report: Report) -> Found:
    return items(report, rule) if rule.items else _MEASURED[rule.code](report)


def _score(facts: Sequence[QualityFact]) -> float | None:
    """Weighted mean of the points; None where the facts that could be had weigh too little."""
    weight = sum(fact.weight for fact in facts)
    if weight < rules().least_weight:
        return None
    return round(sum(fact.weight * fact.points for fact in facts) / weight, 1)


def _total(dimensions: Sequence[DimensionScore], programme: Programme) -> float | None:
    """Mean by the programme's weights over the dimensions that are scored."""
    scores = {one.dimension: one.score for one in dimensions if one.score is not None}
    weights = {w.dimension: w.percent for w in programme.quality.weights if w.dimension in scores}
    whole = sum(weights.values())
    if whole < _LEAST:
        return None
    return round(sum(scores[name] * share for name, share in weights.items()) / whole, 1)


def _band(total: float | None, programme: Programme) -> str:
    if total is None:
        return EXPERT
    return next(band.level for band in programme.quality.bands if total >= band.floor)
