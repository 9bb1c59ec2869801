"""What the screen shows of a conclusion: a card with its evidence, and its line in the list."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from pipeline.decisions import check_key
from pipeline.desk.marks import Mark, mark
from pipeline.desk.shelf import NotThere, Report
from pipeline.emit import words
from pipeline.emit.escape import clean
from pipeline.facts import Check, DimensionScore, QualityFact, Quote
from pipeline.records import Evidence, Finding

SEVERITY = {"error": "矛盾", "doubt": "疑点", "note": "提示"}
_TONES = {"error": "not_found", "doubt": "needs_expert", "note": "not_applicable"}
DECIDED = ("finding", "check", "quality")  # what decisions can be about
KINDS = (*DECIDED, "alarm", "condition", "index", "memory")  # the others are only read
DOUBT, STALE = "doubt", "stale"  # two of the lists one can choose beside the frameworks


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about; decisions are about a finding, a check or a quality fact."""

    kind: str  # one of KINDS
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
    if kind not in KINDS or not code:
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
    def scored(self) -> bool:
        """Whether an expert gives points."""
        return self.subject.kind == "quality"

    @property
    def near(self) -> bool:
        """Whether the pieces are only what came nearest."""
        return self.about.startswith("最接近")


def card(report: Report, of: Subject) -> Card:
    """The card of a finding; NotThere if the report has none."""
    return _finding_card(report, of, report.finding(of.framework, of.code))


def fact_cards(report: Report, kind: str) -> list[Card]:
    """The cards of the report's checks (``check``) or quality facts (``quality``)."""
    facts = report.score.facts
    if kind == "check":
        return [_fact_card(report, Subject("check", "", check_key(c)), c) for c in facts.checks]
    made = []
    for dimension in facts.quality.dimensions if facts.quality else ():
        made.append(_dimension_card(dimension))
        told = ((Subject("quality", f.dimension, f.code), f) for f in dimension.facts)
        made += [_fact_card(report, of, one) for of, one in told]
    return made


def _finding_card(report: Report, of: Subject, finding: Finding) -> Card:
    framework = next((f for f in report.frameworks if f.id == of.framework), None)
    indicators = framework.indicators if framework else ()
    indicator = next((i for i in indicators if i.code == of.code), None)
    shown = finding.evidence or finding.nearest
    about = "证据" if finding.evidence else "最接近的表述（未采信）"
    return Card(
        of,
        clean(finding.name),
        _called(framework.short if framework else of.framework, clean(of.code)),
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


def _called(short: str, code: str) -> str:
    return code if code.startswith(short) else f"{short} {code}"


def _dimension_card(one: DimensionScore) -> Card:
    of, name = Subject("quality", one.dimension, one.dimension), f"{one.dimension}（整个维度）"
    badge, tone = "请专家评分", "needs_expert"
    if one.score is not None:
        badge, tone = f"{one.score:.0f} 分", "submitted"
    note = "专家给出的分数代替由各项事实算出的分数。"
    return Card(
        of, name, "质量 · 维度", badge, tone, "scored", None, None, (), "没有单独的依据",
        note=note, points=one.score,
    )  # fmt: skip


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
