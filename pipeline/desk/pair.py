"""Two readers side by side, when both have signed; the office decides where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import RedirectResponse

from pipeline.decisions import Decision
from pipeline.desk import cards
from pipeline.desk.lists import card_of
from pipeline.desk.publishing import publish_soon
from pipeline.desk.render import page
from pipeline.desk.report_pages import address
from pipeline.desk.room import Own, Room, Said, choice
from pipeline.desk.seat import BadForm, Form, Sitting, number, text
from pipeline.desk.shelf import NotThere
from pipeline.desk.store import board, rulings
from pipeline.desk.store.board import Reader
from pipeline.desk.store.rights import may
from pipeline.desk.store.rulings import Choice, Dispute

router = APIRouter(prefix="/r/{submission}")


@dataclass(frozen=True, slots=True)
class Side:
    """A dispute with both readers' words, ready to show; None: that reader agreed with Zejian."""

    card: cards.Card
    first: Own | None
    second: Own | None


@router.get("/pair")
def show_pair(seat: Sitting, submission: str) -> Response:
    """What the readers see differently, and what is settled."""
    seat.demand("compare", submission)
    room = Room(seat, submission)
    with seat.desk.store.read() as db:
        open_ = rulings.disputes(db, submission)
        settled = rulings.in_force(db, submission)
        readers = board.readers(db, submission)
        may_settle = may(db, seat.user, "adjudicate", submission)
    final = [one for one in settled if one.final]
    sole = _sole(room, readers, final) if len(readers) == 1 else []
    return page(
        "pair", seat, report=room.report, address=address(submission),
        sides=[_side(room, one) for one in open_ if _known(room, one.about)],
        final=[(room.item(cards.Subject(*one.about)), room.shown(one)) for one in final],
        sole=[(room.item(cards.Subject(*one.about)), room.shown(one)) for one in sole],
        agreed=len(settled) - len(final), readers=readers, may_settle=may_settle,
    )  # fmt: skip


def _sole(room: Room, readers: list[Reader], final: list[Decision]) -> list[Decision]:
    """What the only reader decided and the office has not adopted yet."""
    settled = {one.about for one in final}
    given = (one for one in room.seen if one.who == readers[0].name and not one.final)
    return [one for about, one in rulings.standing(given).items() if about not in settled]


@router.post("/adopt")
def adopt(seat: Sitting, submission: str, _: Form, later: BackgroundTasks) -> Response:
    """Put in force whatever the only reader of a report decided."""
    seat.demand("adjudicate", submission)
    room = Room(seat, submission)
    with seat.desk.store.write() as db:
        readers = board.readers(db, submission)
        final = [one for one in rulings.in_force(db, submission) if one.final]
        if len(readers) != 1:
            raise BadForm
        rulings.adopt(db, seat.user, submission, _sole(room, readers, final))
    later.add_task(publish_soon, seat.desk, submission, seat.user.name)
    return RedirectResponse(f"{address(submission)}/pair", 303)


def _known(room: Room, about: tuple[str, str, str]) -> bool:
    try:
        return bool(card_of(room.report, cards.Subject(*about)))
    except NotThere:
        return False


def _side(room: Room, one: Dispute) -> Side:
    first, second = (room.shown(d) if d else None for d in (one.first, one.second))
    return Side(card_of(room.report, cards.Subject(*one.about)), first, second)


@router.post("/pair/{key:path}")
def settle(
    seat: Sitting, submission: str, key: str, form: Form, later: BackgroundTasks
) -> Response:
    """Decide a dispute: as one of the readers says, or otherwise."""
    seat.demand("adjudicate", submission)
    room, of = Room(seat, submission), cards.subject(key)
    with seat.desk.store.write() as db:
        dispute = next((d for d in rulings.disputes(db, submission) if d.about == of.about), None)
        if dispute is None:
            raise BadForm
        said = _said(room, dispute, of, form)
        rulings.adjudicate(db, seat.user, submission, said)
    later.add_task(publish_soon, seat.desk, submission, seat.user.name)
    return RedirectResponse(f"{address(submission)}/pair", 303)


def _said(room: Room, dispute: Dispute, of: cards.Subject, form: Form) -> Choice:
    whose, why = text(form, "whose"), text(form, "remark")
    if whose in ("first", "second"):
        one: Decision | None = getattr(dispute, whose)
        if one:
            return _as(one, why)
    shown = card_of(room.report, of)
    if whose != "other":  # a reader who said nothing agreed with Zejian
        return choice(room.report, shown, Said("agree", shown.level, shown.points, why))
    level, points = number(form, "level"), number(form, "points")
    return choice(room.report, shown, Said(text(form, "verdict"), level, points, why))


def _as(one: Decision, why: str) -> Choice:
    basis = one.basis
    return Choice(
        one.subject, one.framework, one.key, one.old_status, one.old_level, one.status, one.level,
        why or one.why, basis.document, basis.quote, basis.start, basis.end, basis.page,
        basis.paragraph,
    )  # fmt: skip
