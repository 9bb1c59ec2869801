"""Experts' decisions win over every re-run, as long as the words they rest on still stand.

Pure: a score and decisions in, a score out, in which coverage is worked out anew and
Zejian's own conclusions are kept beside the experts'. Nothing is read or matched again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pipeline.decisions import Decision, check_key
from pipeline.emit.words import CONFIRMED, LEVELS, OVERRULED, STATUS
from pipeline.frameworks import Framework
from pipeline.place import block_at, quote
from pipeline.programmes import Programme
from pipeline.quality import rescored
from pipeline.quoted import Span, Words, fingerprint
from pipeline.records import Document, Evidence, Finding, FindingStatus, Overruled, ReportScore
from pipeline.score import SHOWN, coverage

ACCEPTED = ("disclosed", "needs_expert")
CHOSEN = "专家选定的原文"


@dataclass(frozen=True, slots=True)
class _Report:
    """The report that decisions are held against."""

    document: Document
    words: Words
    score: ReportScore  # Zejian's own


def apply_overrides(
    score: ReportScore,
    document: Document,
    frameworks: Sequence[Framework],
    decisions: Sequence[Decision],
    programme: Programme,
) -> ReportScore:
    """The score as experts decided it.

    A decision stands while its quote is found in the document, wherever it moved; one without
    a quote, while the report is the same file. A decision that something is *not* disclosed
    also falls when another file of the report brings other words for it.

    Args:
        score: Zejian's score, or one that decisions were applied to before: they are undone.
        document: The text the score was made from.
        frameworks: Those of the score, in its order.
        decisions: Those in force, one a subject.
        programme: Weights and bands of the quality score.

    Returns:
        The score; ``overruled`` lists what was applied, what is stale, and what was before.
        Decisions on frameworks that the score does not hold are in neither list.
    """
    own = undone(score, frameworks)
    placed = _placed(own, document, frameworks, decisions)
    applied = [(d, span) for d, span in placed if span is not None]
    by_finding = {(d.framework, d.key): (d, span) for d, span in applied if d.subject == "finding"}
    findings, before = [], []
    for finding in own.findings:
        ruling = by_finding.get((finding.framework, finding.indicator))
        findings.append(_ruled(finding, *ruling, document) if ruling else finding)
        before += [finding] if ruling else []
    changed = _with_findings(own, tuple(findings), frameworks)
    overruled = Overruled(
        decisions=tuple(d for d, _ in applied),
        stale=tuple(d for d, span in placed if span is None),
        findings=tuple(before),
    )
    return _with_facts(changed, overruled, programme)


def fallen(
    score: ReportScore,
    document: Document,
    frameworks: Sequence[Framework],
    decisions: Sequence[Decision],
) -> tuple[Decision, ...]:
    """Decisions that ``apply_overrides`` would find stale; more than one a subject may be given."""
    placed = _placed(undone(score, frameworks), document, frameworks, decisions)
    return tuple(d for d, span in placed if span is None)


def undone(score: ReportScore, frameworks: Sequence[Framework]) -> ReportScore:
    """Zejian's own score, as it was before any decision was applied."""
    given = score.overruled
    own = {(f.framework, f.indicator): f for f in given.findings}
    findings = tuple(own.get((f.framework, f.indicator), f) for f in score.findings)
    facts = score.facts
    if given.checks is not None:
        facts = replace(facts, checks=given.checks)
    if given.quality is not None:
        facts = replace(facts, quality=given.quality)
    back = replace(score, facts=facts, overruled=Overruled())
    return _with_findings(back, findings, frameworks) if own else back


def _with_findings(
    score: ReportScore, findings: tuple[Finding, ...], frameworks: Sequence[Framework]
) -> ReportScore:
    """The score with other findings, and coverage to match."""
    if findings == score.findings:
        return score
    anew = {f.id: coverage(f, findings) for f in frameworks}
    return replace(
        score, findings=findings, coverage=tuple(anew[c.framework] for c in score.coverage)
    )


def _placed(
    own: ReportScore,
    document: Document,
    frameworks: Sequence[Framework],
    decisions: Sequence[Decision],
) -> list[tuple[Decision, Span | None]]:
    """Decisions on what the score holds, each with its place; None where it is stale."""
    report = _Report(document, Words(document.text), own)
    known = {f.id for f in frameworks}
    mine = [d for d in decisions if d.subject != "finding" or d.framework in known]
    return [(d, _place(d, report)) for d in mine]


def _place(one: Decision, report: _Report) -> Span | None:
    """Where a decision's words stand now, (0, 0) if it rests on none; None if it is stale."""
    same_file = one.basis.document == report.document.sha256
    if one.subject == "check":
        return _place_of_check(one, report)
    if one.subject == "quality":
        return (0, 0) if same_file else None
    finding = _finding(report.score, one)
    if finding is None or fingerprint(one.basis.quote) != one.basis.fingerprint:
        return None
    if not one.basis.quote:
        return (0, 0) if same_file else None
    span = report.words.find(one.basis.quote, one.basis.start)
    if span and not same_file and one.status not in ACCEPTED and _other_words(finding, span):
        return None
    return span


def _place_of_check(one: Decision, report: _Report) -> Span | None:
    """A slip that is found no more needs no dismissing; one that was confirmed, a second look."""
    found = any(check_key(check) == one.key for check in report.score.facts.checks)
    return (0, 0) if found or one.status == "dismissed" else None


def _finding(score: ReportScore, one: Decision) -> Finding | None:
    wanted = (one.framework, one.key)
    return next((f for f in score.findings if (f.framework, f.indicator) == wanted), None)


def _other_words(finding: Finding, span: Span) -> bool:
    """Whether Zejian's best evidence is elsewhere than the words that were judged."""
    best = next(iter(finding.evidence), None)
    return best is not None and not (best.start < span[1] and best.end > span[0])


def _ruled(finding: Finding, one: Decision, span: Span, document: Document) -> Finding:
    accepted = one.status in ACCEPTED
    level = int(one.level or 0) if accepted else 0
    shown = finding.evidence or finding.nearest
    chosen = _chosen(shown, span, level, document) if accepted else ()
    rest = tuple(e for e in shown if not _overlaps(e, chosen))
    return replace(
        finding,
        status=cast(FindingStatus, one.status),  # the store takes no other ruling on a finding
        level=level,
        probability=_probability(finding, one),
        evidence=(*chosen, *rest)[:SHOWN] if accepted else (),
        nearest=() if accepted else shown,
        note=_note(finding, one, level),
    )


def _probability(finding: Finding, one: Decision) -> float:
    """An expert's word leaves no doubt, unless the word is that there is one."""
    if one.status in ("needs_expert", "unreadable"):
        return finding.probability
    return 1.0 if one.status == "disclosed" else 0.0


def _chosen(
    shown: Iterable[Evidence], span: Span, level: int, document: Document
) -> tuple[Evidence, ...]:
    """The words the expert chose, as evidence."""
    if span == (0, 0):
        return ()
    place = quote(document, *span)
    known = next((e for e in shown if (e.start, e.end) == (place.start, place.end)), None)
    if known:
        return (replace(known, level=level),)
    return (
        Evidence(
            page=place.page,
            paragraph=place.paragraph,
            start=place.start,
            end=place.end,
            quote=place.quote,
            heading=block_at(document, place.start).path,
            box=place.box,
            probability=1.0,
            level=level,
            flags=(),
            reasons=(CHOSEN,),
        ),
    )


def _overlaps(one: Evidence, chosen: Sequence[Evidence]) -> bool:
    return any(one.start < other.end and one.end > other.start for other in chosen)


def _note(finding: Finding, one: Decision, level: int) -> str:
    same = (one.status, level) == (finding.status, finding.level)
    graded = f"（{LEVELS[finding.level]}）" if finding.status in ACCEPTED else ""
    said = CONFIRMED if same else f"{OVERRULED}，系统原判“{STATUS[finding.status]}”{graded}"
    return f"{said}：{one.why}" if one.why else f"{said}。"


def _with_facts(score: ReportScore, overruled: Overruled, programme: Programme) -> ReportScore:
    """Without the slips that experts dismissed, and with the points they gave."""
    applied = overruled.decisions
    facts = score.facts
    dismissed = {d.key for d in applied if d.subject == "check" and d.status == "dismissed"}
    kept = tuple(check for check in facts.checks if check_key(check) not in dismissed)
    if len(kept) < len(facts.checks):
        overruled = replace(overruled, checks=facts.checks)
        facts = replace(facts, checks=kept)
    points = {d.key: d.level for d in applied if d.subject == "quality" and d.level is not None}
    if points and facts.quality:
        overruled = replace(overruled, quality=facts.quality)
        facts = replace(facts, quality=rescored(facts.quality, points, programme))
    return replace(score, facts=facts, overruled=overruled)
