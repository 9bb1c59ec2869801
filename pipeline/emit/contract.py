"""The output contract: what document.json, findings.json and run.json hold, one model each.

The JSON Schemas in docs/ are generated from here by ``write_schemas``; a test compares. Fields
may be added within a major version, never renamed or removed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from pipeline.facts import Facts
from pipeline.records import (
    Document,
    FileStatus,
    Finding,
    FindingStatus,
    Overruled,
    Registration,
    Submission,
)

CONTRACT: Literal["1.1"] = "1.1"
Contract = Literal["1.0", "1.1"]  # what can be read: last year's files stay of use
STRICT = ConfigDict(extra="forbid")

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Setting = str | int | float | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced a sheet; printed on it, so that it stands up in an appeal."""

    code: str
    encoder: str
    matcher: str
    frameworks: tuple[tuple[str, str], ...]  # (framework id, digest of its file)
    programme: str
    ocr: str = ""  # what read the pages that are pictures; blank: nothing
    promise: tuple[float, float, float] | None = None  # share of right automatic decisions


@dataclass(frozen=True, slots=True)
class Times:
    """When a run began and ended (ISO 8601, given by the caller) and how long it took."""

    started: str
    finished: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Identity and size of the report a findings.json speaks of."""

    __pydantic_config__ = STRICT
    file: str
    sha256: str
    pages: Count
    characters: Count
    company: str
    year: int | None
    programme: str


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """Coverage of one framework; shares 0-1, ``depth`` 0-4, ``counts`` by status."""

    __pydantic_config__ = STRICT
    weighted: Share
    low: Share
    high: Share
    depth: Annotated[float, Field(ge=0, le=4)]
    core: Share | None
    extended: Share | None
    counts: dict[FindingStatus, Count]


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """How the report was read: passages in all and by level 0-4, and what went amiss."""

    __pydantic_config__ = STRICT
    passages: Count
    levels: tuple[Count, Count, Count, Count, Count]
    warnings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FindingsFile:
    """The whole of findings.json; everything needed to build the report's score again."""

    __pydantic_config__ = STRICT
    contract: Contract
    report: ReportFacts
    findings: tuple[Finding, ...]
    coverage: dict[str, CoverageFacts]  # by framework id, in the programme's order
    reading: ReadingFacts
    submission: Submission
    versions: Versions
    facts: Facts = field(default_factory=Facts)  # since 1.1
    overruled: Overruled = field(default_factory=Overruled)  # since 1.1


@dataclass(frozen=True, slots=True)
class DocumentFile(Document):
    """The whole of document.json: the document and the contract it is written by."""

    contract: Contract = CONTRACT


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What became of one file of the reviewed folder; ``reason`` is Chinese.

    What it is and whose, as registered, is blank for files that are no report, and in files
    written before 1.1 told of it.
    """

    __pydantic_config__ = STRICT
    file: str
    sha256: str
    submission: str
    status: FileStatus
    code: str
    reason: str
    media: str = ""
    company: str = ""
    industry: str = ""
    district: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class OrphanFacts:
    """Registrations without a file, and files without a registration."""

    __pydantic_config__ = STRICT
    rows: tuple[Registration, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunFile:
    """The whole of run.json; the only file with times in it."""

    __pydantic_config__ = STRICT
    contract: Contract
    versions: Versions
    settings: dict[str, Setting]
    counts: dict[FileStatus, Count]
    files: tuple[FileFacts, ...]
    orphans: OrphanFacts
    times: Times


FINDINGS = TypeAdapter(FindingsFile)
DOCUMENT = TypeAdapter(DocumentFile)
RUN = TypeAdapter(RunFile)
SCHEMAS: dict[str, TypeAdapter[Any]] = {"findings": FINDINGS, "document": DOCUMENT, "run": RUN}


def schema(name: str) -> dict[str, Any]:
    """JSON Schema of ``findings``, ``document`` or ``run``; KeyError for any other name."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | SCHEMAS[name].json_schema(mode="serialization")


def schema_text(name: str) -> str:
    """The schema as docs/NAME.schema.json holds it."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the schemas into ``folder`` (docs/), to be run after a change of the contract."""
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_text(schema_text(name), "utf-8")
