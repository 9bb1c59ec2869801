"""Performance aspects (绩效评价): computed from form and report, the arithmetic written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.conform.formulas import Formula, compute, fitting, formulas, quotes, written
from pipeline.conform.quantities import Quantity, quantities
from pipeline.conform.words import Said, highlights, practised
from pipeline.facts import ConditionResult, Measure
from pipeline.programmes import Programme, Theme
from pipeline.records import Registration


def performance(
    programme: Programme,
    registration: Registration,
    said: Said,
    measures: Sequence[Measure],
) -> tuple[ConditionResult, ...]:
    """One result an aspect, in the order of the programme.

    With a formula whose terms are told: ``met`` with the value. Else the passages that speak of
    it, for a person to judge (``confirm``): a proxy that cannot be computed proves nothing.
    """
    told = quantities(registration, measures)
    return tuple(_result(theme, told, said) for theme in programme.themes if theme.kind == "aspect")


def _result(
    theme: Theme,
    told: Mapping[str, Quantity],
    said: Said,
) -> ConditionResult:
    ways = formulas().get(theme.code, ())
    if way := fitting(ways, told):
        return _computed(theme, way, told)
    held = said.speaking(theme.cues)
    best = practised(held) or held
    return ConditionResult(
        code=theme.code,
        name=_name(theme),
        state="confirm" if held else "absent",
        note=_lacking(ways, told, bool(held)),
        quotes=highlights(said.document, best),
    )


def _computed(theme: Theme, way: Formula, told: Mapping[str, Quantity]) -> ConditionResult:
    value = round(compute(way, told), 4)
    return ConditionResult(
        code=theme.code,
        name=_name(theme),
        state="met",
        note=written(way, told, value),
        value=value,
        unit=way.unit,
        quotes=quotes(way, told),
    )


def _name(theme: Theme) -> str:
    return f"{theme.group.partition('：')[2] or theme.group}—{theme.name}"


def _lacking(ways: Sequence[Formula], told: Mapping[str, Quantity], held: bool) -> str:
    missing = [name for name in ways[-1].need if name not in told] if ways else []
    why = f"缺少{'、'.join(missing)}，无法计算；" if missing else ""
    return why + ("请据所引文字判断。" if held else "报告中未找到相应内容。")
