"""Score a report: findings with evidence, and coverage with its interval.

Per report and indicator, the probabilities of the best passages are joined into the
probability that the report discloses the indicator; a policy with two thresholds decides
what is accepted, what is rejected and what an expert must look at.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from pipeline.frameworks import Framework, Indicator
from pipeline.place import quote
from pipeline.records import (
    Coverage,
    Document,
    Evidence,
    Finding,
    FindingStatus,
    Match,
    Reading,
    ReportScore,
    Submission,
)

STATUSES: tuple[FindingStatus, ...] = (
    "disclosed",
    "needs_expert",
    "not_found",
    "unreadable",
    "not_applicable",
)
SHOWN = 3  # pieces of evidence a reviewer is given per finding
UNREADABLE_SHARE = 0.2  # above this share of unread pages, absence proves nothing
OCR_REASON = "文字由图像识别得到"
FLOOR = 0.001  # no passage proves or refutes a disclosure
Z90 = 1.645  # two-sided 90 % normal quantile


@dataclass(frozen=True, slots=True)
class Policy:
    """How probabilities become decisions; chosen on labelled reports, see models/.

    Attributes:
        weights: Logistic weights over the logits of the three best passages.
        bias: Logistic bias.
        accept: Least probability accepted as disclosed without an expert.
        reject: Greatest probability taken as not found without an expert.
        promise: Measured precision of the automatic decisions, with its interval (0-1).
    """

    weights: tuple[float, float, float] = (1.0, 0.15, 0.05)
    bias: float = 0.3
    accept: float = 0.7
    reject: float = 0.2
    promise: tuple[float, float, float] | None = None

    def report_probability(self, best: Sequence[float]) -> float:
        """Probability that a report discloses an indicator, from its passages' best first."""
        padded = (*best[:3], *[0.0] * (3 - len(best[:3])))
        inside = (min(max(p, FLOOR), 1 - FLOOR) for p in padded)
        odds = (math.log(p / (1 - p)) for p in inside)  # numpy is slow on three numbers
        z = self.bias + sum(w * x for w, x in zip(self.weights, odds, strict=True))
        return 1 / (1 + math.exp(-z))

    def status(self, probability: float) -> FindingStatus:
        """The automatic decision at that probability."""
        if probability >= self.accept:
            return "disclosed"
        return "not_found" if probability <= self.reject else "needs_expert"


def logit(probabilities: Sequence[float] | np.ndarray, floor: float = FLOOR) -> np.ndarray:
    """Log odds, with probabilities kept off 0 and 1 by ``floor``."""
    p = np.clip(np.asarray(probabilities, float), floor, 1 - floor)
    return np.log(p / (1 - p))


def score(
    submission: Submission,
    document: Document,
    readings: Sequence[Reading],
    frameworks: Sequence[Framework],
    policy: Policy | None = None,
) -> ReportScore:
    """Conclude on every indicator of every framework for one report.

    Args:
        submission: The report's registration; its year tells which codes are in use.
        document: The text that the evidence is quoted from.
        readings: The matcher's reading of every passage, in document order.
        frameworks: Frameworks to report on, in the order of the sheet.
        policy: Thresholds; None takes the cautious defaults.
    """
    policy = policy or Policy()
    hits, evidence = _by_indicator(readings), _pointing(document)
    unread = _unread_share(document)
    findings = tuple(
        _finding(submission, framework, indicator, hits, policy, evidence, unread)
        for framework in frameworks
        for indicator in framework.indicators
    )
    levels = Counter(reading.level for reading in readings)
    return ReportScore(
        submission=submission,
        pages=len(document.pages),
        characters=len(document.text),
        passages=len(readings),
        findings=findings,
        coverage=tuple(coverage(framework, findings) for framework in frameworks),
        levels=(levels[0], levels[1], levels[2], levels[3], levels[4]),
        warnings=document.warnings,
    )


Hits = dict[tuple[str, str], list[tuple[Match, Reading]]]


def _by_indicator(readings: Iterable[Reading]) -> Hits:
    """Matches of the report by (framework, indicator), best first, ties in reading order."""
    hits: Hits = defaultdict(list)
    for reading in readings:
        for match in reading.matches:
            hits[match.framework, match.indicator].append((match, reading))
    for pairs in hits.values():
        pairs.sort(key=lambda pair: -pair[0].probability)
    return hits


def _finding(
    submission: Submission,
    framework: Framework,
    indicator: Indicator,
    hits: Hits,
    policy: Policy,
    evidence: Callable[[Match, Reading], Evidence],
    unread: float,
) -> Finding:
    if not indicator.years.hold(submission.registration.year):
        return _not_applicable(framework, indicator)
    pairs = hits.get((framework.id, indicator.code), [])
    probability = policy.report_probability([match.probability for match, _ in pairs])
    shown = tuple(evidence(match, reading) for match, reading in pairs[:SHOWN])
    status = _status(policy.status(probability), shown, unread)
    accepted = status in ("disclosed", "needs_expert")
    return Finding(
        framework=framework.id,
        indicator=indicator.code,
        name=indicator.name,
        status=status,
        probability=round(probability, 4),
        level=_level(shown) if accepted else 0,
        evidence=shown if accepted else (),
        nearest=() if accepted else shown,
    )


def _status(decided: FindingStatus, shown: Sequence[Evidence], unread: float) -> FindingStatus:
    """Absence proves nothing where pages went unread, nor do words that tell nothing (level 0)."""
    if decided == "not_found" and unread > UNREADABLE_SHARE:
        return "unreadable"
    if decided == "disclosed" and not _level(shown):
        return "needs_expert"
    return decided


def _not_applicable(framework: Framework, indicator: Indicator) -> Finding:
    first, last = indicator.years.first, indicator.years.last
    span = f"{first or ''}—{last or ''}"
    return Finding(
        framework.id,
        indicator.code,
        indicator.name,
        "not_applicable",
        0.0,
        0,
        (),
        note=f"该编号只用于报告年度 {span}，本报告不适用。",
    )


def _unread_share(document: Document) -> float:
    unread = sum(not page.readable for page in document.pages)
    return unread / len(document.pages) if document.pages else 0.0


def _level(evidence: Sequence[Evidence]) -> int:
    """The highest level among evidence nearly as probable as the best."""
    if not evidence:
        return 0
    floor = evidence[0].probability * 0.8
    return max(e.level for e in evidence if e.probability >= floor)


def _pointing(document: Document) -> Callable[[Match, Reading], Evidence]:
    """Makes evidence of this report; where a passage stands is found once for all indicators."""
    place = cache(partial(quote, document))
    read_off = {page.number for page in document.pages if page.ocr}

    def evidence(match: Match, reading: Reading) -> Evidence:
        passage = reading.passage
        where = place(passage.start, passage.end)
        # An expert should know it of a page before quoting it.
        caveats = (OCR_REASON,) if where.page in read_off else ()
        return Evidence(
            page=where.page,
            paragraph=passage.paragraph,
            start=where.start,
            end=where.end,
            quote=where.quote,
            heading=passage.heading,
            box=where.box,
            probability=round(match.probability, 4),
            level=reading.level,
            flags=reading.flags,
            reasons=(*match.reasons, *caveats),
        )

    return evidence


def coverage(framework: Framework, findings: Sequence[Finding]) -> Coverage:
    """Weighted share disclosed; interval by normal approximation of the Poisson binomial.

    Args:
        framework: Weights, and which indicators are core.
        findings: Of a report; those of other frameworks are passed over.
    """
    weight = {i.code: i.weight for i in framework.indicators}
    basis = {i.code: i.basis for i in framework.indicators}
    mine = [f for f in findings if f.framework == framework.id]
    veto = framework.veto_codes()  # flags for an expert: a violation averages with nothing
    applicable = [f for f in mine if f.status != "not_applicable" and f.indicator not in veto]
    total = sum(weight[f.indicator] for f in applicable) or 1.0
    share = sum(weight[f.indicator] for f in applicable if f.status == "disclosed") / total
    mean = sum(weight[f.indicator] * f.probability for f in applicable) / total
    variance = sum(
        weight[f.indicator] ** 2 * f.probability * (1 - f.probability) for f in applicable
    )
    spread = Z90 * math.sqrt(variance) / total
    counts = Counter(f.status for f in mine)
    disclosed = [f.level for f in applicable if f.status == "disclosed"]
    return Coverage(
        framework=framework.id,
        weighted=round(share, 4),
        low=round(max(0.0, min(share, mean - spread)), 4),
        high=round(min(1.0, max(share, mean + spread)), 4),
        depth=round(sum(disclosed) / len(disclosed), 4) if disclosed else 0.0,
        counts=tuple((status, counts[status]) for status in STATUSES),
        core=_basis_share(applicable, basis, "core"),
        extended=_basis_share(applicable, basis, "extended"),
    )


def _basis_share(
    findings: Sequence[Finding], basis: Mapping[str, str | None], which: str
) -> float | None:
    mine = [f for f in findings if basis[f.indicator] == which]
    return round(sum(f.status == "disclosed" for f in mine) / len(mine), 4) if mine else None
