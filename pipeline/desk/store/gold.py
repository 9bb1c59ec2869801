"""Decisions as labels: a gold folder for ``zejian evaluate``, and a policy set by experts.

Only reports that both readers have signed count: there, what nobody overruled was agreed to.
An indicator left at 待专家判断 has no answer and is left out where an answer is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.board import readers
from pipeline.desk.store.rights import both_signed, demand
from pipeline.desk.store.rulings import disputes, in_force
from pipeline.emit.files import put
from pipeline.override import apply_overrides, undone
from pipeline.programmes import programme
from pipeline.records import Document, Finding, Passage, ReportScore
from pipeline.reissue import reviewed
from pipeline.score import Policy
from pipeline.segment import segment
from pipeline.train.labelled import FIELDS, UNKNOWN
from pipeline.train.policy import BEST, Decisions, choose

LEAST_REPORTS, LEAST_ANSWERS = 5, 200  # below which thresholds would be chance
ANSWERS = ("disclosed", "not_found")


@dataclass(frozen=True, slots=True)
class Answered:
    """A signed report: its text, Zejian's own conclusions, and the experts'."""

    submission: str
    document: Document
    own: ReportScore
    ruled: ReportScore


def answered(db: Connection, out: Path) -> list[Answered]:
    """Reports that both readers have signed and nobody disputes, as decided.

    Raises:
        pipeline.reissue.ReviewAgain: one of them does not lie in OUT as a review left it.
    """
    names = sorted({one.submission for one in readers(db)})
    signed = [name for name in names if both_signed(db, name) and not disputes(db, name)]
    return [_answered(db, out, name) for name in signed]


def _answered(db: Connection, out: Path, name: str) -> Answered:
    left = reviewed(out, name)
    own = undone(left.score, left.frameworks)
    rules = programme(left.receipt.programme)
    ruled = apply_overrides(own, left.document, left.frameworks, in_force(db, name), rules)
    return Answered(name, left.document, own, ruled)


def write_gold(db: Connection, by: User, to: Path, reports: Sequence[Answered]) -> int:
    """Write one JSONL a report into ``to``, as ``zejian evaluate`` reads it.

    A passage is labelled with an indicator where the words stand that the decision, or the
    finding nobody overruled, rests on; its level is theirs, and unknown for all other passages.

    Returns:
        How many reports were written.
    """
    demand(db, by, "export")
    for number, report in enumerate(reports):
        lines = (json.dumps(line, ensure_ascii=False) for line in _lines(report))
        put(to / f"e{number:03d}.jsonl", ("\n".join(lines) + "\n").encode())
    audit.log(db, by.name, "export", detail=f"gold {len(reports)}")
    return len(reports)


def answers(reports: Sequence[Answered]) -> Decisions:
    """Report x indicator answers of experts beside the probabilities of the best passages."""
    best, disclosed, owner = [], [], []
    for number, report in enumerate(reports):
        for own, ruled in zip(report.own.findings, report.ruled.findings, strict=True):
            if ruled.status in ANSWERS and own.status not in ("not_applicable", "unreadable"):
                best.append(_best(own))
                disclosed.append(ruled.status == "disclosed")
                owner.append(number)
    shape = np.array(best, float).reshape(len(best), BEST)
    return Decisions(shape, np.array(disclosed, bool), np.array(owner, int))


def recalibrated(reports: Sequence[Answered]) -> Policy:
    """The policy that experts' answers speak for: weights, thresholds and measured promise.

    Raises:
        Refused: too few reports or answers, or all answers the same.
    """
    given = answers(reports)
    if len(reports) < LEAST_REPORTS or len(given.disclosed) < LEAST_ANSWERS:
        raise Refused(
            f"须有至少{LEAST_REPORTS}份两位专家均已签署的报告、{LEAST_ANSWERS}项结论，"
            f"现有{len(reports)}份、{len(given.disclosed)}项。"
        )
    if len(set(given.disclosed.tolist())) < 2:
        raise Refused("专家结论全部相同，无法据此调整。")
    return choose(given)


def write_policy(policy: Policy, to: Path) -> None:
    """Write a policy in the form of models/matcher/policy.json."""
    put(to, (json.dumps(asdict(policy), indent=1) + "\n").encode())


def _best(finding: Finding) -> list[float]:
    """Probabilities of the best passages, best first; blanks are 0, as in ``Policy``."""
    shown = [e.probability for e in (finding.evidence or finding.nearest)[:BEST]]
    return shown + [0.0] * (BEST - len(shown))


def _lines(report: Answered) -> Iterator[dict[str, object]]:
    marked = list(_marked(report.ruled))
    for passage in segment(report.document):
        here = [one for one in marked if _in(passage, one.start, one.end)]
        graded = max(((one.by_expert, one.finding.level) for one in here), default=(0, UNKNOWN))
        yield {
            "id": passage.id,
            "heading": "/".join(passage.heading),
            "text": passage.text,
            "level": graded[1],
            "flags": [],
            **{key: _codes(here, name) for name, (key, _) in FIELDS.items()},
        }


@dataclass(frozen=True, slots=True)
class _Mark:
    """The words that a disclosed finding rests on; an expert's level counts before Zejian's."""

    finding: Finding
    start: int
    end: int
    by_expert: bool


def _marked(score: ReportScore) -> Iterator[_Mark]:
    decided = {(d.framework, d.key) for d in score.overruled.decisions}
    for f in score.findings:
        if f.status == "disclosed" and f.framework in FIELDS and f.evidence:
            best = f.evidence[0]
            yield _Mark(f, best.start, best.end, (f.framework, f.indicator) in decided)


def _in(passage: Passage, start: int, end: int) -> bool:
    return passage.start < end and passage.end > start


def _codes(marks: Sequence[_Mark], framework: str) -> list[str]:
    prefix = FIELDS[framework][1]
    mine = (m.finding for m in marks if m.finding.framework == framework)
    return sorted({f.indicator.removeprefix(prefix) for f in mine})
