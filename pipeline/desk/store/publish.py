"""From decisions to files: what is in force goes beside the findings, and the report anew."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, select

from pipeline.decisions import Decision
from pipeline.desk.store import audit
from pipeline.desk.store.database import Store
from pipeline.desk.store.exchange import take_strays
from pipeline.desk.store.rulings import in_force
from pipeline.desk.store.schema import submissions
from pipeline.emit.decisions import NAME, read_decisions, write_decisions
from pipeline.receipts import Receipt, read_receipt, up_to_date
from pipeline.reissue import reissue


def publish(store: Store, out: Path, submission: str, by: str) -> Receipt | None:
    """Write OUT/<submission>/decisions.json, and the report's sheets and totals from it.

    Called after what can change what is in force: a signature, an adjudication, an import.
    Decisions of the file that the database has never seen are first taken into it.

    Args:
        store: The desk's database.
        out: The year's folder.
        submission: Id of the report.
        by: Account name, for the audit log.

    Returns:
        The receipt of the report; None where nothing changed, so nothing was written.

    Raises:
        pipeline.reissue.ReviewAgain: decisions.json is written, but the report has to be
            reviewed again (or a review is running); the next ``zejian review`` applies it.
    """
    with store.write() as db:
        _one_at_a_time(db, submission)
        known = _lying_there(out / submission)
        take_strays(db, by, known)
        wanted = tuple(in_force(db, submission))
        if wanted != known:
            write_decisions(out / submission, wanted)
            audit.log(db, by, "publish", submission, f"{len(wanted)}")
    receipt = read_receipt(out, submission)
    if receipt and up_to_date(out, receipt):
        return None
    return reissue(out, submission)


def _lying_there(folder: Path) -> tuple[Decision, ...]:
    """The decisions in the folder; a file that is damaged is set aside, never written over."""
    try:
        return read_decisions(folder)
    except ValidationError:
        number = 1
        while (aside := folder / f"decisions.damaged-{number}.json").exists():
            number += 1
        os.replace(folder / NAME, aside)
        return ()


def _one_at_a_time(db: Connection, submission: str) -> None:
    """Let two publications of a report wait for each other (SQLite's writers always do)."""
    row = select(submissions.c.id).where(submissions.c.id == submission)
    db.execute(row.with_for_update())
