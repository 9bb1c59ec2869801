"""The lists beside a report: which conclusions, in which order, and each one's line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.desk.cards import DOUBT, STALE, Card, Subject, card, fact_cards
from pipeline.desk.notes import LISTS, noted
from pipeline.desk.shelf import NotThere, Report
from pipeline.emit import words
from pipeline.emit.escape import clean
from pipeline.records import Finding

FACTS = {"check": "核查", "quality": "质量", **LISTS}  # lists besides the frameworks'


GONE = "上一版报告中的一项"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list."""

    key: str
    anchor: str
    name: str
    code: str
    label: str
    tone: str
    said: str = ""  # what the reader decided
    stale: bool = False


_ORDER = {"needs_expert": 0, "unreadable": 1, "disclosed": 2, "not_found": 3, "not_applicable": 4}


def listed(report: Report, chosen: str, stale: Iterable[Subject] = ()) -> list[Subject]:
    """Subjects of a list, doubtful ones first, those nearest to even odds before others.

    Args:
        report: The report.
        chosen: A framework's id, ``doubt``, ``stale``, ``check``, ``quality`` or one of LISTS.
        stale: What a second look is wanted at.
    """
    if chosen == STALE:
        return list(stale)
    if chosen in FACTS:
        return list(_cards(report, chosen))
    found = [
        f
        for f in report.score.findings
        if f.framework == chosen or (chosen == DOUBT and f.status == "needs_expert")
    ]
    found.sort(key=lambda f: (_ORDER[f.status], _evenness(f)))  # stable: else as in the sheet
    return [Subject("finding", f.framework, f.indicator) for f in found]


def card_of(report: Report, of: Subject) -> Card:
    """The card of any subject; NotThere if the report has no such conclusion."""
    if of.kind == "finding":
        return card(report, of)
    found = _cards(report, of.kind).get(of)
    if found is None:
        raise NotThere(of.key)
    return found


def _cards(report: Report, kind: str) -> dict[Subject, Card]:
    """The cards of a kind of facts, in their order; worked out once for a report."""
    if kind not in report.kept:
        told = noted(report, kind) if kind in LISTS else fact_cards(report, kind)
        report.kept[kind] = {one.subject: one for one in told}
    found: dict[Subject, Card] = report.kept[kind]
    return found


def _evenness(finding: Finding) -> float:
    return abs(finding.probability - 0.5) if finding.status == "needs_expert" else 0.0


def item(report: Report, of: Subject, said: str = "", stale: bool = False) -> Item:
    """The line of a subject."""
    if of.kind == "finding":
        finding = report.findings.get((of.framework, of.code))
        name, status = (finding.name, finding.status) if finding else (of.code, "not_found")
        label = words.STATUS[status]
        return Item(of.key, of.anchor, clean(name), clean(of.code), label, status, said, stale)
    shown = _cards(report, of.kind).get(of)
    if shown is None:  # decided on in an earlier version of the report
        return Item(of.key, of.anchor, GONE, clean(of.code), "已不再出现", "missing", said, stale)
    return Item(of.key, of.anchor, shown.name, shown.heading, shown.badge, shown.tone, said, stale)


def choices(report: Report, stale: int) -> list[tuple[str, str]]:
    """The lists one can choose: (value, label with how many wait)."""
    doubts = [f.framework for f in report.score.findings if f.status == "needs_expert"]
    found = [(DOUBT, f"全部待判断（{len(doubts)}）")]
    found += [(STALE, f"待复看（{stale}）")] if stale else []
    found += [(f.id, f"{f.short}（{doubts.count(f.id)}）") for f in report.frameworks]
    counts = [(kind, label, len(_cards(report, kind))) for kind, label in FACTS.items()]
    return found + [(kind, f"{label}（{count}）") for kind, label, count in counts if count]
