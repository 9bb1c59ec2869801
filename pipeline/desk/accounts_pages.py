"""Accounts and the audit log, for the office; one's own password, for everybody."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from pipeline.desk.render import ROLE_NAMES, page
from pipeline.desk.seat import Form, Sitting, text
from pipeline.desk.store import accounts, audit
from pipeline.desk.store.rights import may

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
    name, role = text(form, "name", 64), cast(accounts.Role, text(form, "role", 16))
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


ACTIONS = {
    "decisions.look": "查看结论", "decide": "作出结论", "decide.final": "裁定", "sign": "签署",
    "reopen": "退回重评", "assign": "分配专家", "publish": "更新覆盖表", "export": "导出",
    "import": "导入", "state": "改状态", "version": "收到文件", "link": "生成提交链接",
    "login": "登录", "account.create": "新建账号", "account.active": "启用或停用账号",
    "account.password": "重设密码", "sign.for": "代为签署", "agreement": "查看一致性",
    "registration": "更新登记表", "backup": "备份", "policy": "重定判断界限",
}  # fmt: skip
MOST = 200  # entries on a page
LATER = "（专家都签署后显示）"


def _hidden(one: audit.Entry, blind: set[str]) -> bool:
    """Whether a line tells what a reader decided before the others have signed."""
    return one.action == "decide" and one.submission in blind


@router.get("/log")
def log(
    seat: Sitting,
    submission: Annotated[str, Query(max_length=255)] = "",
    before: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> Response:
    """The audit log, latest entries first; alike ones in a row are one line with their number."""
    seat.demand("audit")
    with seat.desk.store.read() as db:
        found = audit.entries(db, submission, before, MOST)
        open_ = {one.submission for one in found if one.action == "decide"}
        blind = {name for name in open_ if not may(db, seat.user, "compare", name)}
    found = [replace(o, detail=LATER) if _hidden(o, blind) else o for o in found]
    alike = groupby(found, key=lambda one: (one.who, one.action, one.submission, one.detail))
    lines = [(len(same), same[0]) for same in (list(group) for _, group in alike)]
    more = found[-1].id if len(found) == MOST else 0
    return page("log", seat, lines=lines, more=more, submission=submission, actions=ACTIONS)
