"""What the desk keeps: nothing is lost, nobody sees or does what they may not."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from desk_store import PASSWORD, address, assigned, choice, people, server, store
from run import environment

from pipeline.desk.store import accounts, audit, board, rights, rulings
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.clock import now
from pipeline.desk.store.database import Store, backup, migrate, open_url
from pipeline.desk.store.rights import ACTIONS, Forbidden
from pipeline.desk.store.schema import attempts, metadata, sessions

HERE = Path(__file__).parent
FIRST_ROWS = (
    "INSERT INTO users (id, name, shown, role, password, active, created)"
    " VALUES (1, '张三', '张三', 'expert', '!', true, '2026')",
    "INSERT INTO submissions (id, company, industry, district, state, changed)"
    " VALUES ('甲', '甲公司', '', '', 'submitted', '2026')",
    "INSERT INTO decisions (seq, id, submission_id, user_id, subject, framework, key, at, why,"
    ' old_status, status, document, quote, fingerprint, start, "end", paragraph, supersedes, final)'
    " VALUES (1, 'd1', '甲', 1, 'finding', 'gri', 'GRI 2-1', '2026', '', 'not_found', 'disclosed',"
    " '', '', '', 0, 0, 0, '', false)",
)


def test_the_first_schema_grows_into_the_present_one(address: str) -> None:
    plain = address.replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(plain)
    migrate(engine, "0001")
    with engine.begin() as db:
        for row in FIRST_ROWS:
            db.exec_driver_sql(row)
    engine.dispose()
    opened = open_url(address)
    with opened.read() as db:
        assert not compare_metadata(MigrationContext.configure(db), metadata)
        assert [one.id for one in rulings.history(db, "甲")] == ["d1"]
        assert accounts.user_named(db, "张三").role == "expert"
    opened.close()


def test_who_comes_in(store: Store) -> None:
    with store.write() as db:
        accounts.create_user(db, "test", "张三", "张三", "expert", PASSWORD)
        accounts.create_user(db, "test", "无密码", "", "expert", None)
        with pytest.raises(Refused, match="已经有了"):
            accounts.create_user(db, "test", "张三", "", "office", PASSWORD)
        with pytest.raises(Refused, match="密码"):
            accounts.create_user(db, "test", "李四", "", "office", "short")
    for name, password in (
        ("张三", "wrong"),
        ("谁", PASSWORD),
        ("无密码", "!"),
        ("\x00", "\ud800"),
    ):
        assert accounts.log_in(store, name, password, "::1") is None
    token = accounts.log_in(store, "张三", PASSWORD, "::1")
    with store.write() as db:
        assert accounts.session_user(db, token).name == "张三"
        assert accounts.session_user(db, token[:-1]) is None
        kept = db.scalar(sa.select(sessions.c.token))
        assert token not in kept, "a stolen database opens no session"
        accounts.set_active(db, "test", "张三", False)
        assert accounts.session_user(db, token) is None
    assert accounts.log_in(store, "张三", PASSWORD, "::1") is None


def test_sessions_end(store: Store) -> None:
    with store.write() as db:
        accounts.create_user(db, "test", "张三", "", "expert", PASSWORD)
    first, second = (accounts.log_in(store, "张三", PASSWORD, "::1") for _ in range(2))
    assert accounts.csrf_token(first) != accounts.csrf_token(second)
    with store.write() as db:
        accounts.log_out(db, first)
        assert accounts.session_user(db, first) is None
        assert accounts.session_user(db, second)
        db.execute(sa.update(sessions).values(expires=now(timedelta(seconds=-1))))
        assert accounts.session_user(db, second) is None


def test_guessing_is_slowed_down_and_told_nothing(store: Store) -> None:
    with store.write() as db:
        accounts.create_user(db, "test", "张三", "", "expert", PASSWORD)
    for _ in range(accounts.TRIES):
        assert accounts.log_in(store, "张三", "a wrong password", "10.0.0.1") is None
    assert accounts.log_in(store, "张三", PASSWORD, "10.0.0.1") is None, "the right one neither"
    assert accounts.log_in(store, "张三", PASSWORD, "10.0.0.2"), "others are not shut out"
    with store.write() as db:
        long_ago = now(-accounts.WINDOW - timedelta(seconds=1))
        db.execute(sa.update(attempts).values(at=long_ago))
    assert accounts.log_in(store, "张三", PASSWORD, "10.0.0.1")


YEAR = {"board", "accounts", "assign", "upload", "export", "agreement", "audit", "read"}
MATRIX = {  # by how many readers have signed: none, the first, both
    "office": (YEAR, YEAR, YEAR | {"compare", "adjudicate"}),
    "researcher": (
        {"board", "agreement", "read"},
        {"board", "agreement", "read"},
        {"board", "agreement", "read", "compare"},
    ),
    "first": ({"read", "decide"}, {"read"}, {"read", "compare"}),
    "second": ({"read", "decide"}, {"read", "decide"}, {"read", "compare"}),
    "stranger": (set(), set(), set()),
    "gone": (set(), set(), set()),
}


def test_who_may_do_what(store: Store) -> None:
    office, first, second = assigned(store)
    with store.write() as db:
        researcher = accounts.create_user(db, "test", "r", "", "researcher", None)
        stranger = accounts.create_user(db, "test", "s", "", "expert", None)
        accounts.create_user(db, "test", "gone", "", "office", None)
        accounts.set_active(db, "test", "gone", False)
        gone = accounts.user_named(db, "gone")
        users = dict(zip(MATRIX, (office, researcher, first, second, stranger, gone), strict=True))
        for signed, reader in enumerate((None, first, second)):
            if reader:
                board.sign(db, reader, "甲")
            for role, user in users.items():
                found = {a for a in ACTIONS if rights.may(db, user, a, "甲")}
                assert found == MATRIX[role][signed], (role, signed)
                elsewhere = {a for a in ACTIONS if rights.may(db, user, a)}
                assert elsewhere <= YEAR
        for act in (board.sign, board.make_link):
            with pytest.raises(Forbidden):
                act(db, stranger, "甲")


def test_two_readers_do_not_see_each_other_until_both_have_signed(store: Store) -> None:
    office, first, second = assigned(store)
    with store.write() as db:
        rulings.decide(db, first, "甲", choice("GRI 2-1", level=2))
        rulings.decide(db, first, "甲", choice("GRI 2-2", level=2))
        rulings.decide(
            db, first, "甲", choice("GRI 2-3", "not_found", None, old_status="disclosed")
        )
        board.sign(db, first, "甲")
        with pytest.raises(Forbidden):
            rulings.decide(db, first, "甲", choice())
        assert rulings.look(db, second, "甲") == rulings.look(db, office, "甲") == []
        rulings.decide(db, second, "甲", choice("GRI 2-1", level=2, quote="上海", start=5, end=7))
        rulings.decide(db, second, "甲", choice("GRI 2-2", level=3))
        assert not rulings.in_force(db, "甲")
        assert not rulings.disputes(db, "甲")
        board.sign(db, second, "甲")
        assert len(rulings.look(db, first, "甲")) == len(rulings.look(db, office, "甲")) == 5
        (agreed,) = rulings.in_force(db, "甲")
        assert (agreed.key, agreed.basis.quote) == ("GRI 2-1", "上海")
        disputed = {one.about[2]: one for one in rulings.disputes(db, "甲")}
        assert set(disputed) == {"GRI 2-2", "GRI 2-3"}
        assert disputed["GRI 2-3"].second is None, "who says nothing agrees with Zejian"
        rulings.adjudicate(db, office, "甲", choice("GRI 2-2", level=4))
        rulings.adopt(db, office, "甲", [disputed["GRI 2-3"].first])
        assert not rulings.disputes(db, "甲")
        force = {one.key: (one.status, one.level) for one in rulings.in_force(db, "甲")}
        assert force["GRI 2-2"] == ("disclosed", 4)
        assert force["GRI 2-3"] == ("not_found", None)
        looks = [e.who for e in audit.entries(db, "甲") if e.action == "decisions.look"]
        assert sorted(looks) == sorted(["e0", "e1", "office", "office"])


def test_decisions_are_only_ever_added(store: Store) -> None:
    _, first, _ = assigned(store)
    with store.write() as db:
        one = rulings.decide(db, first, "甲", choice(level=1))
        two = rulings.decide(db, first, "甲", choice(level=3))
        back = rulings.decide(db, first, "甲", choice(status="withdrawn", level=None))
        assert [two.supersedes, back.supersedes] == [one.id, two.id]
        assert rulings.history(db, "甲") == [one, two, back]
        assert rulings.standing(rulings.history(db, "甲")) == {}
        for wrong in (
            choice(level=None),
            choice(level=5),
            choice(status="confirmed"),
            choice(quote="长" * 5_000),
        ):
            with pytest.raises(Refused):
                rulings.decide(db, first, "甲", wrong)
    for statement in (
        "UPDATE decisions SET why = ''",
        "DELETE FROM decisions",
        "DELETE FROM audit",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), store.write() as db:
            db.exec_driver_sql(statement)


def test_a_backup_is_the_whole_desk(store: Store, tmp_path: Path) -> None:
    _, first, _ = assigned(store)
    with store.write() as db:
        made = rulings.decide(db, first, "甲", choice(why="为何\x00=1+1"))
    copy = backup(store, tmp_path / "备份" / "desk.backup")
    with pytest.raises(FileExistsError):
        backup(store, copy)
    if store.engine.dialect.name == "postgresql":
        assert copy.read_bytes().startswith(b"PGDMP")
        return
    assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again = open_url(f"sqlite:///{copy}")
    with again.read() as db:
        assert rulings.history(db, "甲") == [made]
    again.close()


EXPERTS, DECISIONS = 20, 15


def test_twenty_experts_in_two_processes_lose_nothing(address: str, store: Store) -> None:
    office, experts = people(store, EXPERTS)
    with store.write() as db:
        for n in range(EXPERTS // 2):
            board.put_entry(db, f"报告{n}", f"公司{n}", "submitted")
            for reader in experts[2 * n : 2 * n + 2]:
                board.assign(db, office, f"报告{n}", reader)
    command = [sys.executable, str(HERE / "desk_crowd.py"), address, str(DECISIONS)]
    halves = [(0, EXPERTS // 2), (EXPERTS // 2, EXPERTS)]
    running = [subprocess.Popen([*command, *map(str, half)], env=environment()) for half in halves]
    assert [one.wait(120) for one in running] == [0, 0]
    with store.read() as db:
        given = rulings.history(db)
        assert len(given) == len({one.id for one in given}) == EXPERTS * DECISIONS * 2
        for expert in experts:
            mine = [one for one in given if one.who == expert.name]
            assert {one.key: one.level for one in mine} == dict.fromkeys(
                (f"GRI 2-{n}" for n in range(DECISIONS)), 3
            ), "the second decision of each stands"
            ids = {one.id for one in mine if one.level == 2}
            assert {one.supersedes for one in mine if one.level == 3} == ids
        assert all(rights.both_signed(db, f"报告{n}") for n in range(EXPERTS // 2))
        assert len(rulings.in_force(db, "报告0")) == DECISIONS
        seats = [(one.submission, one.seat) for one in board.readers(db)]
        assert len(seats) == len(set(seats)) == EXPERTS
