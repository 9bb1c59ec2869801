"""The year's board: submissions and their states, versions handed in, readers, signatures."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.clock import now
from pipeline.desk.store.rights import Forbidden, demand
from pipeline.desk.store.schema import (
    assignments,
    decisions,
    inserted,
    links,
    submissions,
    users,
    versions,
)
from pipeline.emit.escape import clean

State = Literal["missing", "submitted", "failed", "reviewing", "suggested", "revised", "approved"]
STATES: dict[State, str] = {
    "missing": "未提交",
    "submitted": "已提交",
    "failed": "读取失败",
    "reviewing": "评审中",
    "suggested": "已提建议",
    "revised": "已修订",
    "approved": "已通过",
}
SEATS = (1, 2)
READ_IN = ("done", "partial")  # statuses of a version that can be reviewed


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission on the board."""

    id: str
    company: str
    year: int | None
    industry: str
    district: str
    state: State
    changed: str


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was handed in, and what became of its review."""

    id: int
    submission_id: str
    number: int
    file: str
    sha256: str
    received: str
    sender: str
    status: str
    progress: float
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    """An expert assigned to a report; ``signed`` is None until signed."""

    submission: str
    user: int
    name: str
    shown: str
    seat: int
    assigned: str
    signed: str | None


def board(db: Connection) -> list[Entry]:
    """All submissions, by id."""
    return [Entry(**row) for row in db.execute(select(submissions).order_by("id")).mappings()]


def entry(db: Connection, submission: str) -> Entry:
    """One submission; Refused if there is none of that id."""
    query = select(submissions).where(submissions.c.id == submission)
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        raise Refused("没有这份申报材料。")
    return Entry(**row)


def put_entry(
    db: Connection,
    submission: str,
    company: str,
    state: State,
    year: int | None = None,
    industry: str = "",
    district: str = "",
) -> None:
    """Make a submission, or renew what is told of it; the state of one that is there stays.

    Only ``missing`` and ``failed`` give way, since a file that can be read ends both.
    """
    words = {"company": company, "industry": industry, "district": district}
    told = {"year": year, **{name: clean(text) for name, text in words.items()}}
    known = db.scalar(select(submissions.c.state).where(submissions.c.id == submission))
    if known is None:
        row = {"id": submission, "state": state, "changed": now(), **told}
        db.execute(insert(submissions).values(**row))
        return
    kept = known if known not in ("missing", "failed") else state
    changed = {"state": kept, "changed": now()} if kept != known else {}
    where = submissions.c.id == submission
    db.execute(update(submissions).where(where).values(**told, **changed))


def set_state(db: Connection, by: User, submission: str, state: State) -> None:
    """Move a submission to a state; the office knows best, so any move is allowed, and logged."""
    demand(db, by, "upload", submission)
    was = entry(db, submission).state
    change = update(submissions).where(submissions.c.id == submission)
    db.execute(change.values(state=state, changed=now()))
    audit.log(db, by.name, "state", submission, f"{was} → {state}")


def add_version(db: Connection, submission: str, file: str, sha256: str, sender: str) -> int:
    """Note a file handed in, waiting for its review; a submission that had one is ``revised``.

    Returns:
        Id of the version.
    """
    entry(db, submission)
    mine = versions.c.submission_id == submission
    number = 1 + (db.scalar(select(func.max(versions.c.number)).where(mine)) or 0)
    row = {"submission_id": submission, "number": number, "file": file, "sha256": sha256}
    told = {"received": now(), "sender": sender, "status": "waiting"}
    made = inserted(db.execute(insert(versions).values(**row, **told)))
    state = "submitted" if number == 1 else "revised"
    change = update(submissions).where(submissions.c.id == submission)
    db.execute(change.values(state=state, changed=now()))
    audit.log(db, sender, "version", submission, f"第{number}版 {sha256}")
    return made


def set_version(
    db: Connection, version: int, status: str, progress: float, code: str = "", reason: str = ""
) -> None:
    """Note how far the review of a version is; one that failed sets the submission's state."""
    told = {"status": status, "progress": progress, "code": code, "reason": reason}
    db.execute(update(versions).where(versions.c.id == version).values(**told))
    if status == "failed":
        mine = select(versions.c.submission_id).where(versions.c.id == version).scalar_subquery()
        change = update(submissions).where(submissions.c.id == mine)
        db.execute(change.values(state="failed", changed=now()))


def versions_of(db: Connection, submission: str) -> list[Version]:
    """Versions handed in, first to last."""
    query = select(versions).where(versions.c.submission_id == submission)
    return [Version(**row) for row in db.execute(query.order_by("number")).mappings()]


def assign(db: Connection, by: User, submission: str, expert: User) -> Reader:
    """Give a report to an expert: the first free of two seats.

    Raises:
        Refused: not an expert, shut out, already a reader of it, or both seats are taken.
    """
    demand(db, by, "assign", submission)
    entry(db, submission)
    if expert.role != "expert" or not expert.active:
        raise Refused("只能分配给专家，账号须可用。")
    for seat in SEATS:
        row = {"submission_id": submission, "user_id": expert.id, "seat": seat}
        try:
            with db.begin_nested():
                db.execute(insert(assignments).values(**row, assigned=now()))
        except IntegrityError:
            continue
        _under_review(db, submission)
        audit.log(db, by.name, "assign", submission, f"{expert.name} 席位{seat}")
        return next(one for one in readers(db, submission) if one.user == expert.id)
    raise Refused("这份报告已分配给该专家，或已有两位专家。")


def _under_review(db: Connection, submission: str) -> None:
    handed_in = submissions.c.state.in_(("submitted", "revised"))
    change = update(submissions).where(submissions.c.id == submission, handed_in)
    db.execute(change.values(state="reviewing", changed=now()))


def readers(db: Connection, submission: str = "") -> list[Reader]:
    """Readers of a report, or of all, by report and seat."""
    a = assignments.c
    query = select(
        a.submission_id.label("submission"),
        a.user_id.label("user"),
        users.c.name,
        users.c.shown,
        a.seat,
        a.assigned,
        a.signed,
    ).join(users, users.c.id == a.user_id)
    if submission:
        query = query.where(a.submission_id == submission)
    rows = db.execute(query.order_by(a.submission_id, a.seat)).mappings()
    return [Reader(**row) for row in rows]


def stamps(db: Connection) -> dict[str, tuple[object, ...]]:
    """Of each report with readers, what changes when its decisions or signatures do."""
    query = select(decisions.c.submission_id, func.max(decisions.c.seq))
    latest = {name: seq for name, seq in db.execute(query.group_by(decisions.c.submission_id))}
    found: dict[str, tuple[object, ...]] = {}
    for one in readers(db):
        mine = (one.user, one.signed)
        found[one.submission] = (*found.get(one.submission, (latest.get(one.submission),)), mine)
    return found


def reports_of(db: Connection, user: User) -> list[Reader]:
    """What an expert has to read, by report."""
    return [one for one in readers(db) if one.user == user.id]


def sign(db: Connection, by: User, submission: str) -> None:
    """End one's reading: no decision can be added after it. Forbidden if not one's to sign."""
    demand(db, by, "decide", submission)
    mine = (assignments.c.submission_id == submission) & (assignments.c.user_id == by.id)
    free = assignments.c.signed.is_(None)
    if db.execute(update(assignments).where(mine, free).values(signed=now())).rowcount != 1:
        raise Forbidden
    audit.log(db, by.name, "sign", submission)


def sign_for(db: Connection, by: User, submission: str, expert: User) -> None:
    """Sign for an expert who sent a filled sheet and does not use the desk; logged as such."""
    demand(db, by, "assign", submission)
    mine = (assignments.c.submission_id == submission) & (assignments.c.user_id == expert.id)
    free = assignments.c.signed.is_(None)
    if db.execute(update(assignments).where(mine, free).values(signed=now())).rowcount != 1:
        raise Refused("该专家没有待签署的这份报告。")
    audit.log(db, by.name, "sign.for", submission, expert.name)


def reopen(db: Connection, by: User, submission: str, expert: User) -> None:
    """Let an expert go on with a report that was signed; what was decided stays."""
    demand(db, by, "assign", submission)
    mine = (assignments.c.submission_id == submission) & (assignments.c.user_id == expert.id)
    db.execute(update(assignments).where(mine).values(signed=None))
    audit.log(db, by.name, "reopen", submission, expert.name)


def make_link(db: Connection, by: User, submission: str, days: int = 14) -> str:
    """The secret of a new link by which the company hands in its report; told only once."""
    demand(db, by, "assign", submission)
    entry(db, submission)
    secret = secrets.token_urlsafe(24)
    times = {"created": now(), "expires": now(timedelta(days=days))}
    db.execute(insert(links).values(token=_digest(secret), submission_id=submission, **times))
    audit.log(db, by.name, "link", submission)
    return secret


def link_submission(db: Connection, secret: str) -> str | None:
    """Which submission a link is for; None for one unknown or expired."""
    alive = (links.c.token == _digest(secret)) & (links.c.expires > now())
    return db.scalar(select(links.c.submission_id).where(alive))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
