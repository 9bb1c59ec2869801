"""decisions.json: what experts decided on one report, in force beside its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from pipeline.decisions import Decision
from pipeline.emit.contract import STRICT
from pipeline.emit.files import put

NAME = "decisions.json"


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """The whole of decisions.json, and of an export of all decisions as JSON."""

    __pydantic_config__ = STRICT
    contract: Literal["1.0"]
    decisions: tuple[Decision, ...]


DECISIONS = TypeAdapter(DecisionsFile)


def decisions_json(decisions: Sequence[Decision]) -> bytes:
    """Decisions as the bytes of decisions.json."""
    return DECISIONS.dump_json(DecisionsFile("1.0", tuple(decisions)), indent=1) + b"\n"


def write_decisions(folder: Path, decisions: Sequence[Decision]) -> None:
    """Write decisions.json into ``folder``; OSError if the disk refuses."""
    put(folder / NAME, decisions_json(decisions))


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """The decisions that lie in ``folder``; none where there is no file.

    Raises:
        pydantic.ValidationError: the file is damaged; it is never taken for an empty one.
    """
    try:
        return DECISIONS.validate_json((folder / NAME).read_bytes()).decisions
    except FileNotFoundError:
        return ()
