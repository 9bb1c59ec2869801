"""Last year's review of a company, in another OUT: by its name, or a name it says it had."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import from_json

from pipeline.emit import read_document, read_score
from pipeline.names import Renamed, ends, normalised, renamings
from pipeline.records import Document, Submission

if TYPE_CHECKING:
    from pipeline.memory import Reviewed

_HEAD = 16_384  # bytes of findings.json that hold its ``report``


def last_report(out: Path, submission: Submission, document: Document) -> Reviewed | None:
    """The company's latest report before this one in ``out``; None if it has none there.

    Args:
        out: OUT of an earlier review.
        submission: This year's, completed with what the report says of itself.
        document: This year's report: it may tell the company's former name.

    Raises:
        pydantic.ValidationError: the findings.json found is of another contract.
    """
    row = submission.registration
    key = normalised(row.company)
    told = [one for one in renamings(document) if not one.new or ends(one.new, key)]
    before = row.year or 9999
    found = [
        (year or 0, folder)
        for name, year, sha256, folder in _heads(out)
        if (year or 0) < before and sha256 != submission.sha256 and _same(name, key, told)
    ]
    if not found:
        return None
    folder = max(found)[1]
    earlier = read_document(folder)
    return (read_score(folder), earlier) if earlier else None


def sent_before(out: Path, sha256: str) -> tuple[tuple[str, str], ...]:
    """A note, code and Chinese sentence, where this very file was reviewed in ``out`` already."""
    if all(sha256 != digest for _, _, digest, _ in _heads(out)):
        return ()
    return (
        ("last_years_file", "与往年提交的文件完全相同，仍已评阅；请企业核对是否误交往年报告。"),
    )


def _same(name: str, key: str, told: Sequence[Renamed]) -> bool:
    """Whether ``name`` is this company's, or what it says it was called."""
    return bool(name) and (name == key or any(ends(one.old, name) for one in told))


@lru_cache(maxsize=4)
def state_of(out: Path) -> str:
    """Digest of all findings in ``out``: what is compared with them has to follow them."""
    found = hashlib.sha256()
    for path in sorted(out.glob("*/findings.json")):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@lru_cache(maxsize=4)
def _heads(out: Path) -> tuple[tuple[str, int | None, str, Path], ...]:
    """Normalised company, year, file's digest and folder of every report in ``out``."""
    found = []
    for path in sorted(out.glob("*/findings.json")):
        with path.open("rb") as file:
            report = from_json(file.read(_HEAD), allow_partial=True)["report"]
        key = normalised(report["company"])
        found.append((key, report["year"], report["sha256"], path.parent))
    return tuple(found)
