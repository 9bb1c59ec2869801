"""Databases for the desk's tests: SQLite, and a PostgreSQL of our own where it is installed."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from run import write_report

from pipeline.choices import Configuration
from pipeline.desk.store import accounts, board
from pipeline.desk.store.accounts import User
from pipeline.desk.store.database import Store, open_url
from pipeline.desk.store.rulings import Choice
from pipeline.frameworks import framework
from pipeline.records import Submission
from pipeline.review import Job, review_file

PASSWORD = "一个足够长的示范密码"
SHA = "a" * 64
GUIDES = (framework("gbt36000"), framework("gri"))


@contextmanager
def postgres() -> Iterator[str | None]:
    """URL of a server that lives as long as this block; None where there is none to start."""
    programs = _programs()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="zejian-pg-"))
    run = _as_other(folder)
    try:
        _call(run, programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "zejian")
        port = _free_port()
        how = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = folder / "log"
        _call(run, programs / "pg_ctl", "-D", folder / "data", "-l", log, "-o", how, "-w", "start")
        try:
            yield f"postgresql://zejian@127.0.0.1:{port}/postgres"
        finally:
            _call(run, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_other(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to be run by root: the Debian package brings an account for it."""
    if os.getuid():
        return {}
    other = pwd.getpwnam("postgres")
    os.chown(folder, other.pw_uid, other.pw_gid)
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}


def _call(run: dict[str, object], *command: object) -> None:
    said = subprocess.DEVNULL  # a pipe would stay open as long as the server
    subprocess.run(list(map(str, command)), check=True, stdout=said, stderr=said, cwd="/", **run)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def people(store: Store, experts: int = 2) -> tuple[User, list[User]]:
    """An office and some experts, without passwords."""
    with store.write() as db:
        office = accounts.create_user(db, "test", "office", "办公室", "office", None)
        made = [
            accounts.create_user(db, "test", f"e{n}", f"专家{n}", "expert", None)
            for n in range(experts)
        ]
    return office, made


def assigned(store: Store, submission: str = "甲") -> tuple[User, User, User]:
    """An office and the two readers of a report."""
    office, (one, other) = people(store)
    with store.write() as db:
        board.put_entry(db, submission, f"{submission}公司", "submitted")
        board.assign(db, office, submission, one)
        board.assign(db, office, submission, other)
    return office, one, other


def choice(
    key: str = "GRI 2-1", status: str = "disclosed", level: float | None = 2, **more
) -> Choice:
    told = {"old_status": "not_found", "old_level": 0, "why": "看过原文", "document": SHA, **more}
    return Choice("finding", "gri", key, status=status, level=level, **told)


@pytest.fixture(scope="session")
def server() -> Iterator[str | None]:
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    server = request.getfixturevalue("server")
    if server is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    name = f"desk_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return server.removesuffix("postgres") + name


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = open_url(address)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OUT with one reviewed report."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("reviewed")
    path = source / "甲.txt"
    write_report(path, 1)
    entry = Submission("甲", "甲.txt", hashlib.sha256(path.read_bytes()).hexdigest(), "txt")
    names = tuple(guide.id for guide in GUIDES)
    made = review_file(Job(entry, path, out, Configuration("shanghai-2023", names, None)))
    assert made.outcome.status != "failed", made.outcome
    return out


@pytest.fixture
def out(reviewed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reviewed, tmp_path / "out"))
