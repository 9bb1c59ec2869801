"""Decisions and sheets in and out, for the office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from pipeline.desk.publishing import publish_soon
from pipeline.desk.render import page
from pipeline.desk.seat import Seat, Sitting, demand_mark, read_form, text
from pipeline.desk.shelf import NotThere
from pipeline.desk.store import accounts, audit, board, exchange, labelstudio, rulings, sheets
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.exchange import Imported
from pipeline.emit.findings import read_versions

router = APIRouter()
OF_YEAR = ("overview.xlsx", "run.json")
_MOST = exchange.LARGEST + 2**20


@router.get("/exchange")
def show_exchange(seat: Sitting) -> Response:
    """What can be taken out and in."""
    seat.demand("export")
    return _shown(seat, None)


def _shown(seat: Seat, made: Imported | None, status: int = 200, **values: object) -> Response:
    with seat.desk.store.read() as db:
        entries = [one for one in board.board(db) if one.state not in ("missing", "failed")]
        experts = [one for one in accounts.all_users(db) if one.role == "expert"]
    files = [name for name in OF_YEAR if (seat.desk.shelf.out / name).is_file()]
    return page(
        "exchange", seat, status, entries=entries, experts=experts, made=made, files=files, **values
    )


@router.get("/export/{name}")
def export(
    seat: Sitting, name: str, submission: Annotated[str, Query(max_length=255)] = ""
) -> Response:
    """A file for other programs; the whole year's, or one report's."""
    seat.demand("export", submission)
    if name in OF_YEAR and (path := seat.desk.shelf.out / name).is_file():
        with seat.desk.store.write() as db:
            audit.log(db, seat.user.name, "export", detail=name)
        return FileResponse(path, filename=name, media_type="application/octet-stream")
    with seat.desk.store.write() as db:  # an export is written down
        if name == "decisions.json":
            content = exchange.export_json(db, seat.user, submission)
        elif name == "decisions.csv":
            content = exchange.export_csv(db, seat.user, submission)
        else:
            raise NotThere(name)
    return _download(name, content)


@router.get("/export/{submission}/labelstudio.json")
def export_tasks(seat: Sitting, submission: str) -> Response:
    """A report's findings as Label Studio tasks, with the decisions that may be seen."""
    seat.demand("export", submission)
    report = seat.desk.shelf.report(submission)
    with seat.desk.store.write() as db:
        seen = rulings.look(db, seat.user, submission)
        audit.log(db, seat.user.name, "export", submission, "labelstudio")
    version = read_versions(seat.desk.shelf.out / report.id).matcher
    tasks = labelstudio.label_studio(report.score, seen, version)
    return _download("labelstudio.json", labelstudio.tasks_json(tasks))


def _download(name: str, content: bytes) -> Response:
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=told)


@router.post("/import")
async def take_in(request: Request, seat: Sitting, later: BackgroundTasks) -> Response:
    """Decisions from a JSON or CSV export, or an expert's filled sheet.xlsx."""
    seat.demand("export")
    form = await read_form(request, _MOST)
    demand_mark(request, seat, form)
    try:
        made, touched = await run_in_threadpool(_import, seat, form)
    except Refused as fault:
        return _shown(seat, None, 400, flash=str(fault), flash_bad=True)
    for submission in touched:
        later.add_task(publish_soon, seat.desk, submission, seat.user.name)
    return _shown(seat, made)


def _import(seat: Seat, form: FormData) -> tuple[Imported, list[str]]:
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Refused("请选择文件。")
    content, kind = sent.file.read(_MOST), sent.filename.lower().rpartition(".")[2]
    if kind == "xlsx":
        return _import_sheet(seat, form, content)
    read = {"json": exchange.read_json, "csv": exchange.read_csv}.get(kind)
    if read is None:
        raise Refused("只能导入 .xlsx（覆盖表）、.json 或 .csv。")
    given = read(content)
    with seat.desk.store.write() as db:
        made = exchange.import_decisions(db, seat.user, given)
    return made, sorted({one.submission for one in given})


def _import_sheet(seat: Seat, form: FormData, content: bytes) -> tuple[Imported, list[str]]:
    submission, name = text(form, "submission", 255), text(form, "expert", 64)
    if not submission or not name:
        raise Refused("导入覆盖表须选择企业和填写的专家。")
    report = seat.desk.shelf.report(submission)
    with seat.desk.store.write() as db:
        expert = accounts.user_named(db, name)
        made = sheets.import_sheet(
            db, seat.user, submission, expert, content, report.frameworks, seat.desk.shelf.out
        )
    return made, [submission]
