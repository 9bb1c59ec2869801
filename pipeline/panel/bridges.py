"""Frameworks that changed edition or numbering, bridged by crosswalks and aliases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from pipeline.frameworks import Alias, CrosswalkRow, crosswalks, framework
from pipeline.records import Finding

# Best first: what several indicators say of one concept.
_ORDER = ("disclosed", "needs_expert", "not_found", "unreadable", "not_applicable")


@cache
def codes_then(guide: str, year: int | None) -> dict[str, str]:
    """Codes that reports of ``year`` call indicators by, where other than today's: new to old.

    An indicator that was several has them all, joined by ；. Empty for a framework of the user's
    own and for a year that is not known.
    """
    try:
        indicators = framework(guide).indicators if year else ()
    except KeyError:
        return {}
    found = {}
    for one in indicators:
        old = [a.code for a in one.aliases if _bounded(a) and a.years.hold(year)]
        if old:
            found[one.code] = "；".join(old)
    return found


def concept_rows(findings: Sequence[Finding]) -> Iterator[tuple[object, ...]]:
    """Rows of ``concepts``: each by the newest edition that the report was reviewed with."""
    known = {(one.framework, one.indicator): one for one in findings}
    reviewed = {one.framework for one in findings}
    for name, editions, rows in _versions():
        if reviewed.isdisjoint(editions):
            continue
        for row in rows:
            guide = next((e for e in editions if e in reviewed and row.codes.get(e)), None)
            if guide is None:
                continue
            found = [known[guide, code] for code in row.codes[guide] if (guide, code) in known]
            if found:
                told = "；".join(one.indicator for one in found)
                best = min(_ORDER.index(one.status) for one in found)
                level = max(one.level for one in found)
                odds = max(one.probability for one in found)
                rest = (_ORDER[best], level, odds, guide != editions[0])
                yield (name, row.concept, guide, told, *rest)


@lru_cache
def _versions() -> tuple[tuple[str, tuple[str, ...], tuple[CrosswalkRow, ...]], ...]:
    """Crosswalks between editions of one framework, newest edition first."""
    found = []
    for one in crosswalks():
        if one.id.endswith("_versions"):
            guides = {name for row in one.rows for name in row.codes}
            editions = sorted(guides, key=lambda g: (framework(g).year or 0, g), reverse=True)
            found.append((one.id, tuple(editions), one.rows))
    return tuple(found)


def _bounded(alias: Alias) -> bool:
    return alias.years.last is not None  # without an end it is a second code, not an old one
