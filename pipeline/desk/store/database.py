"""Open, migrate and back up the desk's database: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy import Connection as Connection  # pages name it, and nothing else of SQLAlchemy

from pipeline.settings import Settings

FILE = "desk.sqlite3"  # in OUT
BUSY_MS = 30_000  # a writer waits so long for another; a write takes milliseconds
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


@dataclass(frozen=True, slots=True)
class Store:
    """An open database; safe to share between threads, one for each process."""

    engine: Engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it happens, or, with an exception, nothing."""
        with self.engine.begin() as db:
            yield db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look that waits for no writer; whatever it changes is undone."""
        with self.engine.connect().execution_options(looks_only=True) as db:
            yield db

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(out: Path) -> Store:
    """The desk of an OUT folder, brought to the present schema.

    The setting ``database_url`` (``postgresql://...``) names another database; one programme year
    each. Without it OUT/desk.sqlite3, made if need be.
    """
    given = Settings().database_url.get_secret_value()
    return open_url(given or f"sqlite:///{(out / FILE).resolve()}")


def open_url(address: str) -> Store:
    """The database at a URL, brought to the present schema.

    Raises:
        sqlalchemy.exc.OperationalError: it cannot be reached.
        sqlalchemy.exc.ArgumentError: the URL makes no sense.
    """
    url = _with_driver(make_url(address))
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_pre_ping=True)
    migrate(engine)
    return Store(engine)


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the schema to revision ``to``; processes that start together take turns."""
    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as db:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("SELECT pg_advisory_xact_lock(7236150)")
        settings.attributes["connection"] = db
        command.upgrade(settings, to)


def backup(store: Store, to: Path) -> Path:
    """Copy the whole database to ``to`` while it is in use; never over a file that is there.

    SQLite: a database to put in its place. PostgreSQL: what ``pg_dump --format=custom`` writes.

    Raises:
        FileExistsError: ``to`` is there.
        RuntimeError: PostgreSQL's pg_dump is not installed, or failed.
    """
    if to.exists():
        raise FileExistsError(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    try:
        _copy(store.engine.url, part)
        os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)
    return to


def _copy(url: URL, to: Path) -> None:
    if url.get_backend_name() == "sqlite":
        with (
            closing(sqlite3.connect(str(url.database))) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
        return
    if not (tool := shutil.which("pg_dump")):
        raise RuntimeError("pg_dump is not installed")
    plain = url.set(drivername="postgresql")
    secret = {**os.environ, "PGPASSWORD": plain.password or ""}  # never on the command line
    shown = plain.set(password=None).render_as_string()
    made = subprocess.run(
        [tool, "--format=custom", f"--file={to}", shown], env=secret, capture_output=True
    )
    if made.returncode:
        raise RuntimeError(made.stderr.decode(errors="replace"))


def _with_driver(url: URL) -> URL:
    plain = url.drivername in ("postgresql", "postgres")
    return url.set(drivername="postgresql+psycopg") if plain else url


def _set_up_sqlite(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # transactions begin where _begin_sqlite says, nowhere else
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("PRAGMA synchronous=FULL")  # a decision told as kept survives a power cut


def _begin_sqlite(db: Connection) -> None:
    """Writers queue at the beginning: one that began as a reader could not wait its turn."""
    looks_only = db.get_execution_options().get("looks_only")
    db.exec_driver_sql("BEGIN" if looks_only else "BEGIN IMMEDIATE")
