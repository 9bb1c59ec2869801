"""The tabs 核查 and 质量 of a filled sheet: experts' verdicts there, out and in."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import openpyxl
import pytest
from desk_store import GUIDES, address, people, server, store

from pipeline.choices import Configuration
from pipeline.decisions import check_key
from pipeline.desk.store import board, rulings
from pipeline.desk.store.database import Store
from pipeline.desk.store.publish import publish
from pipeline.desk.store.sheets import import_sheet
from pipeline.emit import read_score
from pipeline.override import undone
from pipeline.records import Submission
from pipeline.review import Job, review_file

REPORT = """甲公司2022年社会责任报告
一、员工责任
2022年公司员工总数为265人，其中男员工192人，女员工83人。
2022年公司组织安全培训36次，员工参训率达到100%。报告期内因安全事故被罚款5万元，已整改。
二、环境责任
2022年公司综合能耗1200吨标准煤，比2021年下降4.2%。2021年综合能耗为1100吨标准煤。
公司2022年捐赠120万元，其中教育捐赠100万元，社区捐赠50万元。
2022年公司供应商总数为50家，其中国内供应商30家，国外供应商25家。
"""
GUIDE = GUIDES[:1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("made")
    path = source / "甲.txt"
    path.write_text(REPORT, "utf-8")
    entry = Submission("甲", "甲.txt", hashlib.sha256(path.read_bytes()).hexdigest(), "txt")
    review_file(Job(entry, path, out, Configuration("shanghai-2023", (GUIDE[0].id,), None)))
    return out


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def filled(out: Path, tab: str, rows: dict[int, dict[str, object]]) -> bytes:
    """The sheet with a tab's entries, by row (0: the first below the header)."""
    book = openpyxl.load_workbook(out / "甲" / "sheet.xlsx")
    sheet = book[tab]
    heads = [cell.value for cell in sheet[3]]
    for number, entries in rows.items():
        for head, value in entries.items():
            sheet.cell(4 + number, heads.index(head) + 1).value = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def shown(out: Path, tab: str) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(out / "甲" / "sheet.xlsx")[tab]
    heads = [cell.value for cell in sheet[3]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(4, values_only=True)]


def known_to(store: Store, out: Path) -> None:
    with store.write() as db:
        board.put_entry(db, "甲", "甲公司", "submitted")
        board.add_version(db, "甲", "甲.txt", read_score(out / "甲").submission.sha256, "test")


def take(store: Store, out: Path, office, expert, content: bytes):
    with store.write() as db:
        return import_sheet(db, office, "甲", expert, content, GUIDE, out)


def test_verdicts_on_slips_come_in(store: Store, out: Path) -> None:
    office, experts = people(store, 2)
    known_to(store, out)
    slips = {c.message: c for c in read_score(out / "甲").facts.checks}
    rows = shown(out, "核查")
    assert len(rows) == len(slips) >= 3
    sheet = filled(out, "核查", {
        0: {"专家结论": "误报", "备注": "另有说明 =1+1"},
        1: {"专家结论": "请企业说明"},
        2: {"备注": "只有备注"},
    })  # fmt: skip
    for expert in experts:
        took = take(store, out, office, expert, sheet)
        assert (took.added, len(took.problems)) == (2, 1), took
        assert take(store, out, office, expert, sheet).known == 2, "read twice, it changes nothing"
        with store.write() as db:
            board.sign_for(db, office, "甲", expert)
    dismissed, asked = (slips[str(row["不一致之处"])] for row in rows[:2])
    with store.read() as db:
        given = {one.key: one for one in rulings.in_force(db, "甲")}
        assert not rulings.disputes(db, "甲"), "what one says on a sheet the other says, too"
    one, other = given[check_key(dismissed)], given[check_key(asked)]
    assert (one.status, one.why, one.basis.quote) == (
        "dismissed", "另有说明 =1+1", dismissed.quotes[0].quote,
    )  # fmt: skip
    assert (other.status, other.why) == ("confirmed", "请企业说明")
    publish(store, out, "甲", "office")
    kept = [c.message for c in read_score(out / "甲").facts.checks]
    assert kept == [m for m in slips if m != dismissed.message]
    assert [row["不一致之处"] for row in shown(out, "核查")] == [r["不一致之处"] for r in rows[1:]]
    with store.write() as db:  # the sheet of before, once more: its rows are known as before
        board.reopen(db, office, "甲", experts[0])
    assert take(store, out, office, experts[0], sheet).known == 2


def test_points_for_quality_come_in(store: Store, out: Path) -> None:
    office, experts = people(store, 2)
    known_to(store, out)
    own = read_score(out / "甲")
    rows = shown(out, "质量")
    fact = next(n for n, row in enumerate(rows) if row["事实"] and row["得分"] is not None)
    other = str(rows[fact]["维度"])
    whole = next(
        n for n, r in enumerate(rows) if not r["事实"] and r["维度"] not in (other, "警示")
    )
    wrong = next(n for n, row in enumerate(rows) if row["事实"] and n != fact)
    sheet = filled(out, "质量", {
        fact: {"专家得分": 3, "备注": "名不副实"},
        whole: {"专家得分": 87.5},
        wrong: {"专家得分": 101},
    })  # fmt: skip
    for expert in experts:
        took = take(store, out, office, expert, sheet)
        assert (took.added, len(took.problems)) == (2, 1), took
        with store.write() as db:
            board.sign_for(db, office, "甲", expert)
    publish(store, out, "甲", "office")
    ruled = read_score(out / "甲")
    by_name = {one.dimension: one for one in ruled.facts.quality.dimensions}
    assert by_name[rows[whole]["维度"]].score == 87.5
    name = rows[fact]["事实"]
    assert [f.points for f in by_name[other].facts if f.name == name] == [3]
    assert ruled.facts.quality.total != own.facts.quality.total
    assert undone(ruled, GUIDE).facts == own.facts


def test_tabs_that_are_not_taken_say_so(store: Store, out: Path) -> None:
    office, (expert,) = people(store, 1)
    known_to(store, out)
    conditions = filled(out, "项目条件", {0: {"专家结论": "满足"}})
    (problem,) = take(store, out, office, expert, conditions).problems
    assert "项目条件" in problem
    changed = filled(out, "核查", {0: {"不一致之处": "别的话", "专家结论": "误报"}})
    took = take(store, out, office, expert, changed)
    assert (took.added, len(took.problems)) == (0, 1)
    with store.write() as db:  # a newer version of the report was reviewed meanwhile
        board.add_version(db, "甲", "乙.txt", "b" * 64, "企业")
    (out / "甲" / "document.json").unlink()
    old = filled(out, "核查", {0: {"专家结论": "误报"}})
    assert "最新的覆盖表" in take(store, out, office, expert, old).problems[0]
