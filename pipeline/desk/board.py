"""The year's board, and each expert's own list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response
from fastapi.responses import RedirectResponse

from pipeline.desk.publishing import publish_soon
from pipeline.desk.render import page
from pipeline.desk.report_pages import address
from pipeline.desk.seat import Desk, Form, Seat, Sitting, text
from pipeline.desk.shelf import Entry, NotThere
from pipeline.desk.store import accounts, board, rulings
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.board import STATES, Reader
from pipeline.desk.store.database import Connection
from pipeline.desk.store.sync import sync_year
from pipeline.programmes import Milestone

router = APIRouter()
SOON = 14  # days before a deadline from which it stands out
ONLY = {"disputed": "有分歧的", "free": "缺专家的", "unsigned": "未签署的"}  # what to see only
_TO_PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A submission on the board."""

    entry: board.Entry
    file: Entry | None
    readers: tuple[Reader, ...]
    disputes: int | None  # None: not both have signed

    @property
    def free(self) -> bool:
        """Whether a reader can still be assigned."""
        return len(self.readers) < len(board.SEATS) and self.file is not None

    def is_(self, only: str) -> bool:
        """Whether it is one of those that ONLY names."""
        if only == "disputed":
            return bool(self.disputes)
        if only == "free":
            return self.free
        return any(not one.signed for one in self.readers)


@dataclass(frozen=True, slots=True)
class Day:
    """A milestone of the programme with how near it is."""

    milestone: Milestone
    tone: str  # past, soon, later
    left: int | None  # days


@router.get("/board")
def show_board(
    seat: Sitting,
    state: str = "",
    q: Annotated[str, Query(max_length=60)] = "",
    only: Annotated[str, Query(max_length=16)] = "",
    leaf: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """All submissions with their states, readers and progress."""
    seat.demand("board")
    rows, experts = _rows(seat)
    counts = Counter(row.entry.state for row in rows)
    shown = [row for row in rows if _fits(row, state, q) and (only not in ONLY or row.is_(only))]
    signed = sum(bool(r.signed) for row in rows for r in row.readers)
    return page(
        "board", seat,
        rows=shown[(leaf - 1) * _TO_PAGE : leaf * _TO_PAGE],
        found=len(shown), leaf=leaf, leaves=-(-len(shown) // _TO_PAGE) or 1,
        counts=counts, states=STATES, state=state, q=q, only=only, onlys=ONLY, total=len(rows),
        readings=sum(len(row.readers) for row in rows), signed=signed,
        disputed=sum(bool(row.disputes) for row in rows),
        experts=experts, days=days(seat.desk, date.today()), programme=seat.desk.programme,
        may_assign=seat.may("assign"), orphans=_orphans(seat.desk), address=address,
    )  # fmt: skip


def _rows(seat: Seat) -> tuple[list[Row], list[accounts.User]]:
    desk = seat.desk
    _sync(desk)
    files = {one.id: one for one in desk.shelf.entries() if one.id}
    with desk.store.read() as db:
        by_report: dict[str, list[Reader]] = {}
        for one in board.readers(db):
            by_report.setdefault(one.submission, []).append(one)
        stamps, rows = board.stamps(db), []
        for e in board.board(db):
            mine = tuple(by_report.get(e.id, ()))
            rows.append(Row(e, files.get(e.id), mine, _disputed(desk, db, mine, stamps)))
        experts = [u for u in accounts.all_users(db) if u.role == "expert" and u.active]
    return rows, experts


def _sync(desk: Desk) -> None:
    """What a review left since the last look; a year not reviewed yet has nothing to bring."""
    if desk.shelf.run_is_new():
        with desk.store.write() as db:
            sync_year(db, desk.shelf.out)


def _disputed(
    desk: Desk,
    db: Connection,
    readers: tuple[Reader, ...],
    stamps: dict[str, tuple[object, ...]],
) -> int | None:
    """How many disputes are open; counted anew only where something was decided or signed."""
    if len(readers) < len(board.SEATS) or not all(one.signed for one in readers):
        return None
    name = readers[0].submission
    return desk.remembered(
        f"disputes/{name}", stamps[name], lambda: len(rulings.disputes(db, name))
    )


def _fits(row: Row, state: str, q: str) -> bool:
    told = f"{row.entry.company} {row.entry.id} {row.entry.industry} {row.entry.district}"
    told += "".join(f" {one.shown}" for one in row.readers)
    return (not state or row.entry.state == state) and q.strip().casefold() in told.casefold()


def _orphans(desk: Desk) -> tuple[str, ...]:
    manifest = desk.shelf.run()
    return manifest.orphans.files if manifest else ()


def days(desk: Desk, today: date) -> list[Day]:
    """The programme's milestones; those of the past stay, so that the year can be seen whole."""
    return [_day(one, today) for one in (desk.programme.milestones if desk.programme else ())]


def _day(one: Milestone, today: date) -> Day:
    if one.last is None:
        return Day(one, "later", None)
    left = (one.last - today).days
    return Day(one, "past" if left < 0 else "soon" if left <= SOON else "later", left)


@router.post("/board/assign")
def assign(seat: Sitting, form: Form) -> Response:
    """Give a report to an expert."""
    seat.demand("assign")
    submission, name = text(form, "submission", 255), text(form, "expert", 64)
    with seat.desk.store.write() as db:
        expert = accounts.user_named(db, name)
        board.assign(db, seat.user, submission, expert)
    return _back(form)


@router.post("/board/reopen")
def reopen(seat: Sitting, form: Form, later: BackgroundTasks) -> Response:
    """Let a reader who has signed go on; what both had agreed on is not in force meanwhile."""
    seat.demand("assign")
    submission, name = text(form, "submission", 255), text(form, "expert", 64)
    with seat.desk.store.write() as db:
        board.reopen(db, seat.user, submission, accounts.user_named(db, name))
    later.add_task(publish_soon, seat.desk, submission, seat.user.name)
    return _back(form)


@router.post("/board/state")
def move(seat: Sitting, form: Form) -> Response:
    """Move a submission to a state."""
    seat.demand("upload")
    submission, state = text(form, "submission", 255), text(form, "state", 16)
    if state not in STATES:
        raise Refused("没有这种状态。")
    with seat.desk.store.write() as db:
        board.set_state(db, seat.user, submission, state)
    return _back(form)


@router.post("/board/share")
def share(seat: Sitting, form: Form) -> Response:
    """Assign every report that lacks readers, evenly, in the order of the board."""
    seat.demand("assign")
    rows, experts = _rows(seat)
    load = Counter({one.name: 0 for one in experts})
    load.update(one.name for row in rows for one in row.readers if one.name in load)
    with seat.desk.store.write() as db:
        for row in rows:
            _fill(db, seat, row, experts, load)
    return _back(form)


def _fill(
    db: Connection, seat: Seat, row: Row, experts: list[accounts.User], load: Counter[str]
) -> None:
    taken = {one.name for one in row.readers}
    for _ in range(len(board.SEATS) - len(row.readers) if row.file and row.file.summary else 0):
        free = [one for one in experts if one.name not in taken]
        if not free:
            return
        chosen = min(free, key=lambda one: (load[one.name], one.name))
        board.assign(db, seat.user, row.entry.id, chosen)
        taken.add(chosen.name)
        load[chosen.name] += 1


def _back(form: Form) -> Response:
    query = text(form, "back", 200)
    return RedirectResponse(f"/board?{query}" if query else "/board", 303)


@dataclass(frozen=True, slots=True)
class Task:
    """A report that an expert reads."""

    reader: Reader
    name: str
    year: int | None
    done: int
    doubts: int


@router.get("/mine")
def mine(seat: Sitting) -> Response:
    """The reports of an expert, unsigned ones first."""
    with seat.desk.store.read() as db:
        given = board.reports_of(db, seat.user)
        decided = {one.submission: _decided(db, seat, one.submission) for one in given}
    tasks = [_task(seat, one, decided[one.submission]) for one in given]
    tasks.sort(key=lambda one: (bool(one.reader.signed), one.name))
    return page(
        "mine", seat, tasks=tasks, days=days(seat.desk, date.today()), address=address,
        programme=seat.desk.programme,
    )  # fmt: skip


def _decided(db: Connection, seat: Seat, submission: str) -> int:
    """How many findings that Zejian left open the reader has decided."""
    given = rulings.history(db, submission)
    mine = rulings.standing(one for one in given if one.who == seat.user.name and not one.final)
    return sum(one.old_status == "needs_expert" for one in mine.values())


def _task(seat: Seat, reader: Reader, decided: int) -> Task:
    """From the receipt: sixty reports of a reader take too long to read whole."""
    try:
        entry = seat.desk.shelf.entry(reader.submission)
    except NotThere:
        return Task(reader, reader.submission, None, 0, 0)
    doubts = entry.summary.needs_expert if entry.summary else 0
    return Task(reader, entry.name, entry.facts.year, decided, max(doubts, decided))
