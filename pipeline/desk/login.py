"""In and out: the login page, the first account, one's own password."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from pipeline.desk.render import page
from pipeline.desk.seat import COOKIE, BadForm, Form, Sitting, desk_of, read_form, text
from pipeline.desk.shelf import NotThere
from pipeline.desk.store import accounts

router = APIRouter()
_WRONG_OLD = "现在的密码不对，或者试得太多了；请稍后再试。"
_WRONG = "账号或密码不对，或者试得太多了；请稍后再试。"


@router.get("/")
def home(seat: Sitting) -> Response:
    """To where the account's work is."""
    return RedirectResponse("/mine" if seat.user.role == "expert" else "/board", 303)


@router.get("/login")
def show_login() -> Response:
    """The login page."""
    return page("login", None)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """A session, or one sentence whatever the reason."""
    form, desk = await read_form(request), desk_of(request)
    name, password = text(form, "name", 64), str(form.get("password", ""))
    origin = request.client.host if request.client else ""
    token = await run_in_threadpool(accounts.log_in, desk.store, name, password, origin)
    if token is None:
        return page("login", None, 403, flash=_WRONG, flash_bad=True)
    return _seat_down(request, token)


def _seat_down(request: Request, token: str) -> Response:
    answer = RedirectResponse("/", 303)
    safe = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=safe, path="/")
    return answer


@router.get("/password")
def show_password(seat: Sitting) -> Response:
    """The form for another password of one's own."""
    return page("password", seat)


@router.post("/password")
def change_password(request: Request, seat: Sitting, form: Form) -> Response:
    """Change one's own password, which ends all one's sessions; wrong tries count as logins."""
    old, new = (str(form.get(name, "")) for name in ("old", "new"))
    origin = request.client.host if request.client else ""
    if accounts.log_in(seat.desk.store, seat.user.name, old, origin) is None:
        return page("password", seat, 403, flash=_WRONG_OLD, flash_bad=True)
    with seat.desk.store.write() as db:
        accounts.set_password(db, seat.user.name, seat.user.name, new)
    return RedirectResponse("/login", 303)


@router.post("/logout")
def log_out(request: Request, seat: Sitting, _: Form) -> Response:
    """End the session."""
    with seat.desk.store.write() as db:
        accounts.log_out(db, request.cookies[COOKIE])
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.get("/first/{secret}")
def show_first(request: Request, secret: str) -> Response:
    """The page that makes the first account, for whoever started the desk."""
    _demand_first(request, secret)
    return page("first", None, secret=secret)


@router.post("/first/{secret}")
async def make_first(request: Request, secret: str) -> Response:
    """Make the first account, of the office."""
    form = await read_form(request)
    _demand_first(request, secret)
    given = text(form, "name", 64), text(form, "shown", 64) or text(form, "name", 64)
    with desk_of(request).store.write() as db:
        _demand_empty(accounts.all_users(db))
        accounts.create_user(db, "first", *given, "office", str(form.get("password", "")))
    return RedirectResponse("/login", 303)


def _demand_first(request: Request, secret: str) -> None:
    desk = desk_of(request)
    if not desk.first or not hmac.compare_digest(desk.first.encode(), secret.encode()):
        raise NotThere("first")
    with desk.store.read() as db:
        _demand_empty(accounts.all_users(db))


def _demand_empty(known: list[accounts.User]) -> None:
    if any(one.active and one.role == "office" for one in known):
        raise BadForm
