"""Facts that are lists of things told or not: 过程性, most of 可及性, 创新性; all by rule."""

from __future__ import annotations

from pipeline.quality.report import Found, Report
from pipeline.quality.rules import Rule, compiled
from pipeline.quality.told import Statement, Told


def items(report: Report, rule: Rule) -> Found:
    """How many of the rule's items the report tells, each with the first words that do."""
    told = {name: _first(report.told, pattern, rule.unless) for name, pattern in rule.items.items()}
    found = {name: statement for name, statement in told.items() if statement}
    quotes = [report.told.quote(statement) for statement in found.values()]
    missing = [name for name in rule.items if name not in found]
    note = f"有：{'、'.join(found) or '无'}"
    if missing and len(rule.items) > 1:
        note += f"；未见：{'、'.join(missing)}"
    return Found(len(found), quotes, note)


def _first(told: Told, pattern: str, unless: str) -> Statement | None:
    hits = told.find(compiled(pattern))
    if unless:
        excuse = compiled(unless)
        hits = (statement for statement in hits if not excuse.search(statement.text))
    return next(hits, None)
