"""The house's rules of quality as data: facts, weights and curves; data/quality.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.facts import Dimension, QualityFact, Quote
from pipeline.resources import read_yaml, shipped

SHOWN = 8  # quotes a fact shows at most; its value counts all


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Rule(_Strict):
    """One fact: what it is called, what it weighs, how its value becomes points.

    ``items`` are things that a report tells or not, each by a pattern; a rule without items
    is measured by the function of its code.
    """

    code: str = Field(pattern=r"^[a-z]+\.[a-z_]+$")
    name: str
    unit: str
    weight: float = Field(ge=0, le=1)  # of its dimension; 0: shown, not scored
    curve: tuple[tuple[float, float], ...] = Field(min_length=2)  # (value, points)
    source: str = "本地"
    items: dict[str, str] = {}
    unless: str = ""  # a statement with this tells none of the items

    @model_validator(mode="after")
    def _sound(self) -> Rule:
        values = [value for value, _ in self.curve]
        if values != sorted(set(values)):
            raise ValueError(f"{self.code}: the curve must go by rising values")
        if any(not 0 <= points <= 100 for _, points in self.curve):
            raise ValueError(f"{self.code}: points lie between 0 and 100")
        for pattern in (*self.items.values(), self.unless):
            compiled(pattern)
        return self

    def points(self, value: float) -> float:
        """Points of a value: linear between the curve's corners, flat beyond them."""
        values, points = zip(*self.curve, strict=True)
        return round(float(np.interp(value, values, points)), 1)

    def fact(
        self, dimension: Dimension, value: float, quotes: Sequence[Quote] = (), note: str = ""
    ) -> QualityFact:
        """The fact of that value, with as many of the quotes as are shown."""
        return QualityFact(
            dimension=dimension,
            code=self.code,
            name=self.name,
            value=round(value, 4),
            unit=self.unit,
            points=self.points(value),
            weight=self.weight,
            quotes=tuple(quotes[:SHOWN]),
            note=note,
            source=self.source,
        )


class Rules(_Strict):
    """Rules of every dimension; the weights of a dimension sum to 1, or are all 0."""

    title: str
    least_weight: float = Field(gt=0, le=1)  # of facts that could be had, to score a dimension
    dimensions: dict[Dimension, tuple[Rule, ...]]

    @model_validator(mode="after")
    def _adds_up(self) -> Rules:
        if set(self.dimensions) != set(get_args(Dimension)):
            raise ValueError("every dimension needs its facts, and no other does")
        for dimension, facts in self.dimensions.items():
            if round(sum(rule.weight for rule in facts), 6) not in (0, 1):
                raise ValueError(f"{dimension}: weights must sum to 1")
        return self


@lru_cache(maxsize=1024)  # more than are shipped: each is asked for in every statement
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as written over several lines of YAML: white space in it means nothing."""
    return re.compile(re.sub(r"\s", "", pattern))


@lru_cache
def rules() -> Rules:
    """The shipped rules; pydantic's ValidationError names what is wrong with them."""
    path = shipped("data", "quality.yaml")
    return Rules.model_validate(read_yaml(path))
