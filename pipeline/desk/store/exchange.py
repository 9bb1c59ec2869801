"""Decisions out and in, as JSON and CSV: the same decisions, whoever carries them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select

from pipeline.decisions import Basis, Decision
from pipeline.desk.store import audit
from pipeline.desk.store.accounts import Refused, User, create_user, user_named
from pipeline.desk.store.rights import demand, may
from pipeline.desk.store.rulings import history, insert_decision
from pipeline.desk.store.schema import decisions as table
from pipeline.desk.store.schema import submissions, users
from pipeline.emit.decisions import DECISIONS, decisions_json

LARGEST = 64 * 2**20  # bytes of a file to be imported
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_OF_BASIS = tuple(f.name for f in fields(Basis))
_OWN = tuple(f.name for f in fields(Decision) if f.name != "basis")
COLUMNS = (*_OWN, *_OF_BASIS)
_DECISION = TypeAdapter(Decision)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: how many were new, and Chinese sentences on what was not taken."""

    added: int
    known: int
    problems: tuple[str, ...] = ()


def export_json(db: Connection, by: User, submission: str = "") -> bytes:
    """All decisions ever given, of a report or of all, in the form of decisions.json.

    Those of reports that a reader has still to sign are left out: an export would break the
    blind. They are in a backup.
    """
    return decisions_json(_exported(db, by, submission, "json"))


def export_csv(db: Connection, by: User, submission: str = "") -> bytes:
    """The same as a table for Excel: UTF-8 with its mark, no cell that could be a formula."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for one in _exported(db, by, submission, "csv"):
        row = {name: getattr(one, name) for name in _OWN} | asdict(one.basis)
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def read_json(content: bytes) -> tuple[Decision, ...]:
    """Decisions of an export as JSON; Refused if it is none."""
    _of_size(content)
    try:
        return DECISIONS.validate_json(content).decisions
    except ValidationError as fault:
        raise Refused("这不是专家改判的 JSON 导出文件，或已损坏。") from fault


def read_csv(content: bytes) -> tuple[Decision, ...]:
    """Decisions of an export as CSV; Refused if it is none, with the row that is wrong."""
    _of_size(content)
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Refused("这不是专家改判的 CSV 导出文件，请用 UTF-8 编码保存。") from fault
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise Refused("这不是专家改判的 CSV 导出文件：缺少表头。")
    return tuple(_from_row(number, row) for number, row in enumerate(rows, 2))


def import_decisions(db: Connection, by: User, given: Sequence[Decision]) -> Imported:
    """Append decisions that are not here yet; those that are stay as they are.

    Experts without an account get one that cannot log in. A decision on a report that the
    board does not know is told, not taken.
    """
    demand(db, by, "export")
    board = set(db.scalars(select(submissions.c.id)))
    here = set(db.scalars(select(table.c.id)))
    fresh = [one for one in given if one.id not in here]
    lost = sorted({one.submission for one in fresh} - board)
    added = [one for one in fresh if one.submission in board]
    for one in added:
        insert_decision(db, _account(db, by.name, one.who), one)
    told = f"新增 {len(added)} 条，已有 {len(given) - len(fresh)} 条"
    audit.log(db, by.name, "import", detail=told)
    problems = tuple(f"没有申报材料“{name}”，其改判未导入。" for name in lost)
    return Imported(len(added), len(given) - len(fresh), problems)


def take_strays(db: Connection, by: str, known: Iterable[Decision]) -> None:
    """Take in decisions of a decisions.json that this database never saw: they were in force."""
    here = set(db.scalars(select(table.c.id)))
    for one in known:
        if one.id not in here:
            insert_decision(db, _account(db, by, one.who), replace(one, final=True))
            audit.log(db, by, "import", one.submission, f"{one.id} decisions.json")


def _exported(db: Connection, by: User, submission: str, form: str) -> list[Decision]:
    demand(db, by, "export", submission)
    audit.log(db, by.name, "export", submission, form)
    given = history(db, submission)
    seen = {name: may(db, by, "compare", name) for name in {one.submission for one in given}}
    return [one for one in given if seen[one.submission]]


def _account(db: Connection, by: str, name: str) -> int:
    known = db.scalar(select(users.c.id).where(users.c.name == name))
    if known is None:
        create_user(db, by, name, name, "expert", None)
        known = user_named(db, name).id
    return known


def _of_size(content: bytes) -> None:
    if len(content) > LARGEST:
        raise Refused(f"文件超过 {LARGEST // 2**20} MB。")


def _harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; ``_plain`` undoes it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain(text: str) -> str | None:
    return (text[1:] if text.startswith("'") else text) or None


def _from_row(number: int, row: dict[str, str]) -> Decision:
    told = {name: _plain(row[name] or "") for name in COLUMNS}
    blank = {name: "" for name in COLUMNS if name not in ("old_level", "level", "page")}
    whole = blank | {name: value for name, value in told.items() if value is not None}
    basis = {name: whole.pop(name) for name in _OF_BASIS if name in whole}
    rest = {"old_level": None, "level": None} | whole
    try:
        return _DECISION.validate_python({**rest, "basis": basis})
    except ValidationError as fault:
        columns = "、".join(str(e["loc"][-1]) for e in fault.errors())
        raise Refused(f"第{number}行有误：{columns}") from fault
