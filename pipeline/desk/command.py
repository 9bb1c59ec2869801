"""``zejian desk``: open what lies in OUT and serve it."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pipeline.desk.app import create_app
from pipeline.desk.intake_pages import settle_versions
from pipeline.desk.layouts import Layouts
from pipeline.desk.leaves import Leaves
from pipeline.desk.publishing import overview_of
from pipeline.desk.reviewer import Reviewer, Rules
from pipeline.desk.seat import Desk
from pipeline.desk.shelf import Shelf
from pipeline.desk.store import accounts, open_store
from pipeline.programmes import Programme, programme
from pipeline.receipts import STATE
from pipeline.reissue import overview_is_old

PROGRAMME = "shanghai-2023"  # of a year that nothing was reviewed of yet
HERE = ("127.0.0.1", "::1", "localhost")


class CannotOpen(Exception):
    """The desk cannot be opened as asked; the message is a Chinese sentence."""


def serve(
    out: Path,
    materials: Path | None,
    last_year: Path | None,
    host: str,
    port: int,
    tell: Callable[[str], None],
) -> None:
    """Serve until interrupted.

    Args:
        out: Folder that ``zejian review`` wrote, or an empty one to take reports in.
        materials: Folder of the submitted files; None: OUT's own, for what comes by web.
        last_year: As ``open_desk``.
        host: Address to listen on; off this machine only with an office account.
        port: TCP port.
        tell: Called with each sentence for the one who starts it.

    Raises:
        CannotOpen: no such folder, or off this machine without an account.
    """
    desk = open_desk(out, materials, last_year, away=host not in HERE)
    if desk.first:
        tell(f"第一次使用：请打开 http://{_shown(host)}:{port}/first/{desk.first} 建立账号。")
    tell(f"评审台：http://{_shown(host)}:{port}/　按 Ctrl-C 结束。")
    app = create_app(desk)
    if host in HERE:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*HERE, "[::1]"])
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _shown(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def open_desk(
    out: Path,
    materials: Path | None = None,
    last_year: Path | None = None,
    away: bool = False,
) -> Desk:
    """The desk of a folder; ``first`` is set where no office account exists yet.

    Args:
        out: As ``serve``.
        materials: As ``serve``.
        last_year: OUT of last year's review, to compare with; None: what the last review of
            ``out`` was compared with, if anything.
        away: Whether it is to be reached from other machines.

    Raises:
        CannotOpen: no such folder, or no office account though it is to be reached from ``away``.
    """
    _demand_folders(out, materials, last_year)
    shelf, home = Shelf(out, materials or out / STATE / "materials"), out / STATE / "desk"
    store = open_store(out)
    with store.read() as db:
        office = [u for u in accounts.all_users(db) if u.role == "office" and u.active]
    if away and not office:
        store.close()
        raise CannotOpen("还没有评审办公室的账号：请先在本机启动评审台建立账号，再对外开放。")
    first = "" if office else secrets.token_urlsafe(16)
    rules = _rules(shelf, last_year)
    reviewer = Reviewer(out, shelf.materials, home, rules, lambda: settle_versions(desk))
    overview = overview_of(out)
    if overview_is_old(out):
        overview.begin()
    desk = Desk(
        shelf=shelf,
        leaves=Leaves(home / "pages"),
        layouts=Layouts(home / "layouts"),
        reviewer=reviewer,
        overview=overview,
        store=store,
        programme=_programme(rules.programme),
        home=home,
        first=first,
    )
    return desk


def _demand_folders(out: Path, materials: Path | None, last_year: Path | None) -> None:
    if not out.is_dir():
        raise CannotOpen(f"找不到文件夹“{out}”。")
    if materials is not None and not materials.is_dir():
        raise CannotOpen(f"找不到申报材料文件夹“{materials}”。")
    if last_year is not None and not next(last_year.glob("*/findings.json"), None):
        raise CannotOpen(f"“{last_year}”中没有评审结果（findings.json）。")


def _rules(shelf: Shelf, last_year: Path | None) -> Rules:
    """As the last run was made; a comparison that it made is made again."""
    manifest = shelf.run()
    settings = manifest.settings if manifest else {}
    programme_name, frameworks = shelf.names()
    told = str(settings.get("programme", PROGRAMME))
    past = str(last_year.absolute()) if last_year else str(settings.get("last_year") or "")
    return Rules(programme_name or told, frameworks, past)


def _programme(name: str) -> Programme | None:
    try:
        return programme(name)
    except (KeyError, ValueError):  # a YAML file that is gone
        return None
