"""Parts of the report's screen: cards, lists, pictures, letters, search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.datastructures import FormData

from pipeline.desk import cards, leaves, lists, marks
from pipeline.desk.laid import Layout, seen, taken_from
from pipeline.desk.render import fragment
from pipeline.desk.report_pages import address, card_html
from pipeline.desk.room import Room, Said, choice, verdicts
from pipeline.desk.seat import Form, Seat, Sitting, number, text
from pipeline.desk.shelf import NotThere, Report
from pipeline.desk.store import rulings
from pipeline.desk.store.accounts import Refused
from pipeline.facts import Quote
from pipeline.records import Document

router = APIRouter(prefix="/r/{submission}")
LAST = 100_000  # no report has more pages


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
        said = _said(seat, report, lists.card_of(report, of), form)
        with seat.desk.store.write() as db:
            rulings.decide(db, seat.user, submission, said)
    except Refused as fault:
        return HTMLResponse(card_html(Room(seat, submission), of, chosen, str(fault)))
    after = Room(seat, submission)
    return HTMLResponse(_saved(after, of, chosen), headers={"HX-Trigger-After-Settle": "saved"})


def _said(seat: Seat, report: Report, shown: cards.Card, form: FormData) -> rulings.Choice:
    if text(form, "verdict") not in {value for value, *_ in verdicts(shown, True)}:
        raise Refused("请先选择结论。")
    told = text(form, "verdict"), number(form, "level"), number(form, "points")
    return choice(report, shown, Said(*told, text(form, "remark"), _picked(seat, report, form)))


def _picked(seat: Seat, report: Report, form: FormData) -> Quote | None:
    """The words of the reader's own; None for none."""
    start, end = number(form, "start"), number(form, "end")
    if start is None or end is None:
        return None
    if text(form, "laid"):  # offsets of pages laid out anew
        return taken_from(report, _layout(seat, report), start, end)
    return marks.taken(report, start, end)


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
def picture(request: Request, seat: Sitting, submission: str, number: int, width: int) -> Response:
    """A page as a picture; a browser that has it asks each time whether it still may show it."""
    report = _readable(seat, submission)
    if width not in leaves.WIDTHS or not 0 < number < LAST:
        raise NotThere(f"page {number}")
    mark = f'"{report.document.sha256[:32]}-{number}-{width}"'
    kept = {"Cache-Control": "private, no-cache", "ETag": mark}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=kept)
    path = _layout(seat, report).path
    drawn = seat.desk.leaves.picture(path, report.document.sha256, number, width)
    return FileResponse(drawn, media_type="image/jpeg", headers=kept)


def _layout(seat: Seat, report: Report) -> Layout:
    return seat.desk.layouts.of(report, seat.desk.shelf.file(report))


@router.get("/layout")
def layout(seat: Sitting, submission: str) -> Response:
    """The switch to the pages, or that they are still being laid out."""
    report = _readable(seat, submission)
    state = seat.desk.layouts.state(report, seat.desk.shelf.file(report))
    given = {"address": address(submission), "chosen": "", "current": "", "wanted": True}
    return HTMLResponse(fragment("_switch", layout=state, shown_as="text", **given))


@router.get("/layout/find")
def find(seat: Sitting, submission: str, start: int, end: int) -> Response:
    """Where words of the report stand on pages laid out anew; leaf 0 where they are not found."""
    report = _readable(seat, submission)
    there = seen(report, _layout(seat, report), start, end)
    told = (
        {"leaf": there.leaf, "shape": there.shape, "start": there.start} if there else {"leaf": 0}
    )
    return JSONResponse(told)


@router.get("/words/{number}")
def words(seat: Sitting, submission: str, number: int) -> Response:
    """The letters of a page, to be laid over its picture."""
    report = _readable(seat, submission)
    there = None if report.places else _layout(seat, report)
    document = there.document if there and there.document else report.document
    lines = there.lines if there else report.lines
    told = marks.letters(document.text, lines.get(number, ()))
    return HTMLResponse(fragment("_words", leaf=_leaf(document, number), lines=told))


@router.get("/text/{number}")
def as_text(seat: Sitting, submission: str, number: int) -> Response:
    """A page, or a chunk of a report without pages, as text."""
    report = _readable(seat, submission)
    _leaf(report.document, number)
    parts = [
        (block.kind, marks.sentences(marks.visible(report.document.text[start:end]), start))
        for block, start, end in marks.blocks_of(report, number)
    ]
    return HTMLResponse(fragment("_text", parts=parts))


def _readable(seat: Seat, submission: str) -> Report:
    seat.demand("read", submission)
    return seat.desk.shelf.report(submission)


def _leaf(document: Document, number: int) -> marks.Leaf:
    found = marks.leaves(document)
    if not 0 < number <= len(found):
        raise NotThere(f"leaf {number}")
    return found[number - 1]
