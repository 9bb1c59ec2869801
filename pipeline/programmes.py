"""Programmes (项目): whose review it is, in which year, by what rules; YAML in ``indicators/``.

A programme file says what the year's notice says. Whatever the house added (a proxy, a
weight) carries ``local: true``, so that a sheet can tell the two apart.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.resources import read_yaml, shipped


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class InForce(_Strict):
    """A framework that reports of this programme follow, and where the notice names it."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    clause: str  # e.g. 五、1
    cited_as: str = ""  # how the notice words it, where the wording matters
    local: bool = False


class Condition(_Strict):
    """One condition of eligibility (入围条件)."""

    code: str
    text: str
    evidence: Literal["form", "report", "person"]  # what can show that it is met
    fields: tuple[str, ...] = ()  # columns of the form that show it; always ours
    cues: tuple[str, ...] = ()  # words of a report that show it; always ours
    lawful: bool = False  # asks for lawful business: an alarm of the report puts it in doubt
    clause: str = ""
    local: bool = False


class Milestone(_Strict):
    """A step of the year's work; ``last`` is a deadline where the notice gives a day."""

    name: str
    when: str  # Chinese, as in the notice
    first: date | None = None
    last: date | None = None


class Theme(_Strict):
    """A theme, emphasis or performance aspect of the year."""

    code: str
    name: str
    group: str
    kind: Literal["theme", "aspect"] = "theme"  # aspect: of the performance review (绩效评价)
    cues: tuple[str, ...] = ()  # always ours
    clause: str = ""
    local: bool = False


class Weight(_Strict):
    """Share of one quality dimension; the shares of a programme sum to 100."""

    dimension: str
    percent: float = Field(gt=0, le=100)


class Band(_Strict):
    """A star level: reached from ``floor`` points (0-100) upwards."""

    level: str
    floor: float = Field(ge=0, le=100)


class Quality(_Strict):
    """Weights and star bands of the quality score; editable, local unless a notice sets them."""

    weights: tuple[Weight, ...]
    bands: tuple[Band, ...]
    source: str
    local: bool = True

    @model_validator(mode="after")
    def _adds_up(self) -> Quality:
        if abs(sum(w.percent for w in self.weights) - 100) > 1e-6:
            raise ValueError("质量各维度的权重之和须为 100")
        floors = [b.floor for b in self.bands]
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValueError("各星级的分数线须由高到低，最低一级为 0")
        return self


class Programme(_Strict):
    """One programme year (项目年度): frameworks in force, conditions, dates, themes."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    issuer: str
    year: int | None = None  # programme year; None: the notice gives none
    report_year: int | None = None  # year reported on
    source: str  # plain description of the notice and its number
    draft: bool = False  # True: the notice itself is a draft (征求意见稿)
    notes: tuple[str, ...] = ()
    frameworks: tuple[InForce, ...] = Field(min_length=1)
    eligibility: tuple[Condition, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    themes: tuple[Theme, ...] = ()
    sdg: bool = False  # the notice asks for the contribution to the UN goals
    quality: Quality

    @model_validator(mode="after")
    def _consistent(self) -> Programme:
        for what, names in (
            ("指南", [f.id for f in self.frameworks]),
            ("入围条件编号", [c.code for c in self.eligibility]),
            ("主题编号", [t.code for t in self.themes]),
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"{what}重复")
        return self

    def framework_ids(self) -> tuple[str, ...]:
        """Ids of the frameworks in force, in the order of the notice."""
        return tuple(f.id for f in self.frameworks)


def read_programme(path: Path) -> Programme:
    """Read and validate one programme file; pydantic's ValidationError names what is wrong."""
    return Programme.model_validate(read_yaml(path))


@lru_cache
def programme(name: str) -> Programme:
    """A shipped programme by id (``shanghai-2023``), or any YAML file by path.

    Raises:
        KeyError: neither a shipped id nor a file.
    """
    path = shipped("indicators", "programmes", f"{name}.yaml")
    if not path.is_file():
        path = Path(name)
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        raise KeyError(name)
    return read_programme(path)


def programme_ids() -> list[str]:
    """Ids of the shipped programmes, sorted."""
    return sorted(p.stem for p in shipped("indicators", "programmes").glob("*.yaml"))
