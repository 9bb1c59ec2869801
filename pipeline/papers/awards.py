"""Candidates for awards: a shortlist with reasons, for people to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.papers.records import Candidate, Entry, Reason
from pipeline.papers.rules import Award, awards
from pipeline.quality.report import as_quote
from pipeline.records import Evidence, ReportScore

PRACTICE = 2  # level from which words tell of what was done
_HOLLOW = {"neg", "target"}  # denied, or promised only
CUES = 3  # different cues beyond which more say no more


def reasons(score: ReportScore) -> tuple[tuple[str, tuple[Reason, ...]], ...]:
    """The best reasons of a report for each award, in the order of data/awards.yaml.

    Rows of tables are none: without their heads they tell a reader nothing.
    """
    told = [
        one
        for finding in score.findings
        if finding.status == "disclosed"
        for one in finding.evidence
        if one.level >= PRACTICE and not _HOLLOW & set(one.flags) and "\t" not in one.quote
    ]
    places = {(one.start, one.end): one for one in told}
    return tuple((award.name, _best(award, places.values())) for award in awards().awards)


def shortlist(entries: Sequence[Entry]) -> tuple[Candidate, ...]:
    """Award by award the entries with most points, equal ones by name; alarms bar nobody."""
    rules = awards()
    found: list[Candidate] = []
    for award in rules.awards:
        told = [(one, dict(one.reasons).get(award.name, ())) for one in entries]
        able = [
            Candidate(award.name, one, points(why), why)
            for one, why in told
            if len(why) >= rules.least
        ]
        able.sort(key=lambda one: (-one.points, one.entry.company))
        found += able[: rules.shortlist]
    return tuple(found)


def points(why: Iterable[Reason]) -> float:
    """Level of each reason, and half a point a cue."""
    return sum(one.level + 0.5 * min(len(one.cues), CUES) for one in why)


def _best(award: Award, evidence: Iterable[Evidence]) -> tuple[Reason, ...]:
    held = (Reason(as_quote(one), one.level, _cues(award, one.quote)) for one in evidence)
    able = sorted(
        (one for one in held if one.cues), key=lambda one: (-points([one]), one.quote.start)
    )
    chosen: list[Reason] = []
    for one in able:
        if all(one.quote.start >= k.quote.end or one.quote.end <= k.quote.start for k in chosen):
            chosen.append(one)
    return tuple(chosen[: awards().reasons])


def _cues(award: Award, text: str) -> tuple[str, ...]:
    return tuple(cue for cue in award.cues if cue in text)
