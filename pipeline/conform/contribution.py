"""Contribution to the UN goals (SDG 贡献), through the crosswalks, for frameworks reviewed.

A goal counts as served where an indicator that the crosswalk ties to it is disclosed with
practice (level 2) or better. The crosswalks are the house's reading, no official mapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from pipeline.conform.words import PRACTICE
from pipeline.facts import ConditionResult, Quote
from pipeline.frameworks import crosswalks, framework
from pipeline.records import Finding

SHOWN = 3
Pair = tuple[str, str]  # framework id, indicator code


def contribution(findings: Sequence[Finding]) -> tuple[ConditionResult, ...]:
    """One result a goal, ``value`` counting the indicators that serve it; 17 in all.

    Empty where no framework reviewed has a way to the goals.
    """
    ties = _ties()
    if not any((f.framework, f.indicator) in ties for f in findings):
        return ()
    served: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.status == "disclosed" and finding.level >= PRACTICE:
            for goal in ties.get((finding.framework, finding.indicator), ()):
                served[goal].append(finding)
    goals = framework("sdg").indicators
    return tuple(_result(goal.code, goal.name, served[goal.code]) for goal in goals)


def _result(code: str, name: str, findings: Sequence[Finding]) -> ConditionResult:
    best = sorted(findings, key=lambda f: (-f.level, -f.probability))[:SHOWN]
    through = "、".join(f"{f.indicator} {f.name}" for f in best)
    return ConditionResult(
        code=code,
        name=f"SDG 贡献—{name}",
        state="met" if findings else "confirm",
        note=f"经由{through}等（对照表为本地整理）。" if findings else "未见相应的具体做法。",
        value=float(len(findings)),
        unit="项",
        quotes=tuple(_quote(f) for f in best if f.evidence),
    )


def _quote(finding: Finding) -> Quote:
    e = finding.evidence[0]
    return Quote(e.page, e.paragraph, e.start, e.end, e.quote, e.box)


@lru_cache
def _ties() -> dict[Pair, frozenset[str]]:
    """Goals of each indicator: by a row that holds both, or through a shared concept."""
    by_concept: dict[str, set[str]] = defaultdict(set)
    rows = [row for crosswalk in crosswalks() for row in crosswalk.rows]
    for row in rows:
        by_concept[row.concept] |= set(row.codes.get("sdg", ()))
    found: dict[Pair, set[str]] = defaultdict(set)
    for row in rows:
        for name, codes in row.codes.items():
            for code in codes if name != "sdg" else ():
                found[name, code] |= by_concept[row.concept]
    return {pair: frozenset(goals) for pair, goals in found.items() if goals}
