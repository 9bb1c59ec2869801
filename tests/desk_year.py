"""A year of two reports on a desk of its own, served on this machine; for the desk's tests."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from run import ROOT

from pipeline.choices import configuration, settings
from pipeline.desk.app import create_app
from pipeline.desk.command import open_desk
from pipeline.desk.seat import Desk
from pipeline.desk.store import accounts, board
from pipeline.desk.store.sync import sync_year
from pipeline.emit import Orphans, Times, Year, write_run
from pipeline.frameworks import framework
from pipeline.review import review_file, versions
from pipeline.year import plan

PASSWORD = "一个足够长的示范密码"
PDF = "上海澄江阀门有限公司2022年度社会责任报告.pdf"
MARKUP = "<img src=x onerror=window.pwned=1>"
EVIL = f"恶意{MARKUP}<script>window.pwned=1</script>有限公司"
TEXT = f"""{EVIL}社会责任报告
一、员工责任
公司建立安全生产责任制，全年组织安全培训36次{MARKUP}，员工参训率达到100%。
公司尊重员工权益，劳动合同签订率100%，全年未发生歧视事件。
二、环境责任
公司推进节能减排，单位产品综合能耗比上年下降4.2%，碳排放总量下降3.1%。
"""


@dataclass(frozen=True)
class Place:
    """A running desk."""

    url: str
    desk: Desk
    ids: dict[str, str]  # "pdf" and "evil": submission ids

    def report(self, which: str) -> str:
        from pipeline.desk.report_pages import address

        return self.url + address(self.ids[which])


def review(folder: Path) -> None:
    """Materials in folder/in, reviewed into folder/out by one framework, in this process."""
    given, out = folder / "in", folder / "out"
    given.mkdir(parents=True)
    shutil.copy(ROOT / "data/samples" / PDF, given)
    (given / "evil.txt").write_text(TEXT, "utf-8")
    rows = (
        f'企业名称,报告年度,报告文件\n"上海澄江阀门有限公司",2022,{PDF}\n"{EVIL}",2022,evil.txt\n'
    )
    (given / "registration.csv").write_text(rows, "utf-8")
    chosen = configuration("shanghai-2023", ("gbt36000",), settings())
    planned = plan(given, out, chosen)
    receipts = [review_file(job) for job in planned.jobs]
    year = Year(
        [one.outcome for one in receipts],
        {one.outcome.submission: one.summary for one in receipts},
        [framework("gbt36000")],
        versions(chosen),
        Orphans(),
        planned.intake.submissions,
    )
    write_run(out, year, {"programme": "shanghai-2023"}, Times("", "", 0.0))


@contextmanager
def served(reviewed: Path, folder: Path, last_year: Path | None = None) -> Iterator[Place]:
    """A desk on a copy of a reviewed year: an office, a researcher, three experts."""
    shutil.copytree(reviewed, folder)
    desk = open_desk(folder / "out", folder / "in", last_year)
    with desk.store.write() as db:
        if (folder / "out" / "run.json").is_file():
            sync_year(db, folder / "out")
        roles = {"office": "office", "wang": "researcher"}
        for name in ("office", "wang", "zhang", "li", "zhao"):
            accounts.create_user(db, "test", name, name, roles.get(name, "expert"), PASSWORD)
        office = accounts.user_named(db, "office")
        there = [one for one in board.board(db) if one.state == "submitted"]
        ids = {"evil" if "恶意" in one.id else "pdf": one.id for one in there}
        for name in ("zhang", "li"):
            for one in there:
                board.assign(db, office, one.id, accounts.user_named(db, name))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(desk), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Place(f"http://127.0.0.1:{port}", desk, ids)
    server.should_exit = True
    thread.join()


class Visitor(httpx.Client):
    """An HTTP client with a session."""

    def __init__(self, place: Place, name: str = ""):
        super().__init__(base_url=place.url, timeout=180)
        if name:
            came = self.post("/login", data={"name": name, "password": PASSWORD})
            assert came.status_code == 303, name

    @property
    def csrf(self) -> str:
        return accounts.csrf_token(self.cookies["zejian"])

    def send_form(self, path: str, **fields: str) -> httpx.Response:
        return self.post(path, data={"csrf": self.csrf, **fields})
