"""Intake by web: the office, or a company with a link, hands in a report and its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from pipeline.desk import inbox
from pipeline.desk.render import page
from pipeline.desk.reviewer import Running
from pipeline.desk.seat import Desk, Seat, Sitting, demand_mark, desk_of, number, read_form, text
from pipeline.desk.shelf import NotThere
from pipeline.desk.store import audit, board
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.board import Version
from pipeline.desk.store.database import Connection
from pipeline.emit.contract import FileFacts
from pipeline.emit.escape import clean
from pipeline.records import Registration, ReportError
from pipeline.sniff import LARGEST_FILE

router = APIRouter()
_SLACK = 2**20  # bytes of a form besides its file
LINK_DAYS = 14
MOST_VERSIONS = 30  # of a submission, by link
LINK = "link"  # who handed in, in the log
YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands in, and what for."""

    name: str  # for the audit log
    submission: str  # "" for a company not on the board yet


@router.get("/intake")
def show_intake(seat: Sitting, submission: Annotated[str, Query(max_length=255)] = "") -> Response:
    """The form for the office; for one submission, its versions and links too."""
    seat.demand("upload")
    return _office_page(seat, submission)


def _office_page(seat: Seat, submission: str, status: int = 200, **values: object) -> Response:
    with seat.desk.store.read() as db:
        entry = board.entry(db, submission) if submission else None
        versions = board.versions_of(db, submission) if submission else []
    given = {"link": "", "days": LINK_DAYS, **values}
    return page(
        "intake", seat, status, entry=entry, versions=versions, **given,
        running=seat.desk.reviewer.running(), most=LARGEST_FILE // 2**20,
    )  # fmt: skip


@router.post("/intake")
async def take(request: Request, seat: Sitting) -> Response:
    """Check an upload at once, keep it, and have it reviewed."""
    seat.demand("upload")
    form = await read_form(request, LARGEST_FILE + _SLACK)
    demand_mark(request, seat, form)
    sender = Sender(seat.user.name, text(form, "submission", 255))
    try:
        made = await run_in_threadpool(_hand_in, seat.desk, form, sender)
    except Refused as fault:
        return _office_page(seat, sender.submission, 400, flash=str(fault), flash_bad=True)
    return RedirectResponse(f"/intake?submission={quote(made, safe='')}", 303)


@router.post("/intake/registration")
async def take_registration(request: Request, seat: Sitting) -> Response:
    """Make an uploaded table the year's registration."""
    seat.demand("upload")
    form = await read_form(request, 20 * 2**20)
    demand_mark(request, seat, form)
    try:
        count = await run_in_threadpool(_keep_registration, seat.desk, form)
    except (Refused, ReportError) as fault:
        sentence = getattr(fault, "reason", str(fault))
        return _office_page(seat, "", 400, flash=sentence, flash_bad=True)
    with seat.desk.store.write() as db:
        audit.log(db, seat.user.name, "registration", detail=f"{count}")
    seat.desk.reviewer.begin()
    return _office_page(seat, "", flash=f"登记表已更新，共 {count} 行；正在重新核对材料。")


def _keep_registration(desk: Desk, form: FormData) -> int:
    sent = _file(form)
    with inbox.received(desk.home / "inbox", sent.file, sent.filename or "") as path:
        if path.suffix not in (".xlsx", ".csv"):
            raise Refused("登记表须为 .xlsx 或 .csv。")
        return inbox.put_registration(desk.shelf.materials, path)


@router.post("/intake/link")
async def make_link(request: Request, seat: Sitting) -> Response:
    """A link by which the company itself hands in; shown this once."""
    seat.demand("assign")
    form = await read_form(request)
    demand_mark(request, seat, form)
    submission = text(form, "submission", 255)
    with seat.desk.store.write() as db:
        secret = board.make_link(db, seat.user, submission, LINK_DAYS)
    return _office_page(seat, submission, link=f"{request.base_url}hand-in/{secret}")


@router.post("/intake/again")
async def again(request: Request, seat: Sitting) -> Response:
    """Have reviewed whatever waits."""
    seat.demand("upload")
    demand_mark(request, seat, await read_form(request))
    seat.desk.reviewer.begin()
    return RedirectResponse("/intake", 303)


@router.get("/hand-in/{secret}")
def show_hand_in(request: Request, secret: str) -> Response:
    """The company's page: what it handed in, and a form for the next version."""
    return _company_page(desk_of(request), secret)


@router.post("/hand-in/{secret}")
async def hand_in(request: Request, secret: str) -> Response:
    """Take a company's upload."""
    desk = desk_of(request)
    submission = _linked(desk, secret)
    form = await read_form(request, LARGEST_FILE + _SLACK)
    try:
        await run_in_threadpool(_by_link, desk, form, submission)
    except Refused as fault:
        return _company_page(desk, secret, 400, flash=str(fault), flash_bad=True)
    return RedirectResponse(f"/hand-in/{secret}", 303)


def _by_link(desk: Desk, form: FormData, submission: str) -> None:
    with desk.store.read() as db:
        known = board.versions_of(db, submission)
    if len(known) >= MOST_VERSIONS:
        raise Refused("提交的次数太多，请联系评审办公室。")
    _hand_in(desk, form, Sender(LINK, submission))


def _company_page(desk: Desk, secret: str, status: int = 200, **values: object) -> Response:
    submission = _linked(desk, secret)
    with desk.store.read() as db:
        entry, versions = board.entry(db, submission), board.versions_of(db, submission)
    return page(
        "hand_in", None, status, entry=entry, versions=versions, secret=secret,
        running=_of(desk, versions), most=LARGEST_FILE // 2**20, **values,
    )  # fmt: skip


def _of(desk: Desk, versions: list[Version]) -> Running:
    """How far a company's own review is: it is not told of others' reports."""
    waits = any(one.status == "waiting" for one in versions)
    return Running(active=desk.reviewer.running().active and waits)


def _linked(desk: Desk, secret: str) -> str:
    with desk.store.read() as db:
        submission = board.link_submission(db, secret)
    if submission is None:
        raise NotThere("link")
    return submission


def _file(form: FormData) -> UploadFile:
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Refused("请选择文件。")
    return sent


def _hand_in(desk: Desk, form: FormData, sender: Sender) -> str:
    """Keep a checked report and begin its review; the submission's id."""
    sent, old = _file(form), _latest(desk, sender.submission)
    told = _told(desk, form, sender.submission)
    with inbox.received(desk.home / "inbox", sent.file, sent.filename or "") as path:
        where = (desk.shelf.materials, path, told, old.file if old else "")
        taken = inbox.put_in(*where, discreet=sender.name == LINK)
    entry = taken.submission
    submission = sender.submission if old else entry.id
    row = entry.registration if entry.registration.company else told
    with desk.store.write() as db:
        facts = (row.year, row.industry, row.district)
        board.put_entry(db, submission, row.company, "submitted", *facts)
        board.add_version(db, submission, entry.file, entry.sha256, sender.name)
    desk.reviewer.begin()
    return submission


def _latest(desk: Desk, submission: str) -> Version | None:
    with desk.store.read() as db:
        known = board.versions_of(db, submission) if submission else []
    return known[-1] if known else None


def _told(desk: Desk, form: FormData, submission: str) -> Registration:
    """Who hands in: as on the board where it is known, else as the form says."""
    if submission:
        with desk.store.read() as db:
            known = board.entry(db, submission)
        return Registration(known.company, known.industry, known.district, year=known.year)
    company = clean(text(form, "company", 120))
    if not company:
        raise Refused("请填写企业名称。")
    industry, district, association = (
        clean(text(form, name, 60)) for name in ("industry", "district", "association")
    )
    year = number(form, "year")
    if year is not None and year not in YEARS:
        raise Refused(f"报告年度须在 {YEARS[0]} 至 {YEARS[-1]} 之间。")
    return Registration(company, industry, district, association, year)


def settle_versions(desk: Desk) -> None:
    """After a review: what became of the versions that waited for it."""
    manifest = desk.shelf.run()
    outcomes = {one.sha256: one for one in manifest.files} if manifest else {}
    with desk.store.write() as db:
        for entry in board.board(db):
            known = board.versions_of(db, entry.id)
            for one in known:
                if one.status == "waiting":
                    _settle(db, one, outcomes.get(one.sha256), one is known[-1])


def _settle(db: Connection, one: Version, found: FileFacts | None, latest: bool) -> None:
    if found:
        board.set_version(db, one.id, found.status, 1.0, found.code, found.reason)
    elif not latest:
        board.set_version(
            db, one.id, "skipped", 1.0, "replaced", "评审前已被新版本代替，本版未评审。"
        )
