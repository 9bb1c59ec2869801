"""What the screen shows of a conclusion: a card with its evidence, and its line in the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from pipeline.decisions import check_key
from pipeline.desk.marks import Mark, mark
from pipeline.desk.shelf import NotThere, Report
from pipeline.emit import words
from pipeline.emit.escape import clean
from pipeline.facts import Check, QualityFact, Quote
from pipeline.records import Evidence, Finding

SEVERITY = {"error": "矛盾", "doubt": "疑点", "note": "提示"}
_TONES = {"error": "not_found", "doubt": "needs_expert", "note": "not_applicable"}
DOUBT, STALE = "doubt", "stale"  # two of the lists one can choose beside the frameworks


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: a finding, a check or a quality fact."""

    kind: str  # finding, check, quality
    framework: str  # of a finding; the dimension of a quality fact; "" for a check
    code: str

    @property
    def key(self) -> str:
        """As addresses write it."""
        return f"{self.kind}/{self.framework or '-'}/{self.code}"

    @property
    def about(self) -> tuple[str, str, str]:
        """As decisions name it."""
        return self.kind, self.framework, self.code

    @property
    def anchor(self) -> str:
        """Id of its line in the list: ASCII, without blanks."""
        return "k" + sha256(self.key.encode()).hexdigest()[:16]


def subject(key: str) -> Subject:
    """The subject of an address; NotThere if it can be none."""
    kind, _, rest = key.partition("/")
    framework, _, code = rest.partition("/")
    if kind not in ("finding", "check", "quality") or not code:
        raise NotThere(key)
    return Subject(kind, "" if framework == "-" else framework, code)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the report as evidence, ready to show; ``at`` None: they stand elsewhere."""

    words: str
    place: str
    at: Mark | None
    level: int | None = None
    share: float | None = None
    reasons: tuple[str, ...] = ()


def of_evidence(report: Report, one: Evidence) -> Piece:
    """A finding's evidence or nearest miss."""
    at = mark(report, one.start, one.end)
    told = words.place(one.page, one.paragraph)
    return Piece(clean(one.quote), told, at, one.level, one.probability, one.reasons)


def of_quote(report: Report, one: Quote) -> Piece:
    """A quote of a check, a quality fact or a decision."""
    if one.source != "report" or not 0 <= one.start < one.end <= len(report.document.text):
        told = {"form": "报名表", "last_year": "上一年报告"}.get(one.source, "")
        return Piece(clean(one.quote), told, None)
    told = words.place(one.page, one.paragraph)
    return Piece(clean(one.quote), told, mark(report, one.start, one.end))


@dataclass(frozen=True, slots=True)
class Card:
    """A conclusion on the screen."""

    subject: Subject
    name: str
    heading: str  # framework and code, kind of check, dimension
    badge: str
    tone: str
    status: str
    level: int | None
    probability: float | None
    pieces: tuple[Piece, ...]
    about: str  # what the pieces are
    definition: str = ""
    note: str = ""
    sums: str = ""  # arithmetic, as printed
    points: float | None = None  # of a quality fact, 0-100
    draft: bool = False

    @property
    def near(self) -> bool:
        """Whether the pieces are only what came nearest."""
        return self.about.startswith("最接近")


def card(report: Report, of: Subject) -> Card:
    """The card of a subject; NotThere if the report has no such conclusion."""
    if of.kind == "finding":
        return _finding_card(report, of, report.finding(of.framework, of.code))
    for one in subjects(report, of.kind):
        if one[0] == of:
            return _fact_card(report, of, one[1])
    raise NotThere(of.key)


def _finding_card(report: Report, of: Subject, finding: Finding) -> Card:
    framework = next((f for f in report.frameworks if f.id == of.framework), None)
    indicators = framework.indicators if framework else ()
    indicator = next((i for i in indicators if i.code == of.code), None)
    shown = finding.evidence or finding.nearest
    about = "证据" if finding.evidence else "最接近的表述（未采信）"
    return Card(
        of,
        clean(finding.name),
        f"{framework.short if framework else of.framework} {clean(of.code)}",
        words.STATUS[finding.status],
        finding.status,
        finding.status,
        finding.level,
        finding.probability,
        tuple(of_evidence(report, one) for one in shown),
        about if shown else "全文没有接近的表述",
        indicator.definition if indicator else "",
        clean(finding.note),
        draft=bool(framework and framework.draft),
    )


def _fact_card(report: Report, of: Subject, fact: Check | QualityFact) -> Card:
    pieces = tuple(of_quote(report, one) for one in fact.quotes)
    if isinstance(fact, Check):
        return Card(
            of, clean(fact.message), "核查", SEVERITY[fact.severity], _TONES[fact.severity],
            "confirmed", None, None, pieces, "涉及的原文", sums=clean(fact.arithmetic),
        )  # fmt: skip
    value = f"{fact.value:.0%}" if fact.unit == "%" and fact.value <= 1 else f"{fact.value:g}"
    sums = f"{value}{'' if fact.unit == '%' else fact.unit}，单项 {fact.points:.0f} 分"
    return Card(
        of, clean(fact.name), f"质量 · {fact.dimension}", f"{fact.points:.0f} 分", "submitted",
        "scored", None, None, pieces, "依据的原文", note=clean(fact.note), sums=sums,
        points=fact.points,
    )  # fmt: skip


def subjects(report: Report, kind: str) -> list[tuple[Subject, Check | QualityFact]]:
    """The report's checks, or its quality facts, as subjects of decisions."""
    facts = report.score.facts
    if kind == "check":
        return [(Subject("check", "", check_key(one)), one) for one in facts.checks]
    dimensions = facts.quality.dimensions if facts.quality else ()
    told = (one for dimension in dimensions for one in dimension.facts)
    return [(Subject("quality", one.dimension, one.code), one) for one in told]


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
        chosen: A framework's id, ``doubt``, ``stale``, ``check`` or ``quality``.
        stale: What a second look is wanted at.
    """
    if chosen == STALE:
        return list(stale)
    if chosen in ("check", "quality"):
        return [one for one, _ in subjects(report, chosen)]
    found = [
        f
        for f in report.score.findings
        if f.framework == chosen or (chosen == DOUBT and f.status == "needs_expert")
    ]
    found.sort(key=lambda f: (_ORDER[f.status], _evenness(f)))  # stable: else as in the sheet
    return [Subject("finding", f.framework, f.indicator) for f in found]


def _evenness(finding: Finding) -> float:
    return abs(finding.probability - 0.5) if finding.status == "needs_expert" else 0.0


def item(report: Report, of: Subject, said: str = "", stale: bool = False) -> Item:
    """The line of a subject."""
    if of.kind == "finding":
        finding = report.findings.get((of.framework, of.code))
        name, status = (finding.name, finding.status) if finding else (of.code, "not_found")
        label = words.STATUS[status]
        return Item(of.key, of.anchor, clean(name), clean(of.code), label, status, said, stale)
    shown = card(report, of)
    return Item(of.key, of.anchor, shown.name, shown.heading, shown.badge, shown.tone, said, stale)


def choices(report: Report, stale: int) -> list[tuple[str, str]]:
    """The lists one can choose: (value, label with how many wait)."""
    doubts = [f.framework for f in report.score.findings if f.status == "needs_expert"]
    found = [(DOUBT, f"全部待判断（{len(doubts)}）")]
    found += [(STALE, f"待复看（{stale}）")] if stale else []
    found += [(f.id, f"{f.short}（{doubts.count(f.id)}）") for f in report.frameworks]
    for kind, label in (("check", "核查"), ("quality", "质量")):
        if count := len(subjects(report, kind)):
            found.append((kind, f"{label}（{count}）"))
    return found
