"""What experts decide (专家改判), as data: a record that outlives every re-run.

A decision names its subject, what was concluded before and after, who decided, when and why,
and the words of the report it rests on. Decisions are only ever added. Those in force for a
report lie beside its findings as ``decisions.json`` (``pipeline.emit.decisions``);
``pipeline.override`` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from pipeline.facts import Check
from pipeline.quoted import bare, fingerprint

Subject = Literal["finding", "check", "quality"]
Ruling = Literal[
    "disclosed",
    "needs_expert",
    "not_found",
    "unreadable",
    "not_applicable",  # the five of a finding
    "confirmed",
    "dismissed",  # of a check: it is a slip; it is none
    "scored",  # of a quality fact: the points are in the level
    "withdrawn",  # the reader takes an earlier decision back
]
# What every database can hold, checked where decisions are read from a file.
_SEEN = r"^[^\x00]*$"
Short = Annotated[str, Field(max_length=64, pattern=_SEEN)]
Key = Annotated[str, Field(max_length=128, pattern=_SEEN)]
Folder = Annotated[str, Field(max_length=255, pattern=_SEEN)]
Text = Annotated[str, Field(max_length=4_000, pattern=_SEEN)]
Offset = Annotated[int, Field(ge=0, lt=2**31)]


@dataclass(frozen=True, slots=True)
class Basis:
    """The words a decision rests on; blank where it rests on the report as a whole.

    Attributes:
        document: SHA-256 of the report's file that the expert read.
        quote: The words, verbatim; ``fingerprint`` is theirs without white space.
        start: Offsets of the words in that document's text, code points.
        end: One past the last.
        page: 1-based; None where the format has none.
        paragraph: 1-based number of the block.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    document: Short
    quote: Text = ""
    fingerprint: Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")] = ""
    start: Offset = 0
    end: Offset = 0
    page: Offset | None = None
    paragraph: Offset = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One expert's decision on one subject of one report.

    Attributes:
        id: Unique everywhere (32 hexadecimal digits), so that an import knows what it has.
        submission: Id of the report's submission.
        subject: What is decided on.
        framework: Framework id of a finding; "" for a check or a quality fact.
        key: Indicator code, ``check_key`` of a check, or the code of a quality fact.
        who: Account name of the expert.
        when: ISO 8601, UTC.
        why: The expert's reason, free text.
        old_status: Zejian's own conclusion, as the expert saw it.
        old_level: Level 0-4 of a finding; points 0-100 of a quality fact; None for a check.
        status: What the expert concludes.
        level: Likewise.
        basis: The words it rests on.
        supersedes: Id of the same expert's earlier decision that this replaces, or "".
        final: Given in adjudication: it decides where two readers differ.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    submission: Folder
    subject: Subject
    framework: Short
    key: Key
    who: Short
    when: Annotated[str, Field(max_length=32, pattern=_SEEN)]
    why: Text
    old_status: Annotated[str, Field(max_length=32, pattern=_SEEN)]
    old_level: float | None
    status: Ruling
    level: Annotated[float, Field(ge=0, le=100)] | None
    basis: Basis
    supersedes: Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$")] = ""
    final: bool = False

    @property
    def about(self) -> tuple[str, str, str]:
        """(subject, framework, key): what two decisions must share to compete."""
        return self.subject, self.framework, self.key


def check_key(check: Check) -> str:
    """A name for a check that is the same in every run that finds the same slip."""
    quoted = "\n".join(fingerprint(q.quote) for q in check.quotes)
    return f"{check.kind}-{fingerprint(f'{check.kind}{bare(check.arithmetic)}{quoted}')}"
