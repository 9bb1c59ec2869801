"""What is concluded about a report besides coverage: measures, checks, quality, index, conditions.

Frozen records, each resting on quotes: places of the report that anyone can open. A fact
about a form (registration, statistics) has no place in the report and says so in ``source``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]  # x0, top, x1, bottom in PDF points, from the top left
Severity = Literal["error", "doubt", "note"]  # 矛盾 (cannot both be true), 疑点, 提示
Dimension = Literal[
    "过程性", "实质性", "完整性", "平衡性", "可比性", "可读性", "可及性", "创新性"
]  # of the CASS rating practice, see taxonomy notes in docs/quality.md
LineState = Literal["found", "elsewhere", "not_found", "page_missing", "not_applicable"]
ConditionState = Literal[
    "met", "absent", "confirm"
]  # 满足, 未见, 请人工确认: that something is not met, only a person can say


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the report and where they stand; ``text[start:end] == quote``."""

    page: int | None  # None: the format records no pages
    paragraph: int
    start: int
    end: int
    quote: str
    box: Box | None = None
    cell: tuple[int, int] | None = None  # 1-based row and column, where it is a table's cell
    source: str = "report"  # else "form" (registration) or "last_year": offsets are then 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number with its unit, and both brought to the base unit of its dimension.

    ``value`` is in ``unit``: the base unit of data/lexicon/units.yaml (元, 吨标准煤, kWh, %, 人),
    or the unit as printed where the lexicon does not know it.
    """

    value: float
    unit: str
    printed: str  # number and unit as they stand in the report
    quote: Quote


@dataclass(frozen=True, slots=True)
class Measure:
    """A performance figure (绩效数据): what it measures, how much, when, of whom.

    Attributes:
        id: "m0001", ... in document order.
        name: What is measured, in the report's words.
        figure: The value, normalised, and its place.
        period: Reporting period as a year ("2022"), or "" where the report does not say.
        scope: Of which part (集团, 上海公司, ...), "" for the whole.
        indicators: (framework, code) pairs that the figure speaks for.
        compared: (what, figure) pairs: "2021", "目标", "同行" ...; given by the report itself.
    """

    id: str
    name: str
    figure: Figure
    period: str = ""
    scope: str = ""
    indicators: tuple[tuple[str, str], ...] = ()
    compared: tuple[tuple[str, Figure], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A contradiction or slip that anyone can verify (核查).

    Attributes:
        kind: Stable English name of the rule: sum, share, twice, growth, unit, form, last_year.
        severity: How sure the slip is.
        message: One Chinese sentence for the company: what does not agree.
        arithmetic: The sum written out, e.g. ``10 + 63 = 73 ≠ 70``.
        quotes: Every place that takes part, at least one of them in the report.
    """

    kind: str
    severity: Severity
    message: str
    arithmetic: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class QualityFact:
    """One fact behind a dimension's score, in Chinese, with the words it rests on."""

    dimension: Dimension
    code: str  # stable English name, e.g. balance.penalty
    name: str
    value: float  # count, share (0-1) or mean, as ``unit`` says
    unit: str  # 处, %, 字, ...
    points: float  # 0-100: what this fact alone would score
    weight: float  # its share of the dimension, 0-1; local unless ``source`` names a document
    quotes: tuple[Quote, ...] = ()
    note: str = ""
    source: str = "本地"


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A quality dimension, 0-100; None where the facts do not suffice for a score."""

    dimension: Dimension
    score: float | None
    facts: tuple[QualityFact, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A violation or veto item (违规, 一票否决): shown with its quote, never averaged."""

    code: str
    name: str
    quotes: tuple[Quote, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality of a report: dimensions, total by the programme's weights, alarms beside it.

    ``substance`` is the share of statements with evidence (实据性; a practice counts half, a
    figure whole), ``boilerplate`` that of stock phrases; both 0-1.
    """

    dimensions: tuple[DimensionScore, ...]
    total: float | None
    band: str
    substance: float
    boilerplate: float
    alarms: tuple[Alarm, ...] = ()
    local: bool = True  # weights and bands are the house's, no official standard's


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the report's own content index, followed to where it points (内容索引核对).

    Attributes:
        standard: gri, cass_csr_3, hkex, exchange_2024, ...
        code: As the standard writes it, e.g. ``305-1`` or ``G4-15``.
        title: The line's words for it.
        pointer: Where it says to look, as printed: pages or a chapter.
        state: What was found there.
        line: The index line itself.
        found: The best words for it, where some were found.
        note: Chinese, e.g. that printed page 12 is page 14 of the file.
    """

    standard: str
    code: str
    title: str
    pointer: str
    state: LineState
    line: Quote
    found: Quote | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A condition of the programme, an annual theme or a performance aspect, with its proof."""

    code: str
    name: str
    state: ConditionState
    note: str = ""  # Chinese: why, by which formula, what a person must confirm
    value: float | None = None
    unit: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """An indicator that this report tells otherwise than last year's; levels 0-4."""

    framework: str
    indicator: str
    name: str
    change: Literal["gone", "down", "up", "new"]
    level_before: int
    level: int
    before: Quote | None  # of last year's report, as everything that is called so
    after: Quote | None


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of the whole company that both reports tell of their own year.

    ``change`` is the growth as a share (0.1: a tenth more); None where the units differ.
    """

    name: str
    before: Figure
    after: Figure
    change: float | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A goal of last year's report, and what this one says of it.

    Attributes:
        said: The goal, in last year's words.
        deadline: The year it was set for.
        due: Whether that is this report's year, or was before it.
        found: The words of this report that are nearest to it; None where it is silent.
    """

    said: Quote
    deadline: int
    due: bool
    found: Quote | None


@dataclass(frozen=True, slots=True)
class Copied:
    """A passage that stands in both reports; ``similarity`` 100: word for word."""

    before: Quote
    after: Quote
    similarity: float


@dataclass(frozen=True, slots=True)
class Memory:
    """This report held against the company's last one (与上年相比).

    Attributes:
        company: The name on last year's report.
        year: The year it reports on.
        sha256: Of its file.
        shifts: Indicators that came, went, rose or fell.
        figures: What both tell of their own year.
        restated: What this report tells of an earlier year otherwise than that one did.
        promises: Goals set then.
        copied_share: Share of this report's running text that stands word for word there.
        copied: The longest such passages, then those with no more than a few words changed.
    """

    company: str
    year: int | None
    sha256: str
    shifts: tuple[Shift, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    restated: tuple[Check, ...] = ()
    promises: tuple[Promise, ...] = ()
    copied_share: float = 0.0
    copied: tuple[Copied, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it for one report; empty where a stage found nothing."""

    measures: tuple[Measure, ...] = ()
    checks: tuple[Check, ...] = ()
    quality: Quality | None = None
    index: tuple[IndexLine, ...] = ()
    conditions: tuple[ConditionResult, ...] = ()  # eligibility (入围条件)
    themes: tuple[ConditionResult, ...] = ()  # annual themes and their highlights
    performance: tuple[ConditionResult, ...] = ()  # aspects of 绩效评价
    memory: Memory | None = None  # None: last year's report was not given
