"""The review desk as a web application: a factory, and the rules every answer keeps."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse
from starlette.middleware.base import RequestResponseEndpoint

from pipeline.desk import (
    accounts_pages,
    agreement_page,
    board,
    exchange,
    intake_pages,
    login,
    pair,
    report_pages,
    report_parts,
)
from pipeline.desk.render import TYPES, asset_file, page
from pipeline.desk.seat import BadForm, Desk, NotIn
from pipeline.desk.shelf import NotThere
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.rights import Forbidden

_log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_TOLD: dict[type[Exception], tuple[int, str]] = {
    NotThere: (404, "没有这一页。"),
    Forbidden: (403, "没有权限。"),
    BadForm: (400, "请求无效，请返回重试。"),
    RequestValidationError: (400, "请求无效，请返回重试。"),
}


def create_app(desk: Desk) -> FastAPI:
    """The application; nothing of FastAPI's own pages, which would load scripts from elsewhere."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.reviewer.close()
        desk.leaves.close()
        desk.layouts.close()
        desk.store.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.desk = desk
    app.middleware("http")(_guard)
    for module in (login, board, report_pages, report_parts, pair, agreement_page, exchange):
        app.include_router(module.router)
    app.include_router(accounts_pages.router)
    app.include_router(intake_pages.router)
    app.add_api_route("/static/{digest}/{name}", _static)
    app.add_exception_handler(NotIn, _to_login)
    app.add_exception_handler(Refused, _refused)
    kinds: tuple[type[Exception] | int, ...] = (*_TOLD, HTTPException, 404, 405)
    for kind in kinds:
        app.add_exception_handler(kind, _told)
    return app


async def _guard(request: Request, go_on: RequestResponseEndpoint) -> Response:
    if "\x00" in unquote(f"{request.url.path}?{request.url.query}"):  # no database takes it
        answer: Response = _told(request, BadForm())
    else:
        answer = await _answered(request, go_on)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


async def _answered(request: Request, go_on: RequestResponseEndpoint) -> Response:
    try:
        return await go_on(request)
    except Exception:  # told without detail; the office finds it in the log of the desk
        _log.exception("%s %s", request.method, request.url.path)
        return page("told", None, 500, sentence="出了差错，请稍后再试；仍不行请告诉评审办公室。")


def _static(digest: str, name: str) -> Response:
    path = asset_file(name)
    if path is None:
        raise NotThere(name)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}  # its address holds its digest
    return FileResponse(path, media_type=TYPES[path.suffix], headers=kept)


def _to_login(request: Request, _: Exception) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=401)
    return RedirectResponse("/login", 303)


def _told(_: Request, fault: Exception) -> Response:
    status, sentence = _TOLD.get(type(fault), (getattr(fault, "status_code", 404), "没有这一页。"))
    return page("told", None, status, sentence=sentence)


def _refused(_: Request, fault: Exception) -> Response:
    return page("told", None, 400, sentence=str(fault))
