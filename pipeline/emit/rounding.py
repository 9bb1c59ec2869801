"""Scores as they are written: every file is made from rounded records.

A score read back from its file therefore gives the same bytes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pipeline.facts import (
    Alarm,
    Box,
    Check,
    ConditionResult,
    Copied,
    DimensionScore,
    Facts,
    Figure,
    FigureChange,
    IndexLine,
    Measure,
    Memory,
    Promise,
    Quality,
    QualityFact,
    Quote,
    Shift,
)
from pipeline.records import Coverage, Evidence, Finding, Overruled, ReportScore

DIGITS = 10  # significant digits of a figure: more than any report prints


def rounded(score: ReportScore) -> ReportScore:
    """The score with shares to four decimals, boxes to one, figures to ten digits."""
    return ReportScore(
        submission=score.submission,
        pages=score.pages,
        characters=score.characters,
        passages=score.passages,
        findings=tuple(map(_finding, score.findings)),
        coverage=tuple(map(rounded_coverage, score.coverage)),
        levels=score.levels,
        warnings=score.warnings,
        facts=_facts(score.facts),
        overruled=_overruled(score.overruled),
    )


def rounded_coverage(c: Coverage) -> Coverage:
    """Coverage with four decimals."""
    return Coverage(
        framework=c.framework,
        weighted=_share(c.weighted),
        low=_share(c.low),
        high=_share(c.high),
        depth=_share(c.depth),
        counts=c.counts,
        core=_or_none(c.core),
        extended=_or_none(c.extended),
    )


def rounded_quality(found: Quality) -> Quality:
    """Quality with four decimals, and its quotes' boxes with one."""
    return replace(
        found,
        dimensions=tuple(map(_dimension, found.dimensions)),
        total=_or_none(found.total),
        substance=_share(found.substance),
        boilerplate=_share(found.boilerplate),
        alarms=tuple(map(_alarm, found.alarms)),
    )


def _share(value: float) -> float:
    return round(float(value), 4)


def _or_none(value: float | None) -> float | None:
    return None if value is None else _share(value)


def _number(value: float) -> float:
    return float(f"{float(value):.{DIGITS}g}")


@lru_cache(maxsize=4096)  # evidence of many indicators stands in one place
def _box(box: Box | None) -> Box | None:
    if box is None:
        return None
    x0, top, x1, bottom = box
    return round(float(x0), 1), round(float(top), 1), round(float(x1), 1), round(float(bottom), 1)


def _evidence(e: Evidence) -> Evidence:
    return Evidence(
        page=e.page,
        paragraph=e.paragraph,
        start=e.start,
        end=e.end,
        quote=e.quote,
        heading=e.heading,
        box=_box(e.box),
        probability=_share(e.probability),
        level=e.level,
        flags=e.flags,
        reasons=e.reasons,
    )


def _finding(f: Finding) -> Finding:
    return Finding(
        framework=f.framework,
        indicator=f.indicator,
        name=f.name,
        status=f.status,
        probability=_share(f.probability),
        level=f.level,
        evidence=tuple(map(_evidence, f.evidence)),
        nearest=tuple(map(_evidence, f.nearest)),
        note=f.note,
    )


def _facts(facts: Facts) -> Facts:
    return Facts(
        measures=tuple(map(_measure, facts.measures)),
        checks=tuple(map(_check, facts.checks)),
        quality=facts.quality and rounded_quality(facts.quality),
        index=tuple(map(_index_line, facts.index)),
        conditions=tuple(map(_condition, facts.conditions)),
        themes=tuple(map(_condition, facts.themes)),
        performance=tuple(map(_condition, facts.performance)),
        memory=facts.memory and _memory(facts.memory),
    )


def _overruled(given: Overruled) -> Overruled:
    return replace(
        given,
        findings=tuple(map(_finding, given.findings)),
        checks=None if given.checks is None else tuple(map(_check, given.checks)),
        quality=given.quality and rounded_quality(given.quality),
    )


def _quote(q: Quote) -> Quote:
    return Quote(q.page, q.paragraph, q.start, q.end, q.quote, _box(q.box), q.cell, q.source)


def _quotes(quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    return tuple(map(_quote, quotes))


def _figure(f: Figure) -> Figure:
    return Figure(_number(f.value), f.unit, f.printed, _quote(f.quote))


def _measure(m: Measure) -> Measure:
    compared = tuple((what, _figure(figure)) for what, figure in m.compared)
    return replace(m, figure=_figure(m.figure), compared=compared)


def _check(c: Check) -> Check:
    return replace(c, quotes=_quotes(c.quotes))


def _dimension(d: DimensionScore) -> DimensionScore:
    return DimensionScore(d.dimension, _or_none(d.score), tuple(map(_quality_fact, d.facts)))


def _quality_fact(f: QualityFact) -> QualityFact:
    value, points, weight = _number(f.value), _share(f.points), _share(f.weight)
    return replace(f, value=value, points=points, weight=weight, quotes=_quotes(f.quotes))


def _alarm(a: Alarm) -> Alarm:
    return replace(a, quotes=_quotes(a.quotes))


def _index_line(i: IndexLine) -> IndexLine:
    return replace(i, line=_quote(i.line), found=i.found and _quote(i.found))


def _condition(c: ConditionResult) -> ConditionResult:
    value = None if c.value is None else _number(c.value)
    return replace(c, value=value, quotes=_quotes(c.quotes))


def _memory(m: Memory) -> Memory:
    return replace(
        m,
        shifts=tuple(map(_shift, m.shifts)),
        figures=tuple(map(_figure_change, m.figures)),
        restated=tuple(map(_check, m.restated)),
        promises=tuple(map(_promise, m.promises)),
        copied_share=_share(m.copied_share),
        copied=tuple(map(_copied, m.copied)),
    )


def _shift(s: Shift) -> Shift:
    return replace(s, before=s.before and _quote(s.before), after=s.after and _quote(s.after))


def _figure_change(c: FigureChange) -> FigureChange:
    return FigureChange(c.name, _figure(c.before), _figure(c.after), _or_none(c.change))


def _promise(p: Promise) -> Promise:
    return replace(p, said=_quote(p.said), found=p.found and _quote(p.found))


def _copied(c: Copied) -> Copied:
    return Copied(_quote(c.before), _quote(c.after), _share(c.similarity))
