"""Parts of the report's screen: cards, lists, pictures, letters, search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.datastructures import FormData

from pipeline.desk import cards, leaves, lists, marks
from pipeline.desk.render import fragment
from pipeline.desk.report_pages import address, card_html
from pipeline.desk.room import Room, Said, choice, verdicts
from pipeline.desk.seat import Form, Seat, Sitting, number, text
from pipeline.desk.shelf import NotThere, Report
from pipeline.desk.store import rulings
from pipeline.desk.store.accounts import Refused

router = APIRouter(prefix="/r/{submission}")
_KEPT = {"Cache-Control": "private, max-age=86400"}  # a report's picture never changes


@router.get("/card/{key:path}")
def show_card(seat: Sitting, submission: str, key: str, chosen: str = "") -> Response:
    """The card of a subject."""
    return HTMLResponse(card_html(Room(seat, submission), cards.subject(key), chosen))


@router.post("/card/{key:path}")
def decide(seat: Sitting, submission: str, key: str, form: Form) -> Response:
    """Keep a decision; the card as it is now, the list's line and the count beside it."""
    seat.demand("decide", submission)
    report, of = seat.desk.shelf.report(submission), cards.subject(key)
    chosen = text(form, "chosen", 64)
    try:
        said = _said(report, lists.card_of(report, of), form)
        with seat.desk.store.write() as db:
            rulings.decide(db, seat.user, submission, said)
    except Refused as fault:
        return HTMLResponse(card_html(Room(seat, submission), of, chosen, str(fault)))
    after = Room(seat, submission)
    return HTMLResponse(_saved(after, of, chosen), headers={"HX-Trigger-After-Settle": "saved"})


def _said(report: Report, shown: cards.Card, form: FormData) -> rulings.Choice:
    if text(form, "verdict") not in {value for value, *_ in verdicts(shown, True)}:
        raise Refused("请先选择结论。")
    return choice(report, shown, _given(report, form))


def _given(report: Report, form: FormData) -> Said:
    start, end = number(form, "start"), number(form, "end")
    return Said(
        text(form, "verdict"),
        number(form, "level"),
        number(form, "points"),
        text(form, "remark"),
        None if start is None or end is None else marks.taken(report, start, end),
    )


def _saved(room: Room, of: cards.Subject, chosen: str) -> str:
    place = {"address": address(room.report.id), "chosen": chosen, "current": of.key}
    line = fragment("_item", item=room.item(of), oob=True, **place)
    return card_html(room, of, chosen) + line + fragment("_count", progress=room.progress())


@router.get("/queue")
def queue(seat: Sitting, submission: str, chosen: Annotated[str, Query(max_length=64)]) -> Response:
    """The lines of a list."""
    room = Room(seat, submission)
    values = {"items": room.items(chosen), "chosen": chosen, "current": "", "oob": False}
    return HTMLResponse(fragment("_queue", address=address(submission), **values))


@router.get("/search")
def search(seat: Sitting, submission: str, q: Annotated[str, Query(max_length=60)]) -> Response:
    """Where words stand in the report."""
    hits = marks.search(_readable(seat, submission), q)
    return HTMLResponse(fragment("_hits", hits=hits, q=q.strip(), most=marks.MOST_HITS))


@router.get("/page/{number}/{width}")
def picture(seat: Sitting, submission: str, number: int, width: int) -> Response:
    """A page as a picture."""
    report = _readable(seat, submission)
    file = seat.desk.shelf.file(report) if report.drawn else None
    if file is None or width not in leaves.WIDTHS:
        raise NotThere(f"page {number}")
    drawn = seat.desk.leaves.picture(file, report.document.sha256, number, width)
    return FileResponse(drawn, media_type="image/jpeg", headers=_KEPT)


@router.get("/words/{number}")
def words(seat: Sitting, submission: str, number: int) -> Response:
    """The letters of a page, to be laid over its picture."""
    report = _readable(seat, submission)
    leaf = _leaf(report, number)
    return HTMLResponse(fragment("_words", leaf=leaf, lines=marks.letters(report, number)))


@router.get("/text/{number}")
def as_text(seat: Sitting, submission: str, number: int) -> Response:
    """A page, or a chunk of a report without pages, as text."""
    report = _readable(seat, submission)
    _leaf(report, number)
    parts = [
        (block.kind, marks.sentences(marks.visible(report.document.text[start:end]), start))
        for block, start, end in marks.blocks_of(report, number)
    ]
    return HTMLResponse(fragment("_text", parts=parts))


def _readable(seat: Seat, submission: str) -> Report:
    seat.demand("read", submission)
    return seat.desk.shelf.report(submission)


def _leaf(report: Report, number: int) -> marks.Leaf:
    found = marks.leaves(report)
    if not 0 < number <= len(found):
        raise NotThere(f"leaf {number}")
    return found[number - 1]
