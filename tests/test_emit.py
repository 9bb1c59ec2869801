"""What emit writes: the contract, the same bytes, and nothing that a report can inject."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import emit_fakes as fake
import jsonschema
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from pipeline.emit import (
    Times,
    read_document,
    read_score,
    summarise,
    write_overview,
    write_report,
    write_run,
)
from pipeline.emit.contract import SCHEMAS, schema_text
from pipeline.emit.escape import CELL_LIMIT, anchor, cell, tab_name
from pipeline.emit.words import promised

DOCS = Path(__file__).parents[1] / "docs"
FILES = {"document.json", "findings.json", "sheet.xlsx", "sheet.html"}
TIMES = Times("2024-01-01T00:00:00", "2024-01-01T00:00:09", 9.0)


@pytest.fixture(scope="module")
def document():
    return fake.document(fake.SENTENCES * 2 + fake.HOSTILE + ("年份\t排放\n2023\t=1+1", "尾"))


@pytest.fixture(scope="module")
def score(document):
    """A score whose report tries to break out of every file."""
    plain = fake.score(document, company=fake.HOSTILE[0])
    told = replace(plain.submission.registration, industry=fake.HOSTILE[1], association="-1+1")
    evil = [replace(f, name=fake.HOSTILE[n % 8]) for n, f in enumerate(plain.findings)]
    return replace(
        plain,
        submission=replace(plain.submission, registration=told, file=fake.HOSTILE[2]),
        findings=tuple(evil),
        warnings=(("hostile", fake.HOSTILE[1]),),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document, score):
    out = tmp_path_factory.mktemp("out") / "2023-云栖"
    write_report(out, document, score, fake.FRAMEWORKS, fake.VERSIONS)
    return out


@pytest.fixture(scope="module")
def book(folder):
    return openpyxl.load_workbook(folder / "sheet.xlsx")


@pytest.fixture(scope="module")
def page(folder):
    return html.fromstring((folder / "sheet.html").read_text("utf-8"))


def load(path: Path):
    return json.loads(path.read_text("utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_report_written_is_read_back_and_written_the_same(tmp_path, folder, document, score):
    again = read_document(folder)
    assert again == document
    write_report(tmp_path, again, read_score(folder), fake.FRAMEWORKS, fake.VERSIONS)
    assert set(contents(folder)) == FILES
    assert contents(tmp_path) == contents(folder)
    assert summarise(read_score(folder)) == summarise(score)


def test_quotes_slice_from_the_text_exactly(folder):
    text = load(folder / "document.json")["text"]
    findings = load(folder / "findings.json")["findings"]
    told = [e for f in findings for e in f["evidence"] + f["nearest"]]
    assert told
    assert all(text[e["start"] : e["end"]] == e["quote"] for e in told)


def test_findings_say_what_the_contract_promises(folder):
    found = load(folder / "findings.json")
    assert found["contract"] == "1.1"
    promised = "file sha256 pages characters company year programme"
    assert set(found["report"]) == set(promised.split())
    promised = "framework indicator name status probability level evidence nearest"
    assert set(promised.split()) <= set(found["findings"][0])
    promised = "page paragraph start end quote heading box probability reasons"
    assert set(promised.split()) <= set(found["findings"][0]["evidence"][0])
    assert list(found["coverage"]) == [f.id for f in fake.FRAMEWORKS]
    assert {"weighted", "low", "high", "counts"} <= set(found["coverage"]["green"])
    assert found["versions"]["frameworks"] == [["green", "a" * 64], ["care", "b" * 64]]


def test_numbers_are_rounded_so_that_bytes_are_stable(folder):
    text = (folder / "findings.json").read_text("utf-8")
    shares = re.findall(r'"(?:probability|weighted|low|high|depth|core)":\d+\.(\d+)', text)
    assert shares
    assert max(map(len, shares)) <= 4


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_one_in_force(name):
    assert (DOCS / f"{name}.schema.json").read_text("utf-8") == schema_text(name)


@pytest.mark.parametrize("name", ["findings", "document"])
def test_files_hold_to_their_schema(folder, name):
    jsonschema.validate(load(folder / f"{name}.json"), load(DOCS / f"{name}.schema.json"))


def test_a_document_missing_damaged_or_of_another_contract_is_none(tmp_path, folder):
    assert read_document(tmp_path) is None
    for damage in (
        b'{"text":',
        (folder / "document.json").read_bytes().replace(b'"1.1"', b'"9.0"'),
    ):
        (tmp_path / "document.json").write_bytes(damage)
        assert read_document(tmp_path) is None


def test_findings_of_a_framework_not_given_are_refused(tmp_path, document, score):
    with pytest.raises(ValueError, match="care"):
        write_report(tmp_path, document, score, fake.FRAMEWORKS[:1], fake.VERSIONS)
    assert not contents(tmp_path)


def test_no_cell_of_a_report_is_a_formula(folder):
    ours = r"COUNTA\((绿色|关怀)指南!I4:I\d+\)|IF\((绿色|关怀)指南!I\d+=\"\",\"\",\2指南!I\d+\)"
    formulas = []
    with zipfile.ZipFile(folder / "sheet.xlsx") as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                cells = etree.fromstring(packed.read(name)).iter("{*}c")
                formulas += [f.text for c in cells for f in c.iter("{*}f")]
    assert formulas
    assert [f for f in formulas if not re.fullmatch(ours, f.replace("'", ""))] == []


def test_the_workbook_has_a_cover_a_queue_and_a_tab_for_each_framework(book, score):
    assert book.sheetnames == ["总览", "待专家判断", "绿色指南", "关怀指南"]
    assert book["总览"]["A1"].value == fake.HOSTILE[0]
    assert book["总览"]["A1"].data_type == "s"
    odds = [row[3] for row in book["待专家判断"].iter_rows(min_row=4, values_only=True)]
    assert odds == sorted(odds, key=lambda p: abs(p - 0.5))
    assert len(odds) == sum(f.status == "needs_expert" for f in score.findings)
    said = [c.value for row in book["总览"].iter_rows() for c in row if isinstance(c.value, str)]
    assert any("草案" in text for text in said)
    assert fake.VERSIONS.matcher in said


def test_experts_find_lists_to_choose_from(book):
    sheet = book["绿色指南"]
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists == {"I4:I27": '"同意,改为已披露,改为未披露,不适用"', "J4:J27": '"0,1,2,3,4"'}
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:K27"


def test_links_of_the_workbook_lead_to_findings_of_the_page(book, page):
    ids = set(page.xpath("//details/@id"))
    links = [c.hyperlink for row in book["关怀指南"].iter_rows(min_row=4) for c in row]
    places = [link.location for link in links if link]
    assert len(places) == len(fake.FRAMEWORKS[1].indicators)
    assert set(places) <= ids
    assert {link.target for link in links if link} == {"sheet.html"}


def test_the_page_runs_our_script_only_and_fetches_nothing(page):
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    script, style = page.xpath("//script[not(@type)]")[0], page.xpath("//style")[0]
    for node in (script, style):
        digest = base64.b64encode(hashlib.sha256(node.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert len(page.xpath("//script")) == 2
    assert not page.xpath("//@src | //link | //img | //@style | //@*[starts-with(name(), 'on')]")


def test_every_finding_has_its_row_and_every_quote_its_surroundings(page, score):
    ids = page.xpath("//details/@id")
    assert len(ids) == len(set(ids)) == len(score.findings)
    data = json.loads(page.get_element_by_id("data").text)
    wanted = {anchor(f.framework, f.indicator) for f in score.findings if f.evidence or f.nearest}
    assert set(data["findings"]) == wanted
    starts = [block[1] for block in data["blocks"]]
    assert starts == sorted(set(starts))


def test_a_long_report_makes_a_modest_page(tmp_path):
    document = fake.document(fake.SENTENCES * 450, per_page=21)  # 150 pages
    guides = tuple(fake.framework(f"g{n}", f"{n}类指南", 100) for n in range(5))
    write_report(tmp_path, document, fake.score(document, guides), guides, fake.VERSIONS)
    assert len(document.pages) >= 150
    assert (tmp_path / "sheet.html").stat().st_size < 3_000_000


def test_an_empty_report_still_has_its_sheets(tmp_path):
    document = replace(fake.document(("",), 1), pages=(), blocks=(), text="")
    guide = fake.FRAMEWORKS[0]
    plain = fake.finding(fake.document(), guide, 0)
    bare = replace(plain, status="unreadable", evidence=(), nearest=())
    covered = fake.coverage(guide, [plain])
    empty = replace(fake.score(fake.document(), (guide,)), pages=0, findings=(bare,))
    empty = replace(empty, coverage=(covered,), levels=(0,) * 5, passages=0, characters=0)
    write_report(tmp_path, document, empty, fake.FRAMEWORKS, fake.VERSIONS)
    assert read_score(tmp_path).findings == (bare,)


def test_the_overview_puts_what_failed_first(tmp_path):
    write_overview(tmp_path, fake.year(40))
    book = openpyxl.load_workbook(tmp_path / "overview.xlsx")
    listed = [row[0] for row in book["报告一览"].iter_rows(min_row=4, values_only=True)]
    assert listed == ["读取失败"] * 6 + ["部分读取"] * 3 + ["已完成"] * 31
    asks = list(book["需补交材料"].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in asks] == ["读取失败"] * 6 + ["部分读取"] * 3
    assert all(row[1].startswith("云栖") and "请企业" in row[4] for row in asks)
    orphans = list(book["报名与文件核对"].iter_rows(min_row=4, values_only=True))
    assert [(row[1] or row[4]) for row in orphans] == ["栖霞示范有限公司", "杂项/说明.docx"]
    told = json.loads(
        html.parse(tmp_path / "overview.html").getroot().get_element_by_id("data").text
    )
    assert [row[0] for row in told["rows"]] == ["failed"] * 6 + ["partial"] * 3 + ["done"] * 31


def test_the_order_in_which_workers_finish_leaves_no_trace(tmp_path):
    year = fake.year(30)
    shuffled = list(year.outcomes)
    random.Random(3).shuffle(shuffled)
    for name, outcomes in (("a", year.outcomes), ("b", shuffled)):
        write_overview(tmp_path / name, replace(year, outcomes=outcomes))
        write_run(tmp_path / name, replace(year, outcomes=outcomes), {"workers": 2}, TIMES)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_year_of_nothing_but_failures_has_its_overview(tmp_path):
    year = fake.year(40)
    failed = [o for o in year.outcomes if o.status == "failed"]
    write_overview(tmp_path, replace(year, outcomes=failed, summaries={}))
    assert "覆盖率分布" not in (tmp_path / "overview.html").read_text("utf-8")


def test_run_json_tells_of_every_file_and_alone_of_time(tmp_path):
    year = fake.year(10)
    write_run(tmp_path, year, {"frameworks": ("green", "care"), "encoder": None}, TIMES)
    told = load(tmp_path / "run.json")
    jsonschema.validate(told, load(DOCS / "run.schema.json"))
    assert told["counts"] == {"done": 8, "partial": 1, "failed": 1, "skipped": 0}
    promised = "file sha256 submission status code reason"
    assert [set(f) for f in told["files"]] == [set(promised.split())] * 10
    assert told["orphans"]["files"] == ["杂项/说明.docx"]
    assert told["times"]["seconds"] == 9.0


@given(st.text(st.characters(), max_size=200) | st.text("𠮷a", max_size=80), st.integers(2, 60))
def test_cells_are_within_excels_limits_and_legal_xml(text, limit):
    kept = cell(text, limit)
    assert len(kept.encode("utf-16-le")) // 2 <= limit
    etree.Element("t").text = kept  # lxml refuses what XML does not allow
    assert len(cell(text * 300).encode("utf-16-le")) // 2 <= CELL_LIMIT


@given(st.lists(st.text(max_size=40), max_size=6))
def test_tabs_are_named_as_excel_allows_and_all_differently(names):
    taken: list[str] = []
    for name in names:
        taken.append(tab_name(name, taken))
    assert len({t.casefold() for t in taken}) == len(taken)
    for tab in taken:
        assert 0 < len(tab) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", tab)


@given(st.text(max_size=12), st.text(max_size=12))
def test_anchors_are_ascii_and_never_shared(one, other):
    assert anchor("gri", one).isascii()
    assert re.fullmatch(r"[\w.~-]+", anchor("gri", one))
    assert (anchor("gri", one) == anchor("gri", other)) == (one == other)


def test_the_sheet_promises_only_what_was_measured() -> None:
    assert "尚未测定" in promised(None)
    told = promised((0.9611, 0.9456, 0.9723))
    assert "96.1%" in told
    assert "94.6%–97.2%" in told
    assert "其他指南" in told
