"""What both sheets show of a report, worked out once: rows, highlight and gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.emit.contract import Versions
from pipeline.emit.escape import anchor, clean, cut
from pipeline.emit.memory_table import memory_table
from pipeline.emit.tables import Table, tables
from pipeline.emit.words import CONFIRMED, LEVELS, OVERRULED, place
from pipeline.frameworks import Framework, Indicator
from pipeline.records import Coverage, Document, Evidence, Finding, ReportScore

TOLD = ("disclosed", "needs_expert")  # statuses of findings that rest on words


@dataclass(frozen=True, slots=True)
class Row:
    """A finding ready to be shown; ``best`` is its best evidence or its nearest miss."""

    finding: Finding
    anchor: str
    group: str
    best: Evidence | None
    quote: str
    place: str
    weight: float
    required: bool  # a core indicator, or one the guideline makes mandatory
    ruled: str  # 专家改判 or 专家确认; "" where the conclusion is Zejian's own

    @property
    def missed(self) -> bool:
        """Whether the quote is only the nearest miss."""
        return not self.finding.evidence

    @property
    def code(self) -> str:
        """The indicator's code and the group it stands in."""
        code = clean(self.finding.indicator)
        return f"{code} · {self.group}" if self.group else code

    @property
    def name(self) -> str:
        """The indicator's name."""
        return clean(self.finding.name)

    @property
    def remark(self) -> str:
        """What the experts said, and what Zejian had concluded; "" where it is Zejian's own."""
        return clean(self.finding.note) if self.ruled else ""

    @property
    def level(self) -> str:
        """The level with its name; a dash where nothing was found to have one."""
        f = self.finding
        return f"{f.level} {LEVELS[f.level]}" if f.status in TOLD else "—"

    @property
    def tone(self) -> str:
        """CSS classes of what is said."""
        if not self.best:
            return "soft"
        return "quote missed bidi" if self.missed else "quote bidi"

    @property
    def said(self) -> str:
        """The quote as a line of sheet.html shows it, or why there is none."""
        if not self.best:
            return clean(self.finding.note) or "没有接近的表述"
        return f"未采信，最接近：{cut(self.quote, 160)}" if self.missed else cut(self.quote, 400)


@dataclass(frozen=True, slots=True)
class Section:
    """A framework with its coverage and its rows in the guideline's order."""

    framework: Framework
    coverage: Coverage
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown of one report."""

    score: ReportScore
    versions: Versions
    sections: tuple[Section, ...]
    highlight: Row | None
    gap: Row | None
    tables: tuple[Table, ...] = ()  # of the facts, those that have rows

    def ruled(self) -> list[str]:
        """What experts decided on the facts, in sentences: nothing of it is hidden."""
        given, facts = self.score.overruled, self.score.facts
        told = []
        if given.quality is not None:
            before = given.quality.total
            own = "未打分" if before is None else f"总分{before:.1f}"
            told.append(f"质量得分含专家打分（系统原为{own}）。")
        if given.checks is not None and (n := len(given.checks) - len(facts.checks)):
            told.append(f"另有{n}处核查结果经专家判为误报，未列出。")
        return told

    def doubtful(self) -> list[tuple[Section, Row]]:
        """Rows that need an expert, those nearest to even odds first."""
        rows = [(s, r) for s in self.sections for r in s.rows if r.finding.status == "needs_expert"]
        return sorted(rows, key=lambda pair: abs(pair[1].finding.probability - 0.5))


def _required(indicator: Indicator | None) -> bool:
    return indicator is not None and (
        indicator.basis == "core" or indicator.obligation == "mandatory"
    )


def _ruled(finding: Finding, own: Finding | None) -> str:
    if own is None:
        return ""
    same = (own.status, own.level) == (finding.status, finding.level)
    return CONFIRMED if same else OVERRULED


def _row(
    finding: Finding, indicator: Indicator | None, groups: dict[str, str], own: Finding | None
) -> Row:
    best = next(iter(finding.evidence or finding.nearest), None)
    return Row(
        finding=finding,
        anchor=anchor(finding.framework, finding.indicator),
        group=groups.get((indicator and indicator.group) or "", ""),
        best=best,
        quote=clean(best.quote) if best else "",
        place=place(best.page, best.paragraph) if best else "",
        weight=indicator.weight if indicator else 1.0,
        required=_required(indicator),
        ruled=_ruled(finding, own),
    )


def _section(
    framework: Framework,
    coverage: Coverage,
    findings: Sequence[Finding],
    own: Mapping[str, Finding],
) -> Section:
    indicators = {i.code: i for i in framework.indicators}
    order = {code: n for n, code in enumerate(indicators)}
    groups = {g.code: g.name for g in framework.groups}
    ordered = sorted(findings, key=lambda f: order.get(f.indicator, len(order)))
    rows = (_row(f, indicators.get(f.indicator), groups, own.get(f.indicator)) for f in ordered)
    return Section(framework, coverage, tuple(rows))


def _own(score: ReportScore, framework: Framework) -> dict[str, Finding]:
    """Zejian's own findings that experts ruled on, by indicator."""
    return {f.indicator: f for f in score.overruled.findings if f.framework == framework.id}


def _highlight(rows: Sequence[Row]) -> Row | None:
    told = [
        (r.best.level, r.best.probability, r)
        for r in rows
        if r.finding.status == "disclosed" and r.best
    ]
    return max(told, key=lambda one: one[:2], default=(0, 0, None))[2]


def _gap(rows: Sequence[Row]) -> Row | None:
    absent = [r for r in rows if r.finding.status == "not_found"]
    return max(absent, key=lambda r: (r.required, r.weight), default=None)


def view(
    score: ReportScore, frameworks: Sequence[Framework], versions: Versions, document: Document
) -> View:
    """Gather what the sheets show of a rounded score; ``document`` is what it quotes.

    Raises:
        ValueError: a framework with findings is not among ``frameworks``.
    """
    by_framework: dict[str, list[Finding]] = {}
    for finding in score.findings:
        by_framework.setdefault(finding.framework, []).append(finding)
    if unknown := sorted(set(by_framework) - {f.id for f in frameworks}):
        raise ValueError(f"findings of frameworks that were not given: {unknown}")
    coverage = {c.framework: c for c in score.coverage}
    sections = tuple(
        _section(f, coverage[f.id], by_framework.get(f.id, ()), _own(score, f))
        for f in frameworks
        if f.id in coverage
    )
    rows = [row for section in sections for row in section.rows]
    told = tables(score.facts, frameworks, document.text)
    told += memory_table(score.facts.memory, frameworks)
    return View(score, versions, sections, _highlight(rows), _gap(rows), told)
