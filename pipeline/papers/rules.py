"""data/bulletin.yaml and data/awards.yaml, read once."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.resources import read_yaml, shipped


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """A figure of the bulletin; see the head of the file."""

    name: str
    how: Literal["sum", "mean"]
    unit: str
    per: float = 1.0  # base units in one of the unit shown
    ratio: tuple[str, str] | None = None
    printed: str = ""
    low: float
    high: float
    digits: int = Field(default=1, ge=0)


class Grade(_Strict):
    """The tax-credit grade: its grades, and how a report tells its own."""

    name: str
    grades: tuple[str, ...]
    said: str


class Bulletin(_Strict):
    """What the bulletin tells."""

    statistics: tuple[Figure, ...]
    grade: Grade


class Award(_Strict):
    """An award and the words that speak for it."""

    name: str
    cues: tuple[str, ...]


class Awards(_Strict):
    """The awards, and how many candidates and reasons are named."""

    title: str
    shortlist: int
    reasons: int
    least: int
    awards: tuple[Award, ...]


@lru_cache
def bulletin() -> Bulletin:
    """All of data/bulletin.yaml."""
    return Bulletin.model_validate(_read("bulletin.yaml"))


@lru_cache
def awards() -> Awards:
    """All of data/awards.yaml."""
    return Awards.model_validate(_read("awards.yaml"))


def _read(name: str) -> object:
    return read_yaml(shipped("data", name))
