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
from pipeline.desk.leaves import Leaves
from pipeline.desk.reviewer import Reviewer
from pipeline.desk.seat import Desk
from pipeline.desk.shelf import Shelf
from pipeline.desk.store import accounts, open_store
from pipeline.programmes import Programme, programme
from pipeline.receipts import STATE

PROGRAMME = "shanghai-2023"  # of a year that nothing was reviewed of yet
HERE = ("127.0.0.1", "::1", "localhost")


class CannotOpen(Exception):
    """The desk cannot be opened as asked; the message is a Chinese sentence."""


def serve(
    out: Path, materials: Path | None, host: str, port: int, tell: Callable[[str], None]
) -> None:
    """Serve until interrupted.

    Args:
        out: Folder that ``zejian review`` wrote, or an empty one to take reports in.
        materials: Folder of the submitted files; None: OUT's own, for what comes by web.
        host: Address to listen on; off this machine only with an office account.
        port: TCP port.
        tell: Called with each sentence for the one who starts it.

    Raises:
        CannotOpen: no such folder, or off this machine without an account.
    """
    desk = open_desk(out, materials, away=host not in HERE)
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


def open_desk(out: Path, materials: Path | None = None, away: bool = False) -> Desk:
    """The desk of a folder; ``first`` is set where no office account exists yet.

    Raises:
        CannotOpen: no such folder, or no office account though it is to be reached from ``away``.
    """
    if not out.is_dir():
        raise CannotOpen(f"找不到文件夹“{out}”。")
    if materials is not None and not materials.is_dir():
        raise CannotOpen(f"找不到申报材料文件夹“{materials}”。")
    shelf, home = Shelf(out, materials or out / STATE / "materials"), out / STATE / "desk"
    store = open_store(out)
    with store.read() as db:
        office = [u for u in accounts.all_users(db) if u.role == "office" and u.active]
    if away and not office:
        store.close()
        raise CannotOpen("还没有评审办公室的账号：请先在本机启动评审台建立账号，再对外开放。")
    first = "" if office else secrets.token_urlsafe(16)
    rules, names = _rules(shelf)
    reviewer = Reviewer(out, shelf.materials, home, names, lambda: settle_versions(desk))
    desk = Desk(shelf, Leaves(home / "pages"), reviewer, store, rules, home, first)
    return desk


def _rules(shelf: Shelf) -> tuple[Programme | None, tuple[str, str]]:
    """The programme of the last run; its name and the frameworks', for the next."""
    manifest = shelf.run()
    name = str(manifest.settings.get("programme", "")) if manifest else PROGRAMME
    names = ",".join(shelf.framework_names())
    try:
        return programme(name), (name, names)
    except (KeyError, ValueError):  # a YAML file that is gone
        return None, (name, names)
