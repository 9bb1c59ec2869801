"""compare.json, compare.html and compare.docx: what a revision did about the suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from pipeline.emit.escape import clean, cut
from pipeline.emit.files import put
from pipeline.emit.html import page
from pipeline.emit.letterview import KINDS
from pipeline.emit.paper import Paper
from pipeline.emit.tables import where
from pipeline.facts import Quote
from pipeline.letter.compare import Change, Outcome
from pipeline.records import ReportScore

OUTCOME: dict[Outcome, str] = {
    "addressed": "已落实",
    "partly": "部分落实",
    "pending": "待专家判断",
    "open": "尚未落实",
    "vanished": "不再披露",
    "new": "新出现",
}
TONE: dict[Outcome, str] = {  # CSS classes of the sheets
    "addressed": "disclosed",
    "partly": "elsewhere",
    "pending": "needs_expert",
    "open": "note",
    "vanished": "error",
    "new": "page_missing",
}
SHOWN = 60  # of those still open, in Word; the page has them all
QUOTED = 200
BRIEF = 30  # changes told on the terminal


@dataclass(frozen=True, slots=True)
class Told:
    """Which report a version is."""

    submission: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole of compare.json."""

    contract: Literal["1.1"]
    first: Told
    revised: Told
    counts: dict[Outcome, int]
    changes: tuple[Change, ...]


COMPARISON = TypeAdapter(Comparison)


def comparison(first: ReportScore, revised: ReportScore, changes: Sequence[Change]) -> Comparison:
    """Changes by outcome, in the order of `OUTCOME`; within one as the letter orders them."""
    rank = {outcome: n for n, outcome in enumerate(OUTCOME)}
    ordered = sorted(changes, key=lambda one: rank[one.outcome])
    counted = Counter(one.outcome for one in changes)
    counts: dict[Outcome, int] = {outcome: counted[outcome] for outcome in OUTCOME}
    return Comparison("1.1", _told(first), _told(revised), counts, tuple(ordered))


def summary(made: Comparison) -> str:
    """The counts as a Chinese sentence."""
    if not any(n for what, n in made.counts.items() if what != "open"):
        return f"前后两稿的{made.counts['open']}条意见没有变化。"
    told = "，".join(f"{OUTCOME[what]}{n}条" for what, n in made.counts.items() if n)
    return f"{told}。"


def brief(made: Comparison) -> list[str]:
    """Lines for the terminal: the counts, and what moved."""
    moved = [one for one in made.changes if one.outcome != "open"]
    lines = [
        f"{OUTCOME[one.outcome]}　{KINDS[one.kind]}：{clean(one.title)}" for one in moved[:BRIEF]
    ]
    more = [f"……另有{len(moved) - BRIEF}条，见对照表。"] if len(moved) > BRIEF else []
    return [summary(made), *lines, *more]


def write_comparison(folder: Path, made: Comparison) -> None:
    """Write the three files into ``folder``; OSError if the disk refuses."""
    put(folder / "compare.html", comparison_html(made))
    put(folder / "compare.docx", comparison_docx(made))
    put(folder / "compare.json", COMPARISON.dump_json(made, indent=1) + b"\n")


def comparison_html(made: Comparison) -> bytes:
    """The page as UTF-8."""
    groups = [
        (what, OUTCOME[what], TONE[what], [one for one in made.changes if one.outcome == what])
        for what in OUTCOME
    ]
    return page(
        "compare",
        made=made,
        summary=summary(made),
        groups=groups,
        kinds=KINDS,
        said=said,
        said_first=said_first,
    )


def comparison_docx(made: Comparison) -> bytes:
    """The same as a table in Word."""
    paper = Paper("修改情况对照表")
    paper.text(f"初稿：{clean(made.first.file)}　修改稿：{clean(made.revised.file)}")
    paper.text(summary(made))
    still = [one for one in made.changes if one.outcome == "open"]
    moved = [one for one in made.changes if one.outcome != "open"]
    paper.table(HEADS, [_row(one) for one in (*moved, *still[:SHOWN])])
    if len(still) > SHOWN:
        paper.text(f"其余{len(still) - SHOWN}条尚未落实的意见见 compare.html。")
    return paper.bytes()


HEADS = {"结果": 1.9, "事项": 3.2, "意见": 4.4, "初稿原文": 3.6, "修改稿原文": 3.6}


def said(quotes: Sequence[Quote], none: str = "—") -> str:
    """Words with their places; ``none`` where there are none."""
    told = (f"{where(one)}“{cut(clean(one.quote), QUOTED)}”" for one in quotes[:2])
    return "；".join(told) or none


def said_first(one: Change) -> str:
    """What the first version said of it."""
    return said(one.before, "没有相近表述" if one.kind == "missing" else "—")


def _row(one: Change) -> tuple[str, ...]:
    about = f"{KINDS[one.kind]}：{one.title}"
    return OUTCOME[one.outcome], about, one.text, said_first(one), said(one.after)


def _told(score: ReportScore) -> Told:
    entry = score.submission
    return Told(entry.id, entry.file, entry.sha256)
