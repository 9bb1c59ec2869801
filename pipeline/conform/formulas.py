"""Formulas of data/performance.yaml, computed with their arithmetic written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pipeline.conform.quantities import Quantity
from pipeline.facts import Quote
from pipeline.resources import read_yaml, shipped


class Formula(BaseModel):
    """``(sum(add) - sum(less)) / sum(over) + sum(plus)`` over headline names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    add: tuple[str, ...] = Field(min_length=1)
    less: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    need: tuple[str, ...]
    unit: str
    source: str = "本地"

    def terms(self) -> tuple[str, ...]:
        """Every name that takes part."""
        return (*self.add, *self.less, *self.over, *self.plus)


@lru_cache
def formulas() -> Mapping[str, tuple[Formula, ...]]:
    """Ways of computing each aspect, by code, in order of preference."""
    data = read_yaml(shipped("data", "performance.yaml"))
    return TypeAdapter(dict[str, tuple[Formula, ...]]).validate_python(data)


def fitting(ways: Sequence[Formula], told: Mapping[str, Quantity]) -> Formula | None:
    """The first way whose needs are told and whose divisor is not zero."""
    for way in ways:
        if all(name in told for name in way.need) and (not way.over or _sum(way.over, told)):
            return way
    return None


def compute(way: Formula, told: Mapping[str, Quantity]) -> float:
    """The value in ``way.unit``; ratios in %."""
    value = _sum(way.add, told) - _sum(way.less, told)
    if way.over:
        value /= _sum(way.over, told)
        value *= 100 if way.unit == "%" else 1
    return value + _sum(way.plus, told)


def written(way: Formula, told: Mapping[str, Quantity], value: float) -> str:
    """The arithmetic in words: every term as told, and what was left out.

    E.g. ``研发投入占营业收入比重 = 研发投入2346万元 ÷ 营业收入45120万元 = 5.2%（公式：本地）``.
    """
    above = _join(way.add, told, "＋") + "".join(
        f"－{_term(n, told)}" for n in _had(way.less, told)
    )
    if way.over:
        above = f"（{above}）" if "＋" in above or "－" in above else above
        above += f"÷{_join(way.over, told, '＋')}"
    above += "".join(f"＋{_term(name, told)}" for name in _had(way.plus, told))
    left_out = [name for name in way.terms() if name not in told]
    rest = f"；{'、'.join(left_out)}未披露，未计入" if left_out else ""
    return f"{way.name}＝{above}＝{value:,.2f}{way.unit}（公式：{way.source}{rest}）"


def quotes(way: Formula, told: Mapping[str, Quantity]) -> tuple[Quote, ...]:
    """Where each term is told."""
    return tuple(told[name].quote for name in dict.fromkeys(way.terms()) if name in told)


def _had(names: Sequence[str], told: Mapping[str, Quantity]) -> list[str]:
    return [name for name in names if name in told]


def _sum(names: Sequence[str], told: Mapping[str, Quantity]) -> float:
    return sum(told[name].value for name in _had(names, told))


def _join(names: Sequence[str], told: Mapping[str, Quantity], sign: str) -> str:
    return sign.join(_term(name, told) for name in _had(names, told))


def _term(name: str, told: Mapping[str, Quantity]) -> str:
    return f"{name}{''.join(told[name].printed.split())}"
