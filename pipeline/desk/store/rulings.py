"""Decisions of experts: appended, looked up by who may see them, and what is in force.

Two readers decide without seeing each other. A decision is in force when both have signed and
agree, or when the office has decided it (``final``); until then Zejian's own conclusion stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from sqlalchemy import Connection, RowMapping, insert, select

from pipeline.decisions import Basis, Decision, Ruling, Subject
from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.board import readers
from pipeline.desk.store.clock import now
from pipeline.desk.store.rights import both_signed, demand, may
from pipeline.desk.store.schema import assignments, decisions, users
from pipeline.emit.escape import clean
from pipeline.quoted import fingerprint
from pipeline.records import FindingStatus

About = tuple[str, str, str]  # subject, framework, key
LONGEST = 4_000  # characters of a reason or a quote
RULINGS: dict[Subject, frozenset[Ruling]] = {
    "finding": frozenset({*get_args(FindingStatus), "withdrawn"}),
    "check": frozenset({"confirmed", "dismissed", "withdrawn"}),
    "quality": frozenset({"scored", "withdrawn"}),
}
GRADED = frozenset({"disclosed", "needs_expert", "scored"})  # rulings whose level means something


@dataclass(frozen=True, slots=True)
class Choice:
    """What an expert wants to say; the store adds who, when, and what it supersedes."""

    subject: Subject
    framework: str
    key: str
    old_status: str
    old_level: float | None
    status: Ruling
    level: float | None
    why: str
    document: str  # SHA-256 of the report's file
    quote: str = ""
    start: int = 0
    end: int = 0
    page: int | None = None
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Dispute:
    """A subject on which the readers differ; None: that reader said nothing of it."""

    about: About
    first: Decision | None
    second: Decision | None


def decide(db: Connection, by: User, submission: str, choice: Choice) -> Decision:
    """Append a reader's decision.

    Raises:
        Forbidden: not a reader of this report, or signed already.
        Refused: the choice makes no sense.
    """
    mine = (assignments.c.submission_id == submission) & (assignments.c.user_id == by.id)
    db.execute(select(assignments.c.id).where(mine).with_for_update())  # nobody signs meanwhile
    demand(db, by, "decide", submission)
    return append(db, by, submission, choice)


def adjudicate(db: Connection, by: User, submission: str, choice: Choice) -> Decision:
    """Append a final decision: it is in force whatever the readers said."""
    demand(db, by, "adjudicate", submission)
    return append(db, by, submission, choice, final=True)


def adopt(db: Connection, by: User, submission: str, of: Iterable[Decision]) -> list[Decision]:
    """Make decisions of readers final as they are, e.g. all of a sole reader's."""
    return [adjudicate(db, by, submission, _choice_of(one)) for one in of]


def append(
    db: Connection, by: User, submission: str, choice: Choice, final: bool = False
) -> Decision:
    """Append a decision of ``by`` without asking whether they may: ``decide`` asks.

    Raises:
        Refused: the choice makes no sense.
    """
    _sensible(choice)
    about = (choice.subject, choice.framework, choice.key)
    earlier = standing(
        one for one in history(db, submission) if one.who == by.name and one.final == final
    ).get(about)
    quote = clean(choice.quote)
    basis = Basis(
        document=choice.document,
        quote=quote,
        fingerprint=fingerprint(quote),
        start=choice.start,
        end=choice.end,
        page=choice.page,
        paragraph=choice.paragraph,
    )
    made = Decision(
        id=uuid.uuid4().hex,
        submission=submission,
        subject=choice.subject,
        framework=choice.framework,
        key=choice.key,
        who=by.name,
        when=now(),
        why=clean(choice.why)[:LONGEST],
        old_status=choice.old_status,
        old_level=choice.old_level,
        status=choice.status,
        level=choice.level,
        basis=basis,
        supersedes=earlier.id if earlier else "",
        final=final,
    )
    insert_decision(db, by.id, made)
    audit.log(db, by.name, "decide.final" if final else "decide", submission, _told(made))
    return made


def look(db: Connection, by: User, submission: str) -> list[Decision]:
    """The decisions on a report that ``by`` may see, in order of arrival; the look is logged.

    One's own always; everybody's for who may ``compare``.
    """
    demand(db, by, "read", submission)
    audit.log(db, by.name, "decisions.look", submission)
    return _visible(db, by, submission)


def standing(given: Iterable[Decision]) -> dict[About, Decision]:
    """The latest decision on each subject; one taken back is none."""
    latest = {one.about: one for one in given}
    return {about: one for about, one in latest.items() if one.status != "withdrawn"}


def in_force(db: Connection, submission: str) -> list[Decision]:
    """Decisions that override Zejian, by subject; for files and figures, not for readers' eyes."""
    given = history(db, submission)
    agreed = _agreed(db, submission, given) if both_signed(db, submission) else {}
    final = standing(one for one in given if one.final)
    return [one for _, one in sorted({**agreed, **final}.items())]


def disputes(db: Connection, submission: str) -> list[Dispute]:
    """Where two readers who have signed differ and nothing final is said; empty before.

    A reader who signed without a word on a subject agrees with Zejian on it.
    """
    if not both_signed(db, submission):
        return []
    given = history(db, submission)
    settled = standing(one for one in given if one.final)
    first, second = _by_seat(db, submission, given)
    pairs = (Dispute(a, first.get(a), second.get(a)) for a in sorted({*first, *second}))
    return [one for one in pairs if one.about not in settled and not _same(one.first, one.second)]


def history(db: Connection, submission: str = "") -> list[Decision]:
    """All decisions ever given on a report, or on all, in order of arrival."""
    query = select(decisions, users.c.name).join(users, users.c.id == decisions.c.user_id)
    if submission:
        query = query.where(decisions.c.submission_id == submission)
    return [_record(row) for row in db.execute(query.order_by(decisions.c.seq)).mappings()]


def insert_decision(db: Connection, user: int, one: Decision) -> None:
    """Append a decision as it is; for imports."""
    basis = one.basis
    db.execute(
        insert(decisions).values(
            id=one.id,
            submission_id=one.submission,
            user_id=user,
            subject=one.subject,
            framework=one.framework,
            key=one.key,
            at=one.when,
            why=clean(one.why)[:LONGEST],
            old_status=one.old_status,
            old_level=one.old_level,
            status=one.status,
            level=one.level,
            document=basis.document,
            quote=basis.quote,
            fingerprint=basis.fingerprint,
            start=basis.start,
            end=basis.end,
            page=basis.page,
            paragraph=basis.paragraph,
            supersedes=one.supersedes,
            final=one.final,
        )
    )


def _told(one: Decision) -> str:
    was, is_ = f"{one.old_status} {one.old_level}", f"{one.status} {one.level}"
    return f"{one.id} {one.subject} {one.framework} {one.key}: {was} → {is_}"


def _sensible(choice: Choice) -> None:
    level = choice.level
    if choice.status not in RULINGS.get(choice.subject, ()):
        raise Refused("没有这种结论。")
    if choice.subject == "finding" and level is not None and level not in range(5):
        raise Refused("层级须为0至4。")
    if choice.status == "scored" and (level is None or not 0 <= level <= 100):
        raise Refused("分数须为0至100。")
    if choice.status == "disclosed" and level is None:
        raise Refused("改为已披露须给出层级。")
    if len(choice.quote) > LONGEST:
        raise Refused(f"证据原文最多{LONGEST}个字。")


def _visible(db: Connection, by: User, submission: str) -> list[Decision]:
    given = history(db, submission)
    if may(db, by, "compare", submission):
        return given
    return [one for one in given if one.who == by.name]


def _by_seat(
    db: Connection, submission: str, given: Sequence[Decision]
) -> tuple[dict[About, Decision], dict[About, Decision]]:
    names = [one.name for one in readers(db, submission)]
    first, second = (
        standing(one for one in given if one.who == name and not one.final) for name in names
    )
    return first, second


def _agreed(db: Connection, submission: str, given: Sequence[Decision]) -> dict[About, Decision]:
    first, second = _by_seat(db, submission, given)
    pairs = ((about, first.get(about), second.get(about)) for about in {*first, *second})
    return {
        about: _better([given for given in (one, other) if given])
        for about, one, other in pairs
        if _same(one, other)
    }


def _same(one: Decision | None, other: Decision | None) -> bool:
    return conclusion(one, other) == conclusion(other, one)


def conclusion(one: Decision | None, other: Decision | None) -> tuple[str, float | None]:
    """What a reader concludes; for one who said nothing, Zejian's, which ``other`` recorded."""
    status: str
    if one:
        status, level = one.status, one.level
    else:
        status, level = (other.old_status, other.old_level) if other else ("", None)
    return status, level if status in GRADED else None


def _better(agreeing: Sequence[Decision]) -> Decision:
    """Of one or two that agree, the one that points at words; the first reader's if both do."""
    return next((one for one in agreeing if one.basis.quote), agreeing[0])


def _choice_of(one: Decision) -> Choice:
    basis = one.basis
    return Choice(
        subject=one.subject,
        framework=one.framework,
        key=one.key,
        old_status=one.old_status,
        old_level=one.old_level,
        status=one.status,
        level=one.level,
        why=one.why,
        document=basis.document,
        quote=basis.quote,
        start=basis.start,
        end=basis.end,
        page=basis.page,
        paragraph=basis.paragraph,
    )


def _record(r: RowMapping) -> Decision:
    basis = Basis(**{name: r[name] for name in Basis.__slots__})
    kept = "id subject framework key why old_status old_level status level supersedes final"
    told = {name: r[name] for name in kept.split()}
    return Decision(**told, submission=r["submission_id"], who=r["name"], when=r["at"], basis=basis)
