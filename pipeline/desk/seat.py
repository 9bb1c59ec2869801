"""Who asks: the session behind a request, what they may do, and that the request is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData

from pipeline.desk.leaves import Leaves
from pipeline.desk.reviewer import Reviewer
from pipeline.desk.shelf import Shelf
from pipeline.desk.store import accounts, rights
from pipeline.desk.store.accounts import User
from pipeline.desk.store.database import Store
from pipeline.programmes import Programme

COOKIE = "zejian"
LARGEST_FORM = 64 * 2**10  # bytes of a form without files


class NotIn(Exception):
    """Nobody is logged in; the desk shows the login page."""


class BadForm(Exception):
    """A form that no page of ours sent; answered without detail."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the pages work on."""

    shelf: Shelf
    leaves: Leaves
    reviewer: Reviewer
    store: Store
    programme: Programme | None
    home: Path  # folder for pictures and what is being taken in; in OUT
    first: str = ""  # secret of the page that makes the first account


@dataclass(frozen=True, slots=True)
class Seat:
    """A request with its account."""

    desk: Desk
    user: User
    csrf: str
    path: str

    def may(self, action: rights.Action, submission: str = "") -> bool:
        """Whether the account may do that now."""
        with self.desk.store.read() as db:
            return rights.may(db, self.user, action, submission)

    def demand(self, action: rights.Action, submission: str = "") -> None:
        """Raise Forbidden unless it may."""
        with self.desk.store.read() as db:
            rights.demand(db, self.user, action, submission)


def desk_of(request: Request) -> Desk:
    """The desk that the application serves."""
    desk: Desk = request.app.state.desk
    return desk


def seated(request: Request) -> Seat:
    """The seat of a request; NotIn where there is no session."""
    token, desk = request.cookies.get(COOKIE, ""), desk_of(request)
    with desk.store.read() as db:
        user = accounts.session_user(db, token) if token else None
    if user is None:
        raise NotIn
    return Seat(desk, user, accounts.csrf_token(token), request.url.path)


def same_site(request: Request) -> None:
    """Raise BadForm where another site sent the form."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise BadForm


async def read_form(request: Request, most: int = LARGEST_FORM) -> FormData:
    """The fields of a form of at most so many bytes."""
    same_site(request)
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > most:
        raise BadForm
    return await request.form(max_files=40, max_fields=200)


async def signed_form(request: Request, seat: Annotated[Seat, Depends(seated)]) -> FormData:
    """The form of a page of ours; BadForm unless it carries the session's mark."""
    form = await read_form(request)
    demand_mark(request, seat, form)
    return form


def demand_mark(request: Request, seat: Seat, form: FormData) -> None:
    """Raise BadForm unless the request carries the session's mark."""
    given = request.headers.get("x-csrf-token") or form.get("csrf")
    if given != seat.csrf:
        raise BadForm


Sitting = Annotated[Seat, Depends(seated)]
Form = Annotated[FormData, Depends(signed_form)]


def text(form: FormData, name: str, most: int = 1_000) -> str:
    """A field's text without blanks at its ends; "" where it is missing."""
    value = form.get(name, "")
    return value.replace("\x00", "").strip()[:most] if isinstance(value, str) else ""


def number(form: FormData, name: str) -> int | None:
    """A field as a whole number; None where it is missing or none."""
    value = text(form, name, 12)
    return int(value) if value.isascii() and value.isdigit() else None
