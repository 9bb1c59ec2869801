"""What the letter shows: as much as two pages hold, and the rest in its table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from pipeline.emit.contract import Versions
from pipeline.emit.escape import clean, cut
from pipeline.emit.words import DRAFT, QUOTE_SOURCE
from pipeline.facts import Quote
from pipeline.frameworks import Framework
from pipeline.letter import Kind, Suggestion
from pipeline.programmes import Programme
from pipeline.records import ReportScore

KINDS: dict[Kind, str] = {
    "strength": "值得肯定",
    "alarm": "请说明",
    "check": "请核对",
    "index": "核对索引",
    "missing": "建议补充",
    "quality": "提升质量",
}
LISTS: dict[Kind, str] = {  # the template's names
    "strength": "strengths",
    "alarm": "alarms",
    "check": "checks",
    "index": "index",
    "missing": "missing",
    "quality": "quality",
}
MOST: dict[Kind, int] = {"strength": 3, "alarm": 2, "check": 4, "index": 4, "missing": 8}
LEAST: dict[Kind, int] = {"strength": 2, "alarm": 1, "check": 2, "index": 1, "missing": 4}
GIVE_WAY: tuple[Kind, ...] = ("missing", "index", "check", "strength", "alarm")
QUALITY_SHOWN = 2
LINES, WIDTH = 58, 78  # of two pages below the letter's fixed words; half-width columns of a line
TITLE, TEXT, QUOTED = 30, 96, 100  # characters shown in the letter
GUIDES = 2  # guidelines named with their codes in the letter
ANNEX: dict[Kind, int] = {"alarm": 10, "check": 20, "index": 20, "missing": 40}
ANNEX_TEXT, ANNEX_GUIDES = 180, 4
NUMERALS = "一二三四五六"
_BREAK = re.compile(r"[，。；、：！）](?=[^，。；、：！）]*$)")
_APART = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(frozen=True, slots=True)
class Item:
    """A suggestion as the template shows it: clean, and cut to what a letter can bear."""

    n: int
    kind: str
    title: str
    text: str
    codes: str
    quote: str
    place: str

    def lines(self) -> int:
        """Lines of the letter it takes at most."""
        said = f"{self.n}. {self.title}：{self.text}"
        if self.kind in (KINDS["strength"], KINDS["alarm"]):
            said += f"报告述及“{self.quote}”"
        said += f"（{self.place}{self.codes}）"
        return ceil((4 + sum(1 + (east_asian_width(c) in "WFA") for c in said)) / WIDTH)


@dataclass(frozen=True, slots=True)
class Letter:
    """All that the template may use; docs/letters.md lists it."""

    company: str
    title: str
    programme: str
    guidelines: str
    doubtful: int
    made_by: str
    mark: str
    annex: tuple[Item, ...]
    annex_note: str
    items: dict[str, tuple[Item, ...]] = field(default_factory=dict)  # by the template's names
    more: dict[str, int] = field(default_factory=dict)  # how many of each are not in the letter
    numeral: dict[str, str] = field(default_factory=dict)  # of the section, 一、二、…

    def context(self) -> dict[str, Any]:
        """By the names of the template."""
        told = {name: getattr(self, name) for name in Letter.__slots__ if name != "items"}
        return told | self.items


def letter(
    score: ReportScore,
    suggested: Sequence[Suggestion],
    frameworks: Sequence[Framework],
    programme: Programme,
    versions: Versions,
) -> Letter:
    """Choose what the letter says of a report."""
    by_kind = {kind: [one for one in suggested if one.kind == kind] for kind in KINDS}
    chosen = _fit({kind: _items(by_kind[kind], kind) for kind in KINDS})
    entry = score.submission
    return Letter(
        company=clean(entry.registration.company) or "有关单位",
        title=_title(score),
        programme=programme.title,
        guidelines=_guidelines(frameworks),
        doubtful=sum(f.status == "needs_expert" for f in score.findings),
        made_by=versions.code,
        mark=entry.sha256[:12],
        annex=tuple(_annex(by_kind)),
        annex_note=_annex_note(by_kind, frameworks),
        items={LISTS[kind]: items for kind, items in chosen.items()},
        more={LISTS[kind]: len(by_kind[kind]) - len(chosen[kind]) for kind in _COUNTED}
        | {LISTS[kind]: 0 for kind in KINDS if kind not in _COUNTED},
        numeral=dict(zip((LISTS[kind] for kind in KINDS if chosen[kind]), NUMERALS, strict=False)),
    )


_COUNTED: tuple[Kind, ...] = ("alarm", "check", "index", "missing")


def _title(score: ReportScore) -> str:
    year = score.submission.registration.year
    return f"《{year}年度社会责任报告》" if year else "《社会责任报告》"


def _guidelines(frameworks: Sequence[Framework]) -> str:
    first = frameworks[0].title if frameworks else "评审所用指南"
    return f"《{first}》等{len(frameworks)}项指南" if len(frameworks) > 1 else f"《{first}》"


def _items(suggested: Sequence[Suggestion], kind: Kind) -> tuple[Item, ...]:
    most = MOST.get(kind, QUALITY_SHOWN)
    return tuple(_item(one, n, TEXT, GUIDES) for n, one in enumerate(suggested[:most], 1))


def _item(one: Suggestion, n: int, text: int, guides: int) -> Item:
    quote = one.quotes[0].quote if one.quotes else ""
    return Item(
        n=n,
        kind=KINDS[one.kind],
        title=cut(_flat(one.title), TITLE),
        text=cut(_flat(one.text), text),
        codes=_codes(one, guides),
        quote=_quoted(quote),
        place="、".join(dict.fromkeys(_place(quote) for quote in one.quotes[:2])),
    )


def _quoted(quote: str) -> str:
    """The words for a place between quotation marks, cut where the sentence pauses."""
    said = _flat(quote).strip("“”").replace("“", "‘").replace("”", "’")
    if len(said) <= QUOTED:
        return said.rstrip("，；。")
    pause = _BREAK.search(said[:QUOTED])
    return said[: pause.start() if pause and pause.start() > QUOTED // 2 else QUOTED] + "……"


def _codes(one: Suggestion, guides: int) -> str:
    """Guidelines and their codes; beyond ``guides`` guidelines a count."""
    by_guide: dict[str, list[str]] = {}
    for ask in one.asks:
        by_guide.setdefault(ask.guideline, []).append(ask.code.removeprefix(f"{ask.guideline} "))
    told = [f"{guide} {_few(codes)}" for guide, codes in by_guide.items()]
    more = f"等{len(told)}项指南" if len(told) > guides else ""
    only = f"；仅适用于{one.only}" if one.only else ""
    return _flat("、".join(told[:guides]) + more + only)


def _few(codes: Sequence[str]) -> str:
    return "，".join(codes[:3]) + (f"等{len(codes)}条" if len(codes) > 3 else "")


def _place(quote: Quote) -> str:
    if quote.source != "report":
        return QUOTE_SOURCE[quote.source]
    return f"第{quote.page}页" if quote.page else f"第{quote.paragraph}段"


def _flat(text: str) -> str:
    return _APART.sub("", " ".join(clean(text).split()))


def _fit(items: dict[Kind, tuple[Item, ...]]) -> dict[Kind, tuple[Item, ...]]:
    """Drop from the ends, what can best be read in the table first, until two pages hold all."""
    found = dict(items)
    for least in (LEAST, dict.fromkeys(LEAST, 1)):
        for kind in GIVE_WAY:
            while _lines(found) > LINES and len(found[kind]) > least[kind]:
                found[kind] = found[kind][:-1]
    return found


def _lines(items: dict[Kind, tuple[Item, ...]]) -> int:
    return sum(1 + sum(one.lines() for one in found) for found in items.values() if found)


def _annex(by_kind: dict[Kind, list[Suggestion]]) -> list[Item]:
    shown = [one for kind, most in ANNEX.items() for one in by_kind[kind][:most]]
    return [_item(one, n, ANNEX_TEXT, ANNEX_GUIDES) for n, one in enumerate(shown, 1)]


def _annex_note(by_kind: dict[Kind, list[Suggestion]], frameworks: Sequence[Framework]) -> str:
    left = sum(max(len(by_kind[kind]) - most, 0) for kind, most in ANNEX.items())
    drafts = "、".join(one.short for one in frameworks if one.draft)
    more = f"其余{left}项见覆盖表。" if left else ""
    draft = f"{drafts}为{DRAFT}（依据公开资料整理），仅供参考。" if drafts else ""
    return f"同一内容为多项指南所要求的，只列一次。{draft}{more}"
