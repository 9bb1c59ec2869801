"""What the report does well, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.facts import Alarm, Check, Quote
from pipeline.frameworks import Framework
from pipeline.letter.concepts import concepts
from pipeline.letter.records import Ask, Suggestion
from pipeline.letter.words import TOLD
from pipeline.programmes import Programme
from pipeline.quality.report import as_quote
from pipeline.records import Evidence, Finding, ReportScore

SHORTEST, LONGEST = 20, 120  # characters of a quote that reads well in a letter
PRACTICE, FIGURES = 2, 3  # levels: from which a disclosure is a strength, and is told in figures
_SENTENCE = re.compile(r"(?!(?!20\d\d)\d|[，。；、）])[^\t\n]*[。！]”?")  # begun and ended

_DATE = re.compile(r"\d+\s*年度?|\d+\s*月|\d+\s*日|(?<!\d)\d{1,2}·\d{1,2}(?!\d)")


def strengths(
    score: ReportScore, frameworks: Sequence[Framework], programme: Programme
) -> list[Suggestion]:
    """The best disclosures, one a concept and a paragraph: figures first, then the surest.

    Nothing that an alarm or a check speaks of is praised, nor what the passage negates.
    """
    order = {name: n for n, name in enumerate(programme.framework_ids())}
    named, blamed = concepts(frameworks), _blamed(score)
    told = [pair for pair in _told(score, frameworks) if not _overlaps(pair[1], blamed)]
    told.sort(key=lambda pair: (*_rank(pair[1]), order.get(pair[0].framework, len(order))))
    shorts = {one.id: one.short for one in frameworks}
    found: dict[str, Suggestion] = {}
    seen: set[object] = set()
    for finding, best in told:
        key = named.get((finding.framework, finding.indicator), finding.name)
        if key not in found and not seen & {best.paragraph, best.quote}:
            seen |= {best.paragraph, best.quote}
            found[key] = _suggestion(key, finding, best, shorts[finding.framework])
    return list(found.values())


def _rank(one: Evidence) -> tuple[float, ...]:
    """Figures before practice; then the surer by tenths; then the higher level."""
    return (
        -min(_shown_level(one), FIGURES),
        -round(one.probability, 1),
        -one.level,
        -one.probability,
    )


def _told(
    score: ReportScore, frameworks: Sequence[Framework]
) -> Iterator[tuple[Finding, Evidence]]:
    veto = {(one.id, code) for one in frameworks for code in one.veto_codes()}
    known = {one.id for one in frameworks}
    for finding in score.findings:
        place = (finding.framework, finding.indicator)
        if finding.status == "disclosed" and place not in veto and finding.framework in known:
            yield from ((finding, one) for one in finding.evidence[:1] if _reads_well(one))


def _reads_well(evidence: Evidence) -> bool:
    return (
        evidence.level >= PRACTICE
        and "neg" not in evidence.flags
        and SHORTEST <= len(evidence.quote) <= LONGEST
        and _SENTENCE.fullmatch(evidence.quote.strip()) is not None
    )


def _shown_level(one: Evidence) -> int:
    """Its level; no more than practice where the words hold no figure but dates."""
    bare = _DATE.sub("", one.quote)
    return one.level if any(c.isdigit() for c in bare) else PRACTICE


def _blamed(score: ReportScore) -> list[Quote]:
    alarms = score.facts.quality.alarms if score.facts.quality else ()
    facts: tuple[Alarm | Check, ...] = (*alarms, *score.facts.checks)
    return [quote for one in facts for quote in one.quotes if quote.source == "report"]


def _overlaps(evidence: Evidence, quotes: Sequence[Quote]) -> bool:
    return any(one.start < evidence.end and evidence.start < one.end for one in quotes)


def _suggestion(key: str, finding: Finding, best: Evidence, short: str) -> Suggestion:
    return Suggestion(
        id=f"strength.{key}",
        kind="strength",
        title=finding.name,
        text=f"{TOLD[_shown_level(best)]}。",
        asks=(Ask(finding.framework, finding.indicator, finding.name, short),),
        quotes=(as_quote(best),),
    )
