"""The year's files: run.json and the overviews."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import emit_fakes as fake
import jsonschema
import openpyxl
from lxml import html

from pipeline.emit import Times, write_overview, write_run

TIMES = Times("2024-01-01T00:00:00", "2024-01-01T00:00:09", 9.0)


def test_the_overview_puts_what_failed_first(tmp_path):
    write_overview(tmp_path, fake.year(40))
    book = openpyxl.load_workbook(tmp_path / "overview.xlsx")
    listed = [row[0] for row in book["报告一览"].iter_rows(min_row=4, values_only=True)]
    assert listed == ["读取失败"] * 6 + ["部分读取"] * 3 + ["已完成"] * 31
    asks = list(book["需补交材料"].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in asks] == ["读取失败"] * 6 + ["部分读取"] * 3
    assert all(row[1].startswith("云栖") and "请企业" in row[4] for row in asks)
    orphans = list(book["登记与文件核对"].iter_rows(min_row=4, values_only=True))
    assert [(row[1] or row[4]) for row in orphans] == ["栖霞示范有限公司", "杂项/说明.docx"]
    told = json.loads(
        html.parse(tmp_path / "overview.html").getroot().get_element_by_id("data").text
    )
    assert [row[0] for row in told["rows"]] == ["failed"] * 6 + ["partial"] * 3 + ["done"] * 31


def test_quality_stands_beside_coverage_with_its_place_in_the_year(tmp_path):
    year = fake.year(40)
    write_overview(tmp_path, year)
    sheet = openpyxl.load_workbook(tmp_path / "overview.xlsx")["报告一览"]
    heads = [c.value for c in sheet[3]]
    rows = [
        dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)
    ]
    scored = [row for row in rows if row["质量总分"] is not None]
    assert len(scored) == len(year.summaries)
    best, worst = (pick(scored, key=lambda r: r["质量总分"]) for pick in (max, min))
    assert best["年度百分位"] > 95 > 5 > worst["年度百分位"]
    assert {row["行业百分位"] for row in scored if row["行业"] == "装备制造"} == {None}  # too few
    assert best["过程性"] is not None
    assert "创新性" not in heads  # experts score it
    assert sum(row["警示"] or 0 for row in rows) == sum(s.alarms for s in year.summaries.values())


def test_a_small_year_has_scores_but_no_percentiles(tmp_path):
    write_overview(tmp_path, fake.year(6))
    page = html.parse(tmp_path / "overview.html").getroot()
    rows = [r for r in json.loads(page.get_element_by_id("data").text)["rows"] if r[13] is not None]
    assert rows
    assert [r[-3:] for r in rows] == [[None] * 3] * len(rows)


def test_the_order_in_which_workers_finish_leaves_no_trace(tmp_path):
    year = fake.year(30)
    shuffled = list(year.outcomes)
    random.Random(3).shuffle(shuffled)
    for name, outcomes in (("a", year.outcomes), ("b", shuffled)):
        write_overview(tmp_path / name, replace(year, outcomes=outcomes))
        write_run(tmp_path / name, replace(year, outcomes=outcomes), {"workers": 2}, TIMES)
    assert fake.contents(tmp_path / "a") == fake.contents(tmp_path / "b")


def test_a_year_of_nothing_but_failures_has_its_overview(tmp_path):
    year = fake.year(40)
    failed = [o for o in year.outcomes if o.status == "failed"]
    write_overview(tmp_path, replace(year, outcomes=failed, summaries={}))
    assert "覆盖率分布" not in (tmp_path / "overview.html").read_text("utf-8")


def test_run_json_tells_of_every_file_and_alone_of_time(tmp_path):
    year = fake.year(10)
    write_run(tmp_path, year, {"frameworks": ("green", "care"), "encoder": None}, TIMES)
    told = fake.load(tmp_path / "run.json")
    jsonschema.validate(told, fake.load(fake.DOCS / "run.schema.json"))
    assert told["counts"] == {"done": 8, "partial": 1, "failed": 1, "skipped": 0}
    promised = "file sha256 submission status code reason media company industry district year"
    assert [set(f) for f in told["files"]] == [set(promised.split())] * 10
    assert told["orphans"]["files"] == ["杂项/说明.docx"]
    assert told["times"]["seconds"] == 9.0
