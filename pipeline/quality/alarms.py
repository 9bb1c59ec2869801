"""Violations and veto items: shown with their words beside the score, never averaged."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.facts import Alarm
from pipeline.quality.negative import Negative, Negatives
from pipeline.records import Finding

_NOTE = "报告自述的情况，只作提示，性质与后果由专家核实。"
_VETO_NOTE = "属本项目一票否决事项“{}”，只作提示，由专家核实判定；不计入任何平均分。"


def alarms(negatives: Negatives, findings: Iterable[Finding]) -> tuple[Alarm, ...]:
    """One alarm a kind of violation that the report itself tells of.

    Where a framework in force has the veto item that the kind falls under (Ningbo's NB-V),
    the alarm bears the item's code and name.
    """
    items = {finding.indicator: finding.name for finding in findings}
    kinds = dict.fromkeys(f.kind for f in negatives.facts if f.kind.alarm)
    return tuple(_alarm([f for f in negatives.facts if f.kind == kind], items) for kind in kinds)


def _alarm(facts: list[Negative], items: dict[str, str]) -> Alarm:
    kind = facts[0].kind
    quotes = tuple(f.quote for f in facts)
    if kind.veto in items:
        name = items[kind.veto]
        return Alarm(kind.veto, f"{kind.name}（{name}）", quotes, _VETO_NOTE.format(name))
    return Alarm(f"violation.{kind.code}", kind.name, quotes, _NOTE)
