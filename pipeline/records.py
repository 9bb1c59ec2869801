"""The records that flow through the stages; frozen, and impossible to build wrong.

Submission -> Document -> Passage -> Reading -> Finding -> ReportScore. All offsets are
code points into ``Document.text``; all boxes are ``(x0, top, x1, bottom)`` in PDF points
from the top left corner of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.decisions import Decision
from pipeline.facts import Box, Check, Facts, Quality

BlockKind = Literal["text", "heading", "table", "caption", "footnote", "running"]
FileStatus = Literal["done", "partial", "failed", "skipped"]
FindingStatus = Literal["disclosed", "not_found", "unreadable", "needs_expert", "not_applicable"]
Flag = Literal["neg", "target", "cmp"]


class ReportError(Exception):
    """A report that cannot be read; carries the reason the office is told.

    Attributes:
        code: Stable English identifier, e.g. ``encrypted``.
        reason: Chinese sentence that tells the office what to ask the company for.
    """

    def __init__(self, code: str, reason: str):
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReportError], tuple[str, str]]:
        return type(self), (self.code, self.reason)


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of the registration table (报名表 and 基本信息统计表); blank where not given."""

    company: str = ""
    industry: str = ""
    district: str = ""
    association: str = ""
    year: int | None = None
    file: str = ""
    statistics: tuple[tuple[str, str], ...] = ()  # (column, value) of the statistics form


Media = Literal["pdf", "docx", "doc", "html", "txt", "zip", "image"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One company's entry in one programme year: a report file and its registration."""

    id: str  # folder name of its outputs: readable, unique in the run, safe on every system
    file: str  # path relative to the reviewed folder, with "/" separators
    sha256: str
    media: Media  # by content, never by name
    registration: Registration = field(default_factory=Registration)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line (or table row) of a block: where its characters stand on a page."""

    page: int
    start: int
    end: int
    box: Box | None  # None where the format knows no geometry


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, table, ... in reading order.

    Table blocks hold one row a line: cells joined by tabs, rows by newlines. ``running``
    blocks (headers, footers, page numbers) are kept for viewing but never matched.
    """

    kind: BlockKind
    paragraph: int  # 1-based number of the block in the document, running blocks included
    start: int
    end: int
    path: tuple[str, ...]  # headings above this block, outermost first
    lines: tuple[Line, ...]
    level: int | None = None  # heading level, 1 = outermost; None for other kinds

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"block {self.paragraph}: bad span {self.start}-{self.end}")
        if any(not self.start <= ln.start <= ln.end <= self.end for ln in self.lines):
            raise ValueError(f"block {self.paragraph}: a line lies outside the block")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the file; Word and plain text have pages only where the file records them."""

    number: int  # 1-based
    width: float | None
    height: float | None
    readable: bool = True  # False: an image or a broken text layer; no text could be had
    ocr: bool = False  # the text was read off a picture of the page
    confidence: float | None = None  # of OCR: mean over the characters, 0-1


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a report with the place of every character.

    ``text`` is the blocks' texts joined by newlines, in reading order; slicing it by any
    span found further down the way gives back the words verbatim.
    """

    file: str
    sha256: str
    media: str
    text: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[tuple[str, str], ...] = ()  # (code, Chinese sentence): read only in part

    def __post_init__(self) -> None:
        if any(block.end > len(self.text) for block in self.blocks):
            raise ValueError("a block lies outside the document")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of about 30-200 characters that one reviewer would quote.

    Never crosses a heading. ``sentences`` are spans into the document, inside
    ``start``-``end``.
    """

    id: str  # "p0001", ... in document order; free text where passages come from outside
    text: str
    heading: tuple[str, ...]  # heading path, outermost first
    start: int = 0
    end: int = 0
    paragraph: int = 0
    kind: BlockKind = "text"
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A passage meets an indicator with a calibrated probability, for these reasons."""

    framework: str
    indicator: str
    probability: float
    reasons: tuple[str, ...] = ()  # short Chinese, given only to a report's best matches


@dataclass(frozen=True, slots=True)
class Reading:
    """What the matcher says of one passage, over all frameworks at once."""

    passage: Passage
    matches: tuple[Match, ...]  # probability at or above 0.05, best first
    level: int  # 0-4, shared/design scale; see docs/scores.md
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the report that speak for a finding; ``text[start:end] == quote``."""

    page: int | None  # None: the format records no pages
    paragraph: int
    start: int
    end: int
    quote: str
    heading: tuple[str, ...]
    box: Box | None
    probability: float
    level: int
    flags: tuple[Flag, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The conclusion on one indicator for one report."""

    framework: str
    indicator: str
    name: str
    status: FindingStatus
    probability: float  # that the report discloses the indicator
    level: int
    evidence: tuple[Evidence, ...]
    nearest: tuple[Evidence, ...] = ()  # best misses, given when nothing was accepted
    note: str = ""  # Chinese, e.g. why an indicator does not apply


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one framework by one report.

    ``weighted`` is the weighted share of applicable indicators disclosed (0-1);
    ``low``/``high`` its 90 % interval from the probabilities.
    """

    framework: str
    weighted: float
    low: float
    high: float
    depth: float  # mean level of the disclosed indicators, 0-4
    counts: tuple[tuple[FindingStatus, int], ...]
    core: float | None = None  # share among core indicators, where the guideline marks them
    extended: float | None = None


@dataclass(frozen=True, slots=True)
class Overruled:
    """What experts made of a report's conclusions, and what Zejian's own were.

    Attributes:
        decisions: Those in force whose evidence still stands; applied to the score.
        stale: Those whose evidence is gone, for a second look; not applied.
        findings: Zejian's own, in whose place the score holds the experts'.
        checks: All of Zejian's own, where experts dismissed some; else None.
        quality: Zejian's own, where experts gave points of theirs; else None.
    """

    decisions: tuple[Decision, ...] = ()
    stale: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] | None = None
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class ReportScore:
    """Everything concluded about one report."""

    submission: Submission
    pages: int
    characters: int
    passages: int
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    levels: tuple[int, int, int, int, int]  # passages at level 0, 1, 2, 3, 4
    warnings: tuple[tuple[str, str], ...] = ()
    facts: Facts = field(default_factory=Facts)  # measures, checks, quality, index, conditions
    overruled: Overruled = field(default_factory=Overruled)  # by experts (专家改判)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file of the reviewed folder; a row of run.json and the overview."""

    file: str
    sha256: str
    submission: str  # "" for files that are no report
    status: FileStatus
    code: str = ""
    reason: str = ""  # Chinese; what to ask the company for
    score: ReportScore | None = None
