"""What is missing, each matter once, that of most weight first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.frameworks import Framework, Indicator
from pipeline.letter.concepts import concepts
from pipeline.letter.records import Ask, Suggestion
from pipeline.letter.words import advice, further, nearby
from pipeline.programmes import Programme
from pipeline.quality.report import as_quote
from pipeline.records import Finding, ReportScore

NEAR = 0.08  # probability from which what comes nearest is worth building on


@dataclass(frozen=True, slots=True)
class _Item:
    finding: Finding
    indicator: Indicator
    framework: Framework
    told: bool  # in the report, or for an expert to say


def missing(
    score: ReportScore, frameworks: Sequence[Framework], programme: Programme
) -> list[Suggestion]:
    """Suggestions for what was searched for and not found; veto items are no gap.

    Order: what concerns everybody first; then by weight; then what the year's themes speak
    of; then the programme's order of guidelines. The
    weight adds up, over the guidelines that miss it, the heaviest indicator of each (a core
    one twice, one of a draft half), less the share of guidelines that are answered.
    """
    groups: dict[str, list[_Item]] = {}
    ordered = in_order(frameworks, programme)
    named = concepts(ordered)
    for item in _items(score, ordered):
        place = (item.finding.framework, item.finding.indicator)
        groups.setdefault(named[place], []).append(item)
    cues = {cue for theme in programme.themes for cue in theme.cues}
    found = [(_suggestion(key, group), _themed(group, cues)) for key, group in groups.items()]
    asked = [(one, themed) for one, themed in found if one]
    asked.sort(key=lambda pair: (bool(pair[0].only), -pair[0].weight, not pair[1]))
    return [one for one, _ in asked]


def in_order(frameworks: Sequence[Framework], programme: Programme) -> list[Framework]:
    """Frameworks as the notice lists them, others after."""
    rank = {name: n for n, name in enumerate(programme.framework_ids())}
    return sorted(frameworks, key=lambda one: rank.get(one.id, len(rank)))


def _themed(group: Sequence[_Item], cues: set[str]) -> bool:
    """Whether the year's themes speak of it."""
    return any(cue in one for item in group for one in item.indicator.cues for cue in cues)


def _items(score: ReportScore, frameworks: Sequence[Framework]) -> list[_Item]:
    """Findings that count, in the order of the guidelines."""
    found = {(f.framework, f.indicator): f for f in score.findings}
    return [
        _Item(finding, one, guide, finding.status != "not_found")
        for guide in frameworks
        for one in guide.indicators
        if one.code not in guide.veto_codes()
        and (finding := found.get((guide.id, one.code)))
        and finding.status != "not_applicable"
    ]


def _suggestion(key: str, group: Sequence[_Item]) -> Suggestion | None:
    gaps = [item for item in group if not item.told]
    if not gaps:
        return None
    lead, nearest = gaps[0], [n for item in gaps for n in item.finding.nearest]
    best = max(nearest, key=lambda one: one.probability, default=None)
    near = as_quote(best) if best else None
    hint = nearby(near) if near and best and best.probability >= NEAR else ""
    return Suggestion(
        id=f"missing.{key}",
        kind="missing",
        title=lead.indicator.name,
        text=_text(group, gaps) + hint,
        asks=tuple(_ask(item) for item in gaps),
        quotes=(near,) if near else (),
        weight=_weight(group, gaps),
        only=lead.indicator.applies_to,
    )


def _text(group: Sequence[_Item], gaps: Sequence[_Item]) -> str:
    if group[0].told and len(gaps) > 1:
        return further(list(dict.fromkeys(item.indicator.name for item in _single(group, gaps))))
    return advice(gaps[0].indicator)


def _single(group: Sequence[_Item], gaps: Sequence[_Item]) -> Sequence[_Item]:
    """Single items, where there are any: not the name of the whole issue in another guideline."""
    held = Counter(item.framework.id for item in group)
    return [item for item in gaps if held[item.framework.id] > 1] or gaps


def _ask(item: _Item) -> Ask:
    return Ask(item.framework.id, item.indicator.code, item.indicator.name, item.framework.short)


def _weight(group: Sequence[_Item], gaps: Sequence[_Item]) -> float:
    heaviest: dict[str, float] = {}
    for item in gaps:
        name = item.framework.id
        heaviest[name] = max(heaviest.get(name, 0.0), _heft(item))
    asking = {item.framework.id for item in group}
    told = {item.framework.id for item in group if item.told}
    return round(sum(heaviest.values()) * (1 - len(told) / (len(asking) + 1)), 4)


def _heft(item: _Item) -> float:
    one = item.indicator
    return one.weight * (2 if one.basis == "core" else 1) * (0.5 if item.framework.draft else 1)
