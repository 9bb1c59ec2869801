"""Frameworks (指南), crosswalks and their one schema; YAML in ``indicators/``.

A framework file reads like a glossary and carries its own tests: each indicator has
example sentences that the matcher must accept or refuse.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.resources import read_yaml, shipped


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Years(_Strict):
    """Report years (the year reported on, not of publication) between which a code is in use."""

    first: int | None = None
    last: int | None = None

    def hold(self, year: int | None) -> bool:
        """Whether ``year`` lies between; an unknown year always does."""
        if year is None:
            return True
        return (self.first is None or year >= self.first) and (
            self.last is None or year <= self.last
        )


class Alias(_Strict):
    """Another code of the same disclosure, e.g. GRI 102-1 (2016) for GRI 2-1 (2021)."""

    code: str
    years: Years = Years()
    note: str = ""


class Examples(_Strict):
    """Sentences written by us: the matcher must accept the positive and refuse the negative."""

    positive: tuple[str, ...] = Field(min_length=1)
    negative: tuple[str, ...] = Field(min_length=1)


class Group(_Strict):
    """A heading of the framework that holds indicators (theme, dimension, standard)."""

    code: str
    name: str
    name_en: str = ""
    parent: str | None = None
    veto: bool = False  # 一票否决: its indicators are flags, left out of every average


class Indicator(_Strict):
    """One entry of a framework: what a report must say to disclose it."""

    code: str
    name: str
    name_en: str = ""
    group: str | None = None
    definition: str
    kind: Literal["qualitative", "quantitative", "either"]
    cues: tuple[str, ...] = Field(min_length=1)  # phrases that suggest it, in our words
    not_cues: tuple[str, ...] = ()  # phrases that suggest a sibling instead
    units: tuple[str, ...] = ()
    examples: Examples
    weight: float = Field(default=1.0, gt=0)  # local unless the source says otherwise
    basis: Literal["core", "extended"] | None = None
    obligation: Literal["mandatory", "mandatory_if_applicable", "encouraged"] | None = None
    applies_to: str = ""  # Chinese; for whom only, e.g. 重点排污单位; "" = everybody
    code_origin: Literal["official", "recalled", "derived", "local"]
    source: str
    confidence: Literal["high", "medium", "low"]
    years: Years = Years()
    aliases: tuple[Alias, ...] = ()
    note: str = ""


class Framework(_Strict):
    """A guideline (指南) with its indicators (指标)."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    title_en: str = ""
    short: str  # short Chinese name for tables and sheet tabs, at most 12 characters
    issuer: str = ""
    year: int | None = None
    draft: bool = False  # True: reconstructed; every sheet says 草案
    draft_note: str = ""  # Chinese; what is reconstructed and what to replace it with
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Framework:
        codes = [i.code for i in self.indicators]
        if len(set(codes)) != len(codes):
            raise ValueError("指标编号重复")
        groups = {g.code for g in self.groups}
        wanted = {i.group for i in self.indicators} | {g.parent for g in self.groups}
        if missing := sorted(code for code in wanted if code and code not in groups):
            raise ValueError(f"没有这些组：{'、'.join(missing)}")
        if self.draft and not self.draft_note:
            raise ValueError("草案须写明何处是草案（draft_note）")
        return self

    def veto_codes(self) -> frozenset[str]:
        """Indicators that are veto items (一票否决), by the group they stand in."""
        veto = {group.code for group in self.groups if group.veto}
        return frozenset(i.code for i in self.indicators if i.group in veto)


class CrosswalkRow(_Strict):
    """Indicators of several frameworks that ask for the same thing."""

    concept: str
    codes: dict[str, tuple[str, ...]]  # framework id -> indicator codes


class Crosswalk(_Strict):
    """A table of correspondences, compiled by us unless ``source`` says otherwise."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    source: str
    rows: tuple[CrosswalkRow, ...]


def read_framework(path: Path) -> Framework:
    """Read and validate one framework file; pydantic's ValidationError names what is wrong."""
    return Framework.model_validate(read_yaml(path))


def framework_path(name: str) -> Path:
    """File of a shipped framework by id, or of any other by its path.

    Raises:
        KeyError: neither a shipped id nor a YAML file.
    """
    path = shipped("indicators", f"{name}.yaml")
    if not path.is_file():
        path = Path(name)
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        raise KeyError(name)
    return path


@lru_cache
def framework(name: str) -> Framework:
    """A shipped framework by id, or any YAML file by path.

    Raises:
        KeyError: neither a shipped id nor a file.
    """
    return read_framework(framework_path(name))


def framework_ids() -> list[str]:
    """Ids of the shipped frameworks, sorted."""
    return sorted(p.stem for p in shipped("indicators").glob("*.yaml"))


@lru_cache
def crosswalks() -> tuple[Crosswalk, ...]:
    """The shipped crosswalks, by file name."""
    paths = sorted(shipped("indicators", "crosswalks").glob("*.yaml"))
    return tuple(Crosswalk.model_validate(read_yaml(p)) for p in paths)
