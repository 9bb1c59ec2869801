"""Accounts and the audit log, for the office; one's own password, for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from pipeline.desk.render import ROLE_NAMES, page
from pipeline.desk.seat import Form, Sitting, text
from pipeline.desk.store import accounts, audit

router = APIRouter()


@router.get("/people")
def people(seat: Sitting) -> Response:
    """All accounts."""
    seat.demand("accounts")
    with seat.desk.store.read() as db:
        users = accounts.all_users(db)
    return page("people", seat, users=users, roles=ROLE_NAMES)


@router.post("/people")
def make(seat: Sitting, form: Form) -> Response:
    """A new account."""
    seat.demand("accounts")
    name, role = text(form, "name", 64), text(form, "role", 16)
    secret = str(form.get("password", "")) or None
    with seat.desk.store.write() as db:
        accounts.create_user(db, seat.user.name, name, text(form, "shown", 64), role, secret)
    return RedirectResponse("/people", 303)


@router.post("/people/active")
def shut(seat: Sitting, form: Form) -> Response:
    """Let an account in or shut it out; never one's own."""
    seat.demand("accounts")
    name = text(form, "name", 64)
    if name == seat.user.name:
        raise accounts.Refused("不能停用自己的账号。")
    with seat.desk.store.write() as db:
        accounts.set_active(db, seat.user.name, name, text(form, "active") == "yes")
    return RedirectResponse("/people", 303)


@router.post("/people/password")
def reset(seat: Sitting, form: Form) -> Response:
    """A new password for an account."""
    seat.demand("accounts")
    with seat.desk.store.write() as db:
        secret = str(form.get("password", ""))
        accounts.set_password(db, seat.user.name, text(form, "name", 64), secret)
    return RedirectResponse("/people", 303)


@router.get("/log")
def log(
    seat: Sitting,
    submission: Annotated[str, Query(max_length=255)] = "",
    before: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The audit log, latest lines first."""
    seat.demand("audit")
    with seat.desk.store.read() as db:
        found = audit.entries(db, submission, before)
    return page("log", seat, entries=found, submission=submission)
