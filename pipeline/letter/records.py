"""What a letter says: suggestions, each resting on findings or facts of one report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.facts import Quote

Kind = Literal["strength", "missing", "check", "index", "alarm", "quality"]


@dataclass(frozen=True, slots=True)
class Ask:
    """An indicator that a suggestion speaks of, and the guideline's short name."""

    framework: str
    code: str
    name: str
    guideline: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that the letter tells the company.

    Attributes:
        id: The same for the same matter in another version of the report.
        kind: strength 值得肯定, missing 建议补充, check 请核对, index 索引, alarm 请说明, quality.
        title: What it is about, in our words.
        text: One or two Chinese sentences; ends with a full stop.
        asks: Indicators it speaks of, in the programme's order of guidelines.
        quotes: Words of the report it rests on; of what is missing, what comes nearest.
        weight: Of what is missing: how much the guidelines in force give it; else 0.
        only: Whom it concerns, where the guideline says so ("" = everybody).
    """

    id: str
    kind: Kind
    title: str
    text: str
    asks: tuple[Ask, ...] = ()
    quotes: tuple[Quote, ...] = ()
    weight: float = 0.0
    only: str = ""
