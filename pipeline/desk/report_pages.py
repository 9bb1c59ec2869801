"""One report on one screen, and the page on which a reader signs."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import FileResponse, RedirectResponse

from pipeline.desk import cards, lists, marks
from pipeline.desk.layouts import WRAPPED
from pipeline.desk.publishing import publish_soon
from pipeline.desk.render import fragment, page
from pipeline.desk.room import Room, draft, verdicts
from pipeline.desk.seat import Form, Seat, Sitting, text
from pipeline.desk.shelf import NotThere
from pipeline.desk.store import audit, board

router = APIRouter()


def address(submission: str) -> str:
    """Where a report's page is."""
    return f"/r/{quote(submission, safe='')}"


def card_html(room: Room, of: cards.Subject, chosen: str, problem: str = "") -> str:
    """The card of a subject with its form."""
    shown, one = lists.card_of(room.report, of), room.mine.get(of.about)
    return fragment(
        "_card",
        card=shown,
        address=address(room.report.id),
        chosen=chosen,
        csrf=room.seat.csrf,
        decisions=room.own(of),
        draft=draft(shown, one),
        verdicts=verdicts(shown, one is not None),
        may_decide=room.may_decide and of.kind in cards.DECIDED,
        problem=problem,
    )


@router.get("/r/{submission}")
def show_report(seat: Sitting, submission: str, of: str = "", show: str = "") -> Response:
    """The report with its first doubtful finding, or the one asked for."""
    room = Room(seat, submission)
    return _screen(room, _chosen(room, of), of, show)


@router.get("/r/{submission}/in/{chosen}")
def show_list(
    seat: Sitting, submission: str, chosen: str, of: str = "", show: str = ""
) -> Response:
    """The same with a list chosen."""
    return _screen(Room(seat, submission), chosen, of, show)


def _chosen(room: Room, of: str) -> str:
    if of.startswith("finding/"):
        return of.split("/")[1]
    found = lists.listed(room.report, cards.DOUBT)
    return cards.DOUBT if found or not room.report.frameworks else room.report.frameworks[0].id


def _screen(room: Room, chosen: str, of: str, show: str) -> Response:
    report, seat = room.report, room.seat
    items = room.items(chosen)
    wanted = next((one for one in items if one.key == of), None) or next(iter(items), None)
    file, stale = seat.desk.shelf.file(report), len(room.stale())
    printed = report.document.media in ("pdf", *WRAPPED)
    state = seat.desk.layouts.state(report, file)
    drawn = state == "ready" and (show == "page" or (report.places and show != "text"))
    layout = seat.desk.layouts.of(report, file) if drawn else None
    laid = layout.document if layout else None
    return page(
        "report", seat,
        report=report,
        address=address(report.id),
        leaves=marks.leaves(laid or report.document),
        paged=bool(laid or report.document.pages),
        layout=state,
        lost=file is None and printed,
        wanted=file is not None and printed,
        laid=laid is not None,
        shown_as="page" if drawn else "text",
        choices=lists.choices(report, stale),
        chosen=chosen,
        items=items,
        current=wanted.key if wanted else "",
        oob=False,
        card=card_html(room, cards.subject(wanted.key), chosen) if wanted else "",
        progress=room.progress() if room.may_decide or room.mine else None,
        may_decide=room.may_decide,
        may_compare=room.may_compare,
    )  # fmt: skip


@router.get("/r/{submission}/sign")
def show_sign(seat: Sitting, submission: str) -> Response:
    """What is left to decide before signing."""
    room = Room(seat, submission)
    seat.demand("decide", submission)
    wanted = lists.listed(room.report, cards.DOUBT)
    left = [room.item(one) for one in wanted if one.about not in room.mine]
    decided = [room.item(cards.Subject(*about)) for about in room.mine]
    return page(
        "sign", seat, report=room.report, address=address(submission), left=left, decided=decided,
        stale=[room.item(one) for one in room.stale()],
    )  # fmt: skip


@router.post("/r/{submission}/sign")
def sign(seat: Sitting, submission: str, form: Form, later: BackgroundTasks) -> Response:
    """End the reading."""
    seat.demand("decide", submission)
    if text(form, "sure") != "yes":
        return RedirectResponse(f"{address(submission)}/sign", 303)
    with seat.desk.store.write() as db:
        board.sign(db, seat.user, submission)
    later.add_task(publish_soon, seat.desk, submission, seat.user.name)
    return RedirectResponse("/", 303)


@router.get("/r/{submission}/sheet/{name}")
def sheet(seat: Sitting, submission: str, name: str) -> Response:
    """The coverage sheet as a download: sheet.xlsx, or findings.json."""
    seat.demand("read", submission)
    _demand_open(seat, submission)
    entry = seat.desk.shelf.entry(submission)
    path = seat.desk.shelf.out / entry.id / name
    if name not in ("sheet.xlsx", "findings.json") or not path.is_file():
        raise NotThere(name)
    with seat.desk.store.write() as db:
        audit.log(db, seat.user.name, "export", entry.id, name)
    return FileResponse(path, filename=f"{entry.id}-{name}", media_type="application/octet-stream")


def _demand_open(seat: Seat, submission: str) -> None:
    """A reader who is blind gets no file that may hold what others decided."""
    if seat.user.role == "expert":
        seat.demand("compare", submission)
