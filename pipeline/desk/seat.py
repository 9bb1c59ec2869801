"""Who asks: the session behind a request, what they may do, and that the request is theirs."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData

from pipeline.desk.behind import Behind
from pipeline.desk.layouts import Layouts
from pipeline.desk.leaves import Leaves
from pipeline.desk.reviewer import Reviewer
from pipeline.desk.shelf import Shelf
from pipeline.desk.store import accounts, rights
from pipeline.desk.store.accounts import User
from pipeline.desk.store.database import Store
from pipeline.emit.escape import clean
from pipeline.programmes import Programme

T = TypeVar("T")
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
    layouts: Layouts
    reviewer: Reviewer
    overview: Behind  # writes the year's overview anew
    store: Store
    programme: Programme | None
    home: Path  # folder for pictures and what is being taken in; in OUT
    first: str = ""  # secret of the page that makes the first account
    kept: dict[str, tuple[object, Any]] = field(default_factory=dict)  # see ``remembered``

    def remembered(self, name: str, stamp: object, work_out: Callable[[], T]) -> T:
        """What ``work_out`` gives, worked out anew only when ``stamp`` is another than before."""
        known, found = self.kept.get(name, (None, None))
        if known == stamp:
            return cast(T, found)
        made = work_out()
        self.kept[name] = (stamp, made)
        return made


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
    if not (length.isascii() and length.isdigit() and len(length) < 16) or int(length) > most:
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
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), seat.csrf.encode()):
        raise BadForm


Sitting = Annotated[Seat, Depends(seated)]
Form = Annotated[FormData, Depends(signed_form)]


def text(form: FormData, name: str, most: int = 1_000) -> str:
    """A field's text, as far as it can be seen, no blanks at its ends; "" where it is missing."""
    value = form.get(name, "")
    return clean(value).strip()[:most] if isinstance(value, str) else ""


def number(form: FormData, name: str) -> int | None:
    """A field as a whole number; None where it is missing or none."""
    value = text(form, name, 12)
    return int(value) if value.isascii() and value.isdigit() else None
