"""The year's papers: lists for the committee, candidates, and the bulletin."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import emit_fakes as fake
import openpyxl
import pytest
from docx import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from pipeline.emit.bulletin import bulletin_docx, bulletin_html
from pipeline.emit.bulletinview import FEW, bulletin_view
from pipeline.emit.papers import write_papers
from pipeline.facts import ConditionResult, Figure, Measure, Quote
from pipeline.papers import cohort, committee, entry, grades, shortlist, statistics
from pipeline.papers.records import Entry, Told
from pipeline.programmes import programme
from pipeline.records import Registration, Submission

RULES = programme("shanghai-2023")
FORM = Quote(None, 0, 0, 0, "公益投入（万元）：12", source="form")
SAID = Quote(3, 9, 10, 14, "12万元")


def told(company: str, value: float, name: str = "公益投入", quote: Quote = FORM) -> Told:
    return Told(company, name, value, f"{value}万元", quote)


def sent(n: int, year: int | None = 2022, **facts: object) -> Entry:
    row = Registration(company=f"云栖第{n}精工有限公司", industry="装备制造", year=year)
    return Entry(Submission(f"云栖{n}-{year}", f"{n}.pdf", "a" * 64, "pdf", row), "done", **facts)


def spending(values: list[float]) -> list[Entry]:
    return [sent(n, figures=(told(str(n), value),)) for n, value in enumerate(values)]


def of(entries, name="公益投入"):
    return next(one for one in statistics(cohort(entries, 2022)) if one.name == name)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1e6), max_size=8))
def test_no_figure_is_told_of_fewer_than_three_companies(values) -> None:
    entries = spending(values)
    found = of(entries)
    assert found.n == len(values)
    assert (found.value is None, found.median is None) == (len(values) < 3,) * 2
    if len(values) >= 3:
        assert found.value == pytest.approx(sum(values))
        assert min(values) <= found.median <= max(values)
    page = bulletin_html(bulletin_view(entries, RULES, fake.FRAMEWORKS, fake.VERSIONS, 2022))
    cells = html.fromstring(page.decode()).xpath("//tr[td[1]='公益投入']/td[2]/text()")
    assert (cells == [FEW]) == (len(values) < 3)


def test_a_company_counts_once_and_only_with_a_report_of_the_year() -> None:
    twice = [sent(1, 2021), sent(1, 2022), sent(2, None), sent(3, 2022)]
    failed = replace(sent(4), status="failed")
    assert [one.year for one in cohort([*twice, failed], 2022)] == [2022, None, 2022]
    assert len(cohort(twice, None)) == 3


def test_figures_come_from_the_form_first_and_odd_ones_are_left_out() -> None:
    doc = fake.document(("2022年公益捐赠99万元，公司获评纳税信用A级。",))
    told_so = Figure(990_000.0, "元", "99万元", Quote(1, 1, 5, 11, "公益捐赠99万元"))
    spent = Measure("m0001", "公益捐赠", told_so, "2022")
    score = fake.score(doc)
    by_report = _with(score, (), (spent,))
    by_form = _with(score, (("公益投入（万元）", "12"), ("纳税信用等级", "B")), (spent,))
    odd = _with(score, (("客户满意度（%）", "9.65"),), ())
    kinds = [(one.value, one.quote.source) for e in (by_report, by_form) for one in e.figures]
    assert kinds == [(99.0, "report"), (12.0, "form")]
    assert [one.grade[0] for one in (by_report, by_form)] == ["A", "B"]
    assert by_report.grade[1].quote in doc.text
    assert [one.plausible for one in odd.figures] == [False]
    assert of([odd], "客户满意度").left_out == 1


def _with(score, form, measures) -> Entry:
    row = replace(score.submission.registration, year=2022, statistics=form)
    facts = replace(score.facts, measures=measures)
    doc = fake.document(("2022年公益捐赠99万元，公司获评纳税信用A级。",))
    return entry(
        replace(score, submission=replace(score.submission, registration=row), facts=facts), doc
    )


def test_grades_are_counted_by_where_they_were_told() -> None:
    entries = [sent(n, grade=("A", FORM if n % 2 else SAID)) for n in range(5)]
    assert grades(entries)[0] == ("A", 2, 3)


def test_the_committee_sees_what_is_left_to_confirm() -> None:
    met = [ConditionResult(one.code, one.text, "met") for one in RULES.eligibility]
    asked = [replace(one, state="confirm", note="请确认。") for one in met if one.code == "E5"]
    unseen = [replace(met[0], state="absent", note="申报表未填。"), *met[1:]]
    never = sent(0)
    rows = committee(
        [
            sent(1, conditions=(*met[:-1], *asked)),  # only a person can confirm the last
            sent(2, conditions=tuple(unseen)),
            sent(3, conditions=tuple(met), alarms=("环境处罚",), contradictions=2),
            sent(4, 2021, conditions=tuple(met)),
            replace(sent(5), status="failed", fault="文件设有打开密码。"),
            replace(never, status="failed", submission=replace(never.submission, sha256="")),
        ],
        RULES,
        2022,
    )
    found = [one.verdict for one in rows]
    assert found == ["ready", "confirm", "confirm", "confirm", "unread", "absent"]
    assert rows[0].met == ("E1", "E2", "E3", "E4")
    assert rows[1].open == ("E1：申报表未填。",)
    assert "环境处罚" in rows[2].open[0]
    assert "2处" in rows[2].open[1]
    assert "2021年" in rows[3].open[0]
    assert rows[4].open == ("文件设有打开密码。",)


def test_candidates_are_shortlisted_for_what_they_did_and_not_for_length() -> None:
    doc = fake.document(("公司新增发明专利12项，研发投入1,200万元。", "将申请发明专利30项。"))
    score = fake.score(doc)
    kinds = ((0, 3, ()), (1, 3, ("target",)), (1, 3, ("neg",)), (0, 1, ()))
    proofs = tuple(
        replace(fake.evidence(doc, n, 0.9, level), flags=flags) for n, level, flags in kinds
    )
    finding = replace(score.findings[0], status="disclosed", evidence=proofs)
    short = entry(replace(score, findings=(finding,)), doc)
    many = replace(finding, evidence=proofs * 20)
    long = entry(replace(score, findings=(many,) * 9), doc)
    alone = [one for one in shortlist([short]) if one.award == "科技创新"]
    assert [why.quote.quote for why in alone[0].reasons] == [doc.text.split("\n")[0]]
    assert {one.points for one in shortlist([short, long])} == {alone[0].points}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    evil = Registration(company=fake.HOSTILE[1], industry=fake.HOSTILE[0], year=2022)
    hostile = replace(sent(9), submission=replace(sent(9).submission, registration=evil))
    entries = [*spending([1.0, 2.0, 30.0, 4.5]), hostile]
    entries = [replace(one, coverage=(("green", 0.4), ("care", 0.3))) for one in entries]
    view = bulletin_view(entries, RULES, fake.FRAMEWORKS, fake.VERSIONS, 2022)
    out = tmp_path_factory.mktemp("papers")
    paths = write_papers(out, RULES, committee(entries, RULES, 2022), shortlist(entries), view)
    assert all(path.read_bytes() for path in paths)
    assert bulletin_docx(view) == (out / "bulletin.docx").read_bytes()
    return out


def test_the_bulletin_in_word_has_its_figures_and_charts(folder) -> None:
    content = (folder / "bulletin.docx").read_bytes()
    rows = [[cell.text for cell in row.cells] for row in Word(BytesIO(content)).tables[0].rows]
    spent = next(row for row in rows if row[0] == "公益投入")
    assert spent[1:] == ["37.5 万元", "—", "3.2 万元", "4", "80%", "申报表4"]
    with ZipFile(BytesIO(content)) as parts:
        charts = [name for name in parts.namelist() if "/charts/" in name]
        first = etree.fromstring(parts.read(charts[0]))
    assert len(charts) == 3
    names = first.xpath(".//*[local-name()='cat']//*[local-name()='v']/text()")
    assert "公益投入" in names


def test_what_others_wrote_stays_text_in_every_paper(folder) -> None:
    page = html.fromstring((folder / "bulletin.html").read_text("utf-8"))
    assert not page.xpath("//script | //img | //@onerror | //@src | //@style")
    lists = Word(BytesIO((folder / "committee.docx").read_bytes()))
    assert any("<script>" in cell.text for row in lists.tables[0].rows for cell in row.cells)
    book = openpyxl.load_workbook(folder / "papers.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book.sheetnames == ["发布单位名单", "证书名单", "奖项候选", "统计明细"]
