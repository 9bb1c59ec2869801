"""Bring the board up to what a review left in OUT."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert, select

from pipeline.desk.store.board import READ_IN, State, put_entry, versions_of
from pipeline.desk.store.clock import now
from pipeline.desk.store.schema import submissions, versions
from pipeline.emit.contract import RUN, FileFacts, RunFile
from pipeline.receipts import read_receipt

SENDER = "zejian review"


def sync_year(db: Connection, out: Path) -> None:
    """Make or renew the submissions that OUT/run.json names; nothing is ever removed.

    A file not seen before becomes a version, and ends ``missing`` and ``failed``; who is
    registered without a file is ``missing``.

    Raises:
        FileNotFoundError: there is no run.json.
        pydantic.ValidationError: it is not of this contract.
    """
    run = RUN.validate_json((out / "run.json").read_bytes())
    for file in run.files:
        if file.submission:
            _put(db, out, file)
    _put_missing(db, run)


def _put(db: Connection, out: Path, file: FileFacts) -> None:
    receipt = read_receipt(out, file.submission)
    told = receipt.summary if receipt and receipt.summary else None
    known_of = told or file  # of a report that failed, what the registration tells
    facts = (known_of.year, known_of.industry, known_of.district)
    state: State = "submitted" if file.status in READ_IN else "failed"
    company = known_of.company or Path(file.file).stem
    put_entry(db, file.submission, company, state, *facts)
    known = versions_of(db, file.submission)
    if not any(one.sha256 == file.sha256 for one in known):
        row = {"submission_id": file.submission, "number": len(known) + 1, "file": file.file}
        what = {"sha256": file.sha256, "status": file.status, "progress": 1.0}
        why = {"code": file.code, "reason": file.reason, "received": now(), "sender": SENDER}
        db.execute(insert(versions).values(**row, **what, **why))


def _put_missing(db: Connection, run: RunFile) -> None:
    """Who registered and sent nothing, under a name that no folder of OUT can have."""
    known = set(db.scalars(select(submissions.c.company)))
    for row in run.orphans.rows:
        if row.company not in known:
            told = (row.year, row.industry, row.district)
            put_entry(db, f"missing/{row.company}"[:255], row.company, "missing", *told)
