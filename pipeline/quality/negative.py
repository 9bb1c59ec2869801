"""Negative facts, zero statements and shortfalls, told apart; data/lexicon/negative.yaml.

A report is balanced when it tells what went wrong. "No accident occurred" is a zero
statement; a rule, a drill, a wish and what befell others are neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.facts import Measure, Quote
from pipeline.quality.rules import compiled
from pipeline.quality.told import Told
from pipeline.resources import read_yaml, shipped

Group = Literal["event", "figure", "shortfall"]
_CLAUSE = re.compile(r"[，；;。！？!?]|,(?!\d)|(?<!\d),")
_GOES_ON = re.compile(
    r"同比|环比|较(?:上|去|20|前|年初)|比(?:上|去|20)|与(?:上|去|20)|造成|导致|致使|引发"
)
_DIGITS = r"(?<![\d.,/-])(?!20\d\d(?!\d))(?:[1-9][\d,]*(?:\.\d+)?|0\.\d*[1-9]\d*)"
_NUMBER = rf"(?:{_DIGITS}|(?<!第)[一二两三四五六七八九十]+)"
_NEAR = 2  # statements after a negative fact in which its cause or remedy may stand
_SAME = 40  # characters by which a fact is known again when a report repeats itself


class Kind(BaseModel):
    """A kind of negative fact; ``alarm``: it is also shown as a violation."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    name: str
    group: Group
    told: str
    unless: str = ""
    alarm: bool = False
    veto: str = ""


class Lexicon(BaseModel):
    """data/lexicon/negative.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    provenance: str
    hypothetical: str
    others: str
    against: str
    denied: str
    nought: str
    wish: str
    pledge: str
    remedy: str
    zeros: dict[str, str]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """A negative fact; ``remedied``: the report also tells why, or what was done about it."""

    kind: Kind
    quote: Quote
    remedied: bool


@dataclass(frozen=True, slots=True)
class Negatives:
    """All of a report: facts in reading order, and its zero statements by what did not occur."""

    facts: tuple[Negative, ...]
    zeros: tuple[tuple[str, Quote], ...]

    def of(self, group: Group) -> tuple[Negative, ...]:
        """The facts of a group."""
        return tuple(fact for fact in self.facts if fact.kind.group == group)


def negatives(told: Told, measures: Sequence[Measure]) -> Negatives:
    """Find them in statements and, where a table gives them, in measures."""
    facts: dict[tuple[str, str], Negative] = {}
    zeros: dict[str, Quote] = {}
    for number in _candidates(told):
        statement = told.statements[number]
        pledged = compiled(lexicon().pledge).search(statement.text)
        against = compiled(lexicon().against).search(statement.text)
        for clause, carried in _clauses(statement.text):
            for what in () if pledged else _denied(clause):
                zeros.setdefault(what, told.quote(statement))
            if (kind := _kind(clause, carried)) and not against:
                fact = Negative(kind, told.quote(statement), _remedied(told, number))
                facts.setdefault((kind.code, clause[:_SAME]), fact)
    for what, quote in _measured_zeros(measures):
        zeros.setdefault(what, quote)
    for kind, quote in _measured(measures, {fact.kind.code for fact in facts.values()}):
        facts[kind.code, quote.quote] = Negative(kind, quote, remedied=False)
    return Negatives(tuple(facts.values()), tuple(zeros.items()))


@lru_cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    path = shipped("data", "lexicon", "negative.yaml")
    return Lexicon.model_validate(read_yaml(path))


@lru_cache
def veto_items() -> frozenset[str]:
    """Codes of the veto items that events fall under."""
    return frozenset(kind.veto for kind in lexicon().kinds if kind.veto)


@lru_cache
def _kinds() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The kinds of negative facts, each with what tells it."""
    return tuple(
        (kind, compiled(kind.told.replace("{N}", _NUMBER).replace("{D}", _DIGITS)))
        for kind in lexicon().kinds
    )


@lru_cache
def _any() -> re.Pattern[str]:
    """Words without which no statement can hold a negative fact or a zero statement."""
    words = (
        r"罚|死|亡|伤|事故|污染|泄|环境|环保|超标|劳动|薪|罢工|停工|涉嫌|调查|立案|谴责|警|责令|监管|通报|火灾|爆炸|职业病"
        r"|召回|质量|诉|仲裁|纠纷|争议|判决|违|处分|问责|腐|贪|贿|舞弊|中断|故障|下降|下滑|减少|降低|亏|负增长|回落|裁"
        r"|增加|上升|增长|投诉|流失|离职|未|没有|低于|差距|不足|有待|欠|空间|偏|困难|歧视|童工|缺陷|不合格|隐私|虚假|误导|选择性"
        r"|更正|内幕|诫勉|查|停产|关停|短板|薄弱|强迫"
    )
    return re.compile(words)


def _candidates(told: Told) -> Iterator[int]:
    for number, statement in enumerate(told.statements):
        if statement.kind != "heading" and _any().search(statement.text):
            yield number


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Each clause with the one before it, which may have denied it already.

    A clause that compares ("较上年下降2%") or tells an outcome ("造成2人轻伤") is read with
    the words it goes on from.
    """
    before = ""
    for clause in _CLAUSE.split(text):
        whole = before + clause if _GOES_ON.match(clause) else clause
        if whole:
            yield whole, before
        before = clause


def _kind(clause: str, before: str) -> Kind | None:
    """The kind of negative fact that a clause tells; None where it tells none."""
    if not _any().search(clause):
        return None
    for kind, told in _kinds():
        match = told.search(clause)
        if match and not _excused(kind, clause, before, match):
            return kind
        if match:
            return None
    return None


def _excused(kind: Kind, clause: str, before: str, match: re.Match[str]) -> bool:
    rules = lexicon()
    if compiled(rules.others).search(clause):
        return True
    if kind.unless and compiled(kind.unless).search(f"{before}，{clause}"):
        return True
    if kind.group == "shortfall":
        return False
    if compiled(rules.hypothetical).search(clause):
        return True
    if any(ch.isdigit() for ch in match.group()):
        return bool(compiled(rules.denied).search(clause[: match.end()]))
    nought = compiled(rules.nought).search(clause)
    return bool(nought or compiled(rules.denied).search(before + clause[: match.end()]))


def _denied(clause: str) -> Iterator[str]:
    """What the clause says did not occur."""
    rules = lexicon()
    if compiled(rules.wish).search(clause):
        return
    no = compiled(rules.denied).search(clause)
    nought = compiled(rules.nought).search(clause)
    for what, objects in rules.zeros.items():
        found = compiled(objects)
        if (no and found.search(clause, no.end())) or (nought and found.search(clause)):
            yield what


def _remedied(told: Told, number: int) -> bool:
    near = told.statements[number : number + _NEAR + 1]
    return any(compiled(lexicon().remedy).search(statement.text) for statement in near)


def _measured(measures: Sequence[Measure], told: set[str]) -> Iterator[tuple[Kind, Quote]]:
    """Negative facts among the measures, of kinds that no sentence has told."""
    for measure in measures:
        kind = _kind(f"{measure.name}{measure.figure.printed}", "")
        if kind and kind.code not in told and measure.figure.value > 0:
            yield kind, measure.figure.quote


def _measured_zeros(measures: Sequence[Measure]) -> Iterator[tuple[str, Quote]]:
    """Zeros among the measures."""
    for measure in measures:
        if measure.figure.value == 0:
            for what, objects in lexicon().zeros.items():
                if compiled(objects).search(measure.name):
                    yield what, measure.figure.quote
