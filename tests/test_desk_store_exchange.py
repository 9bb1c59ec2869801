"""Decisions carried out and in: JSON, CSV, filled sheets; published, measured, made gold."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from desk_store import (
    GUIDES,
    PASSWORD,
    address,
    assigned,
    choice,
    out,
    people,
    reviewed,
    server,
    store,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run import write_report, zejian

from pipeline.desk.store import board, exchange, rulings
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.database import Store, open_url
from pipeline.desk.store.publish import publish
from pipeline.desk.store.rights import Forbidden
from pipeline.desk.store.sheets import import_sheet
from pipeline.desk.store.sync import sync_year
from pipeline.emit import read_score
from pipeline.emit.decisions import read_decisions

SIGNS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
EVIL = st.sampled_from(
    ('=HYPERLINK("http://x")', "+1", "-1", "@x", "'=x", "''", "a\r\nb", '"', ",")
)


@given(st.lists(st.tuples(SIGNS | EVIL, SIGNS | EVIL, st.integers(0, 4)), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_goes_out_comes_in_the_same(tmp_path: Path, said: list) -> None:
    shutil.rmtree(tmp_path / "both", ignore_errors=True)
    (tmp_path / "both").mkdir()
    here, there = (open_url(f"sqlite:///{tmp_path / 'both' / n}.sqlite3") for n in ("a", "b"))
    office, first, second = assigned(here)
    other_office, _ = people(there, 0)
    with here.write() as db:
        for why, quote, level in said:
            rulings.decide(db, first, "甲", choice(why=why, quote=quote, level=level))
        given = rulings.history(db)
        board.sign(db, first, "甲")
        assert not exchange.read_json(exchange.export_json(db, office)), "the second is to be blind"
        board.sign(db, second, "甲")
        as_json, as_csv = exchange.export_json(db, office), exchange.export_csv(db, office)
    assert exchange.read_json(as_json) == exchange.read_csv(as_csv) == tuple(given)
    with there.write() as db:
        lost = exchange.import_decisions(db, other_office, given)
        assert (lost.added, len(lost.problems)) == (0, 1), "told, not dropped in silence"
        board.put_entry(db, "甲", "甲公司", "submitted")
        assert exchange.import_decisions(db, other_office, given).added == len(given)
        assert exchange.import_decisions(db, other_office, given).known == len(given)
        assert rulings.history(db) == given
    for one in (here, there):
        one.close()


def test_only_exports_are_taken_in(store: Store) -> None:
    office, first, second = assigned(store)
    for wrong in (b"", b"{}", b"\xff\xfe", b"a,b\n1,2\n"):
        with pytest.raises(Refused):
            exchange.read_json(wrong)
        with pytest.raises(Refused):
            exchange.read_csv(wrong)
    with store.write() as db, pytest.raises(Forbidden):
        exchange.export_csv(db, first)
    with store.write() as db:
        rulings.decide(db, first, "甲", choice(why="=1+1"))
        board.sign(db, first, "甲")
        board.sign(db, second, "甲")
        assert b"'=1+1" in exchange.export_csv(db, office)


def known_to(store: Store, out: Path) -> None:
    with store.write() as db:
        board.put_entry(db, "甲", "甲公司", "submitted")
        sha256 = read_score(out / "甲").submission.sha256
        board.add_version(db, "甲", "甲.txt", sha256, "zejian review")


def filled(out: Path, rows: dict[str, tuple[object, object, str]]) -> bytes:
    """The sheet as an expert saves it, with (verdict, level, remark) by GB/T 36000 code."""
    book = openpyxl.load_workbook(out / "甲" / "sheet.xlsx")
    tab = next(t for t in book.worksheets if t.cell(1, 1).value == GUIDES[0].title)
    head = next(r for r in range(1, 9) if tab.cell(r, 1).value == "指标编号")
    columns = {tab.cell(head, c).value: c for c in range(1, tab.max_column + 1)}
    for r in range(head + 1, tab.max_row + 1):
        if wrote := rows.get(str(tab.cell(r, columns["指标编号"]).value)):
            for name, value in zip(("专家结论", "专家层级", "备注"), wrote, strict=True):
                tab.cell(r, columns[name]).value = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_an_expert_without_the_desk_fills_the_sheet(store: Store, out: Path) -> None:
    office, experts = people(store, 2)
    known_to(store, out)
    own = read_score(out / "甲")
    mine = [f for f in own.findings if f.framework == "gbt36000"]
    yes = [f.indicator for f in mine if f.status == "disclosed"]
    no = [f.indicator for f in mine if f.status == "not_found"]
    doubt = [f.indicator for f in mine if f.status == "needs_expert"]
    rows = {
        yes[0]: ("改为未披露", None, "只是口号 <script>"),
        yes[1]: ("同意", 4, ""),
        no[0]: ("改为已披露", "2 具体做法", "见第3段"),
        no[1]: ("不适用", None, ""),
        no[2]: ("改为已披露", None, "没写层级"),
        no[3]: ("也许", None, ""),
        no[4]: (None, None, "只有备注"),
        **{code: ("同意", None, "") for code in doubt[:1]},
    }
    sheet = filled(out, rows)
    for expert in experts:
        with store.write() as db:
            took = import_sheet(db, office, "甲", expert, sheet, GUIDES, out)
            assert (took.added, len(took.problems)) == (4, 3 + len(doubt[:1]))
            assert import_sheet(db, office, "甲", expert, sheet, GUIDES, out).known == 4
            board.sign_for(db, office, "甲", expert)
            with pytest.raises(Refused, match="已签署"):
                import_sheet(db, office, "甲", expert, sheet, GUIDES, out)
    receipt = publish(store, out, "甲", "office")
    ruled = read_score(out / "甲")
    found = {f.indicator: f for f in ruled.findings if f.framework == "gbt36000"}
    assert found[yes[0]].status == "not_found"
    assert found[yes[1]].level == 4
    assert (found[no[0]].status, found[no[0]].level) == ("disclosed", 2)
    assert found[no[1]].status == "not_applicable"
    assert len(ruled.overruled.decisions) == 4
    assert not ruled.overruled.stale
    assert receipt.summary.coverage[0] == ruled.coverage[0]
    assert publish(store, out, "甲", "office") is None, "nothing new, nothing written"
    with store.write() as db:
        board.reopen(db, office, "甲", experts[0])
        again = import_sheet(db, office, "甲", experts[0], filled(out, {}), GUIDES, out)
        assert (again.added, again.problems) == (0, ()), "a sheet anew asks nothing"


def test_sheets_of_other_reports_and_other_files_are_refused(store: Store, out: Path) -> None:
    office, (expert,) = people(store, 1)
    with store.write() as db:
        board.put_entry(db, "甲", "甲公司", "submitted")
        board.add_version(db, "甲", "甲.txt", "b" * 64, "企业")
    for content in (filled(out, {}), b"PK\x03\x04", b"", (out / "甲" / "sheet.html").read_bytes()):
        with pytest.raises(Refused), store.write() as db:
            import_sheet(db, office, "甲", expert, content, GUIDES, out)
    with store.read() as db:
        assert not board.readers(db, "甲"), "a refused sheet assigns nobody"


def test_decisions_of_another_desk_are_taken_in_and_stay_in_force(store: Store, out: Path) -> None:
    assigned(store)
    first = open_url(f"sqlite:///{out / 'other.sqlite3'}")
    other_office, expert, _ = assigned(first)
    own = read_score(out / "甲")
    no = next(f for f in own.findings if f.status == "not_found")
    what = choice(no.indicator, level=1, document=own.submission.sha256)
    with first.write() as db:
        for reader in board.readers(db, "甲"):
            board.sign_for(db, other_office, "甲", replace(expert, id=reader.user))
        rulings.adjudicate(db, other_office, "甲", replace(what, framework=no.framework))
    publish(first, out, "甲", "office")
    first.close()
    (given,) = read_decisions(out / "甲")
    assert publish(store, out, "甲", "office") is None
    with store.read() as db:
        assert rulings.in_force(db, "甲") == [given]
    (out / "甲" / "decisions.json").write_text("{")
    publish(store, out, "甲", "office")
    assert read_decisions(out / "甲") == (given,)
    assert (out / "甲" / "decisions.damaged-1.json").read_text() == "{"


def test_a_year_comes_onto_the_board(store: Store, tmp_path: Path) -> None:
    files = [("甲.pdf", "甲", "done"), ("乙.pdf", "乙", "failed"), ("说明.docx", "", "skipped")]
    rows = [
        {"file": f, "sha256": "a" * 64, "submission": s, "status": status, "code": "", "reason": ""}
        for f, s, status in files
    ]
    run = {"contract": "1.0", "settings": {}, "counts": {}, "files": rows}
    made = {"code": "1", "encoder": "", "matcher": "", "frameworks": [], "programme": "x"}
    orphan = {"company": "丙公司", "industry": "", "district": "", "association": "", "year": 2023}
    orphans = {"rows": [orphan], "files": []}
    times = {"started": "", "finished": "", "seconds": 0}
    whole = run | {"versions": made, "orphans": orphans, "times": times}
    for status in ("done", "done"):
        rows[0]["status"] = status
        (tmp_path / "run.json").write_text(json.dumps(whole))
        with store.write() as db:
            sync_year(db, tmp_path)
    with store.read() as db:
        states = {one.company: one.state for one in board.board(db)}
        assert states == {"甲": "submitted", "乙": "failed", "丙公司": "missing"}
        assert [v.number for v in board.versions_of(db, "甲")] == [1]


def test_the_office_does_it_from_the_command_line(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    write_report(source / "甲.txt", 1)
    options = ("--frameworks", "gbt36000,gri", "--out", out)
    assert zejian("review", source, *options).returncode == 0
    code = next(f.indicator for f in read_score(out / "甲").findings if f.status == "disclosed")
    (tmp_path / "filled.xlsx").write_bytes(filled(out, {code: ("改为未披露", None, "空话")}))
    for expert in ("张三", "李四"):
        told = ("decisions", "sheet", out, "甲", expert, tmp_path / "filled.xlsx", "--sign")
        took = zejian(*told)
        assert (took.returncode, took.stdout) == (0, "新增 1 条，已有 0 条。\n"), took.stderr
    found = {f.indicator: f.status for f in read_score(out / "甲").findings}
    assert found[code] == "not_found"
    for name in ("all.json", "all.csv"):
        assert zejian("decisions", "export", out, tmp_path / name).returncode == 0
        took = zejian("decisions", "import", out, tmp_path / name)
        assert took.stdout == "新增 0 条，已有 2 条。\n"
    assert zejian("decisions", "gold", out, tmp_path / "gold").stdout == "已写 1 份。\n"
    refused = zejian("decisions", "backup", tmp_path, tmp_path / "b")
    assert (refused.returncode, "输出文件夹" in refused.stderr) == (2, True)
    assert zejian("decisions", "backup", out, tmp_path / "b").returncode == 0
    gone = zejian("accounts", "password", out, "王五", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert (gone.returncode, "没有账号" in gone.stderr) == (2, True)
