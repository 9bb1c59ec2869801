"""Pages from templates: everything is escaped, nothing but our own files may act."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.desk.seat import Seat
from pipeline.emit import words
from pipeline.emit.escape import clean

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_OFFICE = timezone(timedelta(hours=8))
_SHARED = {"page.css": _HERE.parent / "emit" / "templates" / "page.css"}  # as the sheets look
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
ROLE_NAMES = {"office": "评审办公室", "expert": "专家", "researcher": "研究者（只读）"}
_MENUS = {
    "office": (
        ("/board", "全年看板"), ("/intake", "收件"), ("/agreement", "一致性"),
        ("/exchange", "导入导出"), ("/people", "账号"), ("/log", "日志"),
    ),
    "expert": (("/mine", "我的报告"),),
    "researcher": (("/board", "全年看板"), ("/agreement", "一致性")),
}  # fmt: skip


def asset_file(name: str) -> Path | None:
    """The file behind an asset's name; None if there is none of that name."""
    path = _SHARED.get(name) or STATIC / Path(name).name
    return path if path.suffix in TYPES and path.is_file() else None


@lru_cache
def _asset(name: str) -> str:
    path = asset_file(name)
    assert path is not None, name
    return f"/static/{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}/{name}"


def moment(iso: str | None) -> str:
    """A stored UTC time as shown: the office's day and minute (China, UTC+8)."""
    if not iso:
        return ""
    return f"{datetime.fromisoformat(iso).astimezone(timezone(timedelta(hours=8))):%m-%d %H:%M}"


@lru_cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    env.filters |= {
        "percent": words.percent, "clean": clean, "moment": moment,
        "part": lambda text: quote(text, safe=""),
    }  # fmt: skip
    env.globals |= {"words": words, "asset": _asset, "role_names": ROLE_NAMES}
    return env


def fragment(name: str, **values: object) -> str:
    """Render ``templates/NAME.html.j2``."""
    return _environment().get_template(f"{name}.html.j2").render(**values)


def page(name: str, seat: Seat | None, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page for whoever sits there (None: nobody)."""
    given: dict[str, object] = {"flash": "", "flash_bad": False, **values}
    given |= {
        "user": seat.user if seat else None,
        "csrf": seat.csrf if seat else "",
        "menu": _MENUS[seat.user.role] if seat else (),
        "here": seat.path if seat else "",
    }
    return HTMLResponse(fragment(name, **given), status)
