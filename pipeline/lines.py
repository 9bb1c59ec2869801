"""Passages from outside as JSON lines, and what the matcher says of them, for other programs.

A line in: ``{"id": …, "heading": "…" or ["…"], "text": "…"}``, in the report's order. A line
out: ``{"id", "matches": [{"framework", "indicator", "probability"}], "level", "flags"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.choices import BadUse
from pipeline.records import Passage, Reading

LEAST = 0.05  # probability below which a match is not worth a line


class BadLine(BadUse):
    """A line that cannot be read; ``number`` counts from 1."""

    def __init__(self, number: int, reason: str):
        super().__init__(f"第 {number} 行：{reason}")
        self.number = number


class Reads(Protocol):
    """What is needed of a matcher."""

    def read(self, passages: Sequence[Passage]) -> tuple[Reading, ...]:
        """A reading of every passage of one report, in order."""


class _Line(BaseModel):
    model_config = ConfigDict(strict=True)
    id: str | int
    heading: str | list[str] = ""
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """A line that was read: its id, as given, and the report it belongs to."""

    id: str | int
    heading: tuple[str, ...]
    text: str
    report: str


def read_lines(lines: Iterable[bytes], doc_field: str | None) -> list[Given]:
    """Read all lines; blank ones are passed over.

    Args:
        lines: JSON objects in UTF-8, one a line.
        doc_field: Field that names the report of a line; None: all belong to one.

    Raises:
        BadLine: a line is no such object.
    """
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    return [_given(n, line, doc_field) for n, line in numbered]


def _given(number: int, line: bytes, doc_field: str | None) -> Given:
    try:
        facts = json.loads(line)
        found = _Line.model_validate(facts)
    except ValidationError as fault:
        fields = "、".join(
            sorted({str(e["loc"][0]) if e["loc"] else "整行" for e in fault.errors()})
        )
        raise BadLine(number, f"缺少字段或类型不对（{fields}）") from fault
    except (ValueError, RecursionError) as fault:
        raise BadLine(number, "不是 UTF-8 编码的 JSON") from fault
    if doc_field and doc_field not in facts:
        raise BadLine(number, f"缺少字段（{doc_field}）")
    path = [found.heading] if isinstance(found.heading, str) else found.heading
    report = json.dumps(facts[doc_field], ensure_ascii=False) if doc_field else ""
    return Given(found.id, tuple(h for h in path if h.strip()), found.text, report)


def match_lines(given: Sequence[Given], matcher: Reads) -> Iterator[str]:
    """Match report by report; yield a JSON line for each given one, in the order given."""
    reports: dict[str, list[int]] = {}
    for place, one in enumerate(given):
        reports.setdefault(one.report, []).append(place)
    readings: dict[int, Reading] = {}
    for places in reports.values():
        passages = _passages([given[place] for place in places])
        readings |= zip(places, matcher.read(passages), strict=True)
    for place, one in enumerate(given):
        yield json.dumps(_facts(one.id, readings[place]), ensure_ascii=False)


def _passages(report: Sequence[Given]) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            id=str(one.id),
            text=one.text,
            heading=one.heading,
            end=len(one.text),
            paragraph=number + 1,
        )
        for number, one in enumerate(report)
    )


def _facts(id_: str | int, reading: Reading) -> dict[str, Any]:
    matches: list[dict[str, Any]] = [
        {
            "framework": match.framework,
            "indicator": match.indicator,
            "probability": round(match.probability, 4),
        }
        for match in reading.matches
        if match.probability >= LEAST
    ]
    matches.sort(key=lambda match: -match["probability"])
    return {"id": id_, "matches": matches, "level": reading.level, "flags": list(reading.flags)}
