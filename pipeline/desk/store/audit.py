"""The audit log: every look at a decision and every change of anything; it only grows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from pipeline.desk.store.clock import now
from pipeline.desk.store.schema import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    id: int
    at: str
    who: str
    action: str
    submission: str
    detail: str


def log(db: Connection, who: str, action: str, submission: str = "", detail: str = "") -> None:
    """Write a line; ``db`` is a write transaction: what is undone is not logged as done."""
    row = {"at": now(), "who": who, "action": action, "submission": submission}
    db.execute(insert(audit).values(**row, detail=detail[:2_000]))


def entries(db: Connection, submission: str = "", before: int = 0, most: int = 200) -> list[Entry]:
    """Latest lines first, of one submission or of all; ``before`` (an id) pages on."""
    query = select(audit).order_by(audit.c.id.desc()).limit(most)
    if submission:
        query = query.where(audit.c.submission == submission)
    if before:
        query = query.where(audit.c.id < before)
    return [Entry(**row) for row in db.execute(query).mappings()]
