"""Goals of last year's report, and what this year's says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.facts import Promise
from pipeline.measure import parse_figures
from pipeline.memory.sentences import Sentence, sentences
from pipeline.memory.shifts import of_last_year
from pipeline.place import quote
from pipeline.records import Document, ReportScore
from pipeline.segment import words

TOLD = 0.35  # share of a goal's words, weighed by rarity, that words speaking of it must have
SHORTEST = 6  # characters of a goal (工伤不超过1起)
_GOAL = re.compile(r"承诺|目标|计划|规划|力争|争取|确保|拟|预计|将|提出|不超过|(?:到|至)20\d\d年")
# Facts up to a day, what others set as goals, and resolutions.
_NONE = re.compile(r"截至|截止|印发|国家|联合国|我省|全省|审议|协议|《|\d日")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")
_DEADLINE = re.compile(r"(?:到|至)20\d\d年|20\d\d年(?:年?底|年?末|以前|之前|前|内)")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}")
# Words that goals have in common: they tell no goal from another.
_COMMON = frozenset(
    [
        "公司",
        "我们",
        "承诺",
        "目标",
        "计划",
        "力争",
        "争取",
        "确保",
        "预计",
        "提出",
        "年底",
        "年末",
        "年前",
        "以前",
        "达到",
        "围绕",
        "以下",
        "开展",
        "工作",
        "不超过",
        "下降",
        "提高",
        "增长",
        "减少",
        "完成",
        "实现",
        "建成",
        "进一步",
        "继续",
        "推进",
        "加强",
        "万元",
        "亿元",
    ]
)

Reviewed = tuple[ReportScore, Document]
Goal = tuple[Sentence, int]  # the clause, and the year it is set for


def promises(last: Reviewed, this: Reviewed) -> tuple[Promise, ...]:
    """Goals for a year after last year's, in the order of last year's report.

    A goal told twice is given once. Of what this report says of it, what was done comes before
    a goal set anew. No known year, no goals.
    """
    year, now = (score.submission.registration.year for score, _ in (last, this))
    if year is None or now is None:
        return ()
    goals = _once(list(_goals(last[1], year)))
    again = {one.start for one, _ in _goals(this[1], now, vague=True)}
    said = sorted(_said(this[1]), key=lambda one: not parse_figures(one.words))  # figures first
    done = _nearest(goals, [one for one in said if one.start not in again])
    anew = _nearest(goals, [one for one in said if one.start in again])
    found = []
    for (goal, deadline), one, other in zip(goals, done, anew, strict=True):
        place, before = one or other, of_last_year(quote(last[1], goal.start, goal.end))
        here = quote(this[1], place.start, place.end) if place else None
        found.append(Promise(before, deadline, deadline <= now, here))
    return tuple(found)


def _goals(document: Document, year: int, vague: bool = False) -> Iterator[Goal]:
    """Clauses that set a goal for a year after ``year``.

    What a sentence opens with (2021年，公司将围绕以下目标开展工作：) goes for all its clauses,
    up to the full stop; a clause must name a figure or a deadline (到2022年, 2022年底前), unless
    ``vague`` ones count too.
    """
    lead, deadline = "", 0
    for one in sentences(document, SHORTEST):
        lead = lead or one.words
        years = [int(told) for told in _YEAR.findall(one.words)]
        deadline = max((y for y in years if y > year), default=deadline)
        named = vague or _DEADLINE.search(one.words) or parse_figures(one.words)
        goal = _GOAL.search(lead) or _GOAL.search(one.words)
        if deadline and named and goal and not _NONE.search(one.words):
            yield one, deadline
        if not one.words.endswith(("；", ";")):
            lead, deadline = "", 0


def _once(goals: Sequence[Goal]) -> list[Goal]:
    first: dict[tuple[frozenset[str], int], Goal] = {}
    for one, deadline in goals:
        first.setdefault((frozenset(_words(one.words)), deadline), (one, deadline))
    return list(first.values())


def _said(document: Document) -> list[Sentence]:
    """Sentences, and rows of tables: where many a goal's figure is told."""
    lines = [line for block in document.blocks if block.kind == "table" for line in block.lines]
    rows = [Sentence(o.start, o.end, document.text[o.start : o.end]) for o in lines]
    return [*sentences(document, SHORTEST), *rows]


def _nearest(goals: Sequence[Goal], said: Sequence[Sentence]) -> list[Sentence | None]:
    """For each goal the sentence that has most of its words, weighed by how rare they are."""
    wanted = [one.words for one, _ in goals]
    if not any(map(_words, wanted)) or not said:
        return [None] * len(goals)
    from sklearn.feature_extraction.text import TfidfVectorizer  # 130 MB: only with a last year

    terms = TfidfVectorizer(analyzer=_words, norm=None, binary=True)
    weights = terms.fit([*wanted, *(one.words for one in said)]).transform(wanted)
    has = terms.transform([one.words for one in said])
    has.data[:] = 1.0
    total = np.maximum(np.asarray(weights.sum(axis=1)), 1e-9)
    shares = (weights @ has.T).toarray() / total
    best = shares.argmax(axis=1)  # the first of equals
    return [said[n] if shares[goal, n] >= TOLD else None for goal, n in enumerate(best)]


def _words(text: str) -> list[str]:
    found = (one for one in words(text) if _WORD.fullmatch(one))
    return [one for one in found if one not in _COMMON]
