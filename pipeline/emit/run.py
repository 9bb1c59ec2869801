"""run.json: what ran, on what, with what result; the only file with times in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pipeline.emit.contract import CONTRACT, RUN, FileFacts, OrphanFacts, RunFile, Setting, Times
from pipeline.emit.files import put
from pipeline.emit.summary import Year
from pipeline.records import FileOutcome, FileStatus

STATUSES: tuple[FileStatus, ...] = ("done", "partial", "failed", "skipped")


def _facts(outcome: FileOutcome) -> FileFacts:
    return FileFacts(
        file=outcome.file,
        sha256=outcome.sha256,
        submission=outcome.submission,
        status=outcome.status,
        code=outcome.code,
        reason=outcome.reason,
    )


def write_run(out: Path, year: Year, settings: Mapping[str, Setting], times: Times) -> None:
    """Write run.json into ``out``; ``settings`` are those that change results."""
    counted = Counter(o.status for o in year.outcomes)
    manifest = RunFile(
        contract=CONTRACT,
        versions=year.versions,
        settings=dict(sorted(settings.items())),
        counts={status: counted[status] for status in STATUSES},
        files=tuple(_facts(o) for o in year.ordered()),
        orphans=OrphanFacts(tuple(year.orphans.rows), tuple(year.orphans.files)),
        times=times,
    )
    put(out / "run.json", RUN.dump_json(manifest, indent=2) + b"\n")
