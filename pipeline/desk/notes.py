"""What a report's facts say besides checks and quality: cards to be read, not decided on."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.desk.cards import Card, Subject, of_quote
from pipeline.desk.shelf import Report
from pipeline.emit.escape import clean
from pipeline.emit.memory_table import memory_rows
from pipeline.emit.words import CONDITION_STATE, LINE_STATE
from pipeline.facts import ConditionResult, IndexLine, Quote

LISTS = {
    "alarm": "违规与负面线索",
    "condition": "入围、主题与绩效",
    "index": "内容索引核对",
    "memory": "与上年相比",
}
_STATE_TONES = {"met": "disclosed", "absent": "not_found", "confirm": "needs_expert"}
_LINE_TONES = {
    "found": "disclosed", "elsewhere": "needs_expert", "not_found": "not_found",
    "page_missing": "not_found", "not_applicable": "not_applicable",
}  # fmt: skip
_MEMORY_TONES = {
    "not_found": "not_found", "elsewhere": "needs_expert", "found": "disclosed",
    "confirm": "needs_expert", "error": "not_found", "doubt": "needs_expert",
    "note": "not_applicable",
}  # fmt: skip
_FIRST = ("not_found", "page_missing", "elsewhere", "found", "not_applicable")


def noted(report: Report, kind: str) -> list[Card]:
    """The cards of one of LISTS; what wants a look first."""
    make = {"alarm": _alarms, "condition": _conditions, "index": _lines, "memory": _changes}
    return list(make[kind](report)) if kind in make else []


def _card(
    report: Report, of: tuple[str, str, str], name: str, heading: str, look: tuple[str, str],
    quotes: tuple[Quote, ...], note: str, sums: str = "",
) -> Card:  # fmt: skip
    pieces = tuple(of_quote(report, one) for one in quotes)
    badge, tone = look
    return Card(
        Subject(*of), clean(name), heading, badge, tone, "", None, None, pieces,
        "涉及的原文" if pieces else "没有涉及的原文", note=clean(note), sums=sums,
    )  # fmt: skip


def _alarms(report: Report) -> Iterator[Card]:
    quality = report.score.facts.quality
    for number, one in enumerate(quality.alarms if quality else (), 1):
        of = ("alarm", "", f"{one.code}-{number}")
        yield _card(report, of, one.name, "线索", ("请核实", "not_found"), one.quotes, one.note)


def _conditions(report: Report) -> Iterator[Card]:
    facts = report.score.facts
    kinds = (
        ("入围条件", facts.conditions),
        ("年度主题", facts.themes),
        ("绩效", facts.performance),
    )
    for heading, results in kinds:
        for one in results:
            yield _condition(report, heading, one)


def _condition(report: Report, heading: str, one: ConditionResult) -> Card:
    of = ("condition", heading, one.code)
    look = CONDITION_STATE[one.state], _STATE_TONES[one.state]
    sums = "" if one.value is None else f"{one.value:g}{one.unit}"
    return _card(report, of, one.name, f"{heading} {one.code}", look, one.quotes, one.note, sums)


def _lines(report: Report) -> Iterator[Card]:
    told = enumerate(report.score.facts.index, 1)
    for number, one in sorted(told, key=lambda pair: _FIRST.index(pair[1].state)):
        yield _line(report, number, one)


def _line(report: Report, number: int, one: IndexLine) -> Card:
    of = ("index", one.standard, f"{one.code}-{number}")
    look = LINE_STATE[one.state], _LINE_TONES[one.state]
    quotes = (one.line, *((one.found,) if one.found else ()))
    note = f"索引所指：{clean(one.pointer)}" if one.pointer else ""
    told = "；".join(part for part in (note, one.note) if part)
    return _card(report, of, f"{one.code} {one.title}", "内容索引", look, quotes, told)


def _changes(report: Report) -> Iterator[Card]:
    found = memory_rows(report.score.facts.memory, report.frameworks)
    for number, (badge, name, before, after, change, quotes) in enumerate(found, 1):
        look = badge.label, _MEMORY_TONES[badge.tone]
        told = "；".join(part for part in (before and f"上年：{before}", after, change) if part)
        of = ("memory", "", str(number))
        yield _card(report, of, name, "与上年相比", look, quotes.quotes, told)
