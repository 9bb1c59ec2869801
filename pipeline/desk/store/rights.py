"""Who may do what: one function, and the table it reads."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, select

from pipeline.desk.store.accounts import Role, User
from pipeline.desk.store.schema import assignments

Action = Literal[
    "board",  # see the year
    "accounts",  # make and shut accounts
    "assign",  # give reports to experts, open a signed one again, send company links
    "upload",  # take in a report, set the state of a submission
    "export",  # take decisions out, import a filled sheet
    "agreement",  # figures of agreement between experts
    "audit",  # read the audit log
    "read",  # open a report with Zejian's own conclusions
    "decide",  # give and sign one's own decisions
    "compare",  # see both readers' decisions, and what is in force
    "adjudicate",  # decide where the readers differ
]
ACTIONS: tuple[Action, ...] = Action.__args__  # type: ignore[attr-defined]

_OF_YEAR: dict[Role, frozenset[Action]] = {
    "office": frozenset(
        {"board", "accounts", "assign", "upload", "export", "agreement", "audit", "read"}
    ),
    "expert": frozenset(),
    "researcher": frozenset({"board", "agreement", "read"}),
}


class Forbidden(Exception):
    """Someone asked for what they may not; told without detail."""


def may(db: Connection, user: User, action: Action, submission: str = "") -> bool:
    """Whether ``user`` may do that, now.

    What concerns two readers waits for both: readers and researchers ``compare`` when two have
    signed; the office, when every reader that it assigned has. ``decide`` needs an assignment
    that is not signed.

    Args:
        db: Any transaction.
        user: As of this request: an account shut out meanwhile may nothing.
        action: See ``Action``.
        submission: Id, for what concerns one report; "" for the year.
    """
    if not user.active:
        return False
    if action in _OF_YEAR[user.role]:
        return True
    return bool(submission) and _may_here(db, user, action, submission)


def demand(db: Connection, user: User, action: Action, submission: str = "") -> None:
    """Raise Forbidden unless ``user`` may."""
    if not may(db, user, action, submission):
        raise Forbidden


def both_signed(db: Connection, submission: str) -> bool:
    """Whether two readers have signed the report."""
    signed = _seats(db, submission).values()
    return len(signed) == 2 and all(signed)


def _may_here(db: Connection, user: User, action: Action, submission: str) -> bool:
    seats = _seats(db, submission)
    if action == "read":
        return user.id in seats
    if action == "decide":
        return user.role == "expert" and user.id in seats and not seats[user.id]
    if not all(seats.values()):
        return False
    if user.role == "office":
        return action == "compare" or bool(seats)
    return action == "compare" and len(seats) == 2 and (user.role != "expert" or user.id in seats)


def _seats(db: Connection, submission: str) -> dict[int, str | None]:
    """Readers of the report and when they signed."""
    query = select(assignments.c.user_id, assignments.c.signed)
    rows = db.execute(query.where(assignments.c.submission_id == submission))
    return {user: signed for user, signed in rows}
