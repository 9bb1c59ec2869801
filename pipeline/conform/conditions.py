"""Conditions of eligibility (入围条件): what the form and the report show, and who confirms."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.conform.words import Said, highlights, practised
from pipeline.facts import Alarm, ConditionResult, Quote
from pipeline.programmes import Condition, Programme
from pipeline.records import Registration

_FIELDS = {"企业名称": "company", "推荐协会": "association", "所属行业": "industry"}


def conditions(
    programme: Programme,
    registration: Registration,
    said: Said,
    alarms: Sequence[Alarm],
) -> tuple[ConditionResult, ...]:
    """One result a condition, in the order of the notice.

    Args:
        programme: Its conditions, each with the form's columns and the words that show it.
        registration: The row of the form as submitted, not completed from the report.
        said: The report.
        alarms: Violations and veto items found in it: no condition of lawful business is met
            without a person while one stands.
    """
    return tuple(
        _result(condition, registration, said, alarms) for condition in programme.eligibility
    )


def _result(
    condition: Condition,
    registration: Registration,
    said: Said,
    alarms: Sequence[Alarm],
) -> ConditionResult:
    if condition.lawful and alarms:
        return _alarmed(condition, alarms)
    if condition.evidence == "form":
        return _by_form(condition, registration)
    if condition.evidence == "report":
        return _by_report(condition, said)
    return ConditionResult(condition.code, condition.text, "confirm", note="须由评审办公室确认。")


def _alarmed(condition: Condition, alarms: Sequence[Alarm]) -> ConditionResult:
    quotes = tuple(quote for alarm in alarms for quote in alarm.quotes)
    names = "、".join(dict.fromkeys(alarm.name for alarm in alarms))
    note = f"报告中有{names}的表述，请核实后确认。"
    return ConditionResult(condition.code, condition.text, "confirm", note=note, quotes=quotes)


def _by_form(condition: Condition, registration: Registration) -> ConditionResult:
    told = {name: value for name in condition.fields if (value := _field(registration, name))}
    quotes = tuple(Quote(None, 0, 0, 0, f"{n}：{v}", source="form") for n, v in told.items())
    missing = [name for name in condition.fields if name not in told]
    if condition.fields and not missing:
        note = f"申报表已填{'、'.join(told)}。"
        return ConditionResult(condition.code, condition.text, "met", note=note, quotes=quotes)
    note = f"申报表未填{'、'.join(missing)}，请确认。" if missing else "申报表无对应项，请确认。"
    return ConditionResult(condition.code, condition.text, "confirm", note=note, quotes=quotes)


def _field(registration: Registration, name: str) -> str:
    """A column of the form by its header, units in brackets aside."""
    if name in _FIELDS:
        return str(getattr(registration, _FIELDS[name]))
    told = dict((title.split("（")[0], value) for title, value in registration.statistics)
    return told.get(name, "")


def _by_report(condition: Condition, said: Said) -> ConditionResult:
    held = said.speaking(condition.cues)
    done = practised(held)
    quotes = highlights(said.document, done or held)
    if done:
        note = f"报告中有{len(done)}处相应内容。"
        return ConditionResult(condition.code, condition.text, "met", note=note, quotes=quotes)
    note = "报告中只有一般性表述，请确认。" if held else "报告中未找到相应内容，请确认。"
    return ConditionResult(condition.code, condition.text, "confirm", note=note, quotes=quotes)
