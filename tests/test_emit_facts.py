"""Facts in the sheets: measures, checks, quality, index and conditions, each with its words."""

from __future__ import annotations

from dataclasses import replace

import emit_fakes as fake
import openpyxl
import pytest
from emit_facts import DIMENSIONS, facts
from lxml import html

from pipeline.emit import write_report
from pipeline.facts import Facts
from pipeline.records import Overruled

NAMES = ("综合能耗", "安全培训", "员工总数")


@pytest.fixture(scope="module")
def document():
    return fake.document(fake.SENTENCES * 3 + ("指标\t2022\t2023\n能耗\t13,319\t12,480",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document):
    score = replace(fake.score(document), facts=facts(document, NAMES))
    return fake.written(tmp_path_factory.mktemp("facts"), document, score)


@pytest.fixture(scope="module")
def book(folder):
    return openpyxl.load_workbook(folder / "sheet.xlsx")


@pytest.fixture(scope="module")
def page(folder):
    return html.fromstring((folder / "sheet.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def data(page):
    return fake.loads(page.get_element_by_id("data").text)


def column(sheet, head):
    heads = [c.value for c in sheet[3]]
    return [row[heads.index(head)].value for row in sheet.iter_rows(min_row=4)]


def said(sheet):
    return [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]


def test_alarms_come_first_and_dimensions_show_what_they_rest_on(book):
    first = column(book["质量"], "维度")
    assert first[0] == "警示"
    assert [name for name in dict.fromkeys(first[1:])] == list(DIMENSIONS)
    assert set(column(book["质量"], "依据")) - {None, ""} == {"本地"}
    assert column(book["质量"], "得分")[1:4] == [41.2346, 60, 61]


def test_the_cover_shows_alarms_bars_and_counts(book):
    told = said(book["总览"])
    assert len([text for text in told if text.startswith("警示：")]) == 1
    assert "总分（本地）" in told
    assert any(text.startswith("三星　实据性 41%") for text in told)
    assert "矛盾 1　疑点 1　提示 1" in told
    assert "40项" in told


def test_checks_show_both_places_and_ask_for_the_experts_verdict(book):
    sheet = book["核查"]
    assert column(sheet, "程度") == ["矛盾", "疑点", "提示"]
    assert "10 + 63 = 73 ≠ 70" in column(sheet, "算式")[0]
    assert "报名材料" in column(sheet, "位置")[1]
    assert "上年报告" in column(sheet, "位置")[2]
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("G4:G6", '"属实,误报,请企业说明"')


def test_measures_show_the_printed_value_beside_the_normalised(book):
    sheet = book["绩效数据"]
    assert len(column(sheet, "名称")) == 40
    assert column(sheet, "折算值")[0] == 12480.12346
    assert column(sheet, "对应指标")[0] == "绿色指南 绿1-1、关怀指南 关1-2"
    assert column(sheet, "原文")[0].startswith("“报告期内，云栖精工在三个生产基地")
    assert "“指标 2022 2023\n能耗 13,319 12,480”" in column(sheet, "原文")
    assert column(sheet, "对比")[0].startswith("2022：")


def test_index_and_conditions_say_what_was_found(book):
    states = ["已找到", "另处找到", "未找到", "所指页不存在"]
    assert column(book["内容索引"], "核对结果") == states
    kinds = column(book["项目条件"], "类别")
    assert kinds == ["入围条件"] * 3 + ["年度主题"] * 3 + ["绩效评价"] * 3
    (rule,) = book["项目条件"].data_validations.dataValidation
    assert rule.formula1 == '"满足,不满足,不适用"'


def test_every_quote_leads_into_the_text(book, data, document):
    links = [
        cell.hyperlink.location
        for tab in ("质量", "核查", "绩效数据", "内容索引", "项目条件")
        for row in book[tab].iter_rows(min_row=4)
        for cell in row
        if cell.hyperlink
    ]
    assert len(links) > 60
    assert set(links) <= set(data["spans"])
    for anchor, (page, _, first, last) in data["spans"].items():
        start, end = map(int, anchor.split("-")[1:])
        shown = data["blocks"][first:last]
        assert shown[0][1] <= start
        assert end <= shown[-1][1] + len(shown[-1][4])
        assert page in {block[2] for block in shown}


def test_the_page_has_a_panel_for_each_table(page, data):
    ids = page.xpath("//details[contains(@class, 'panel')]/@id")
    assert ids == list(data["panels"])
    assert [len(data["panels"][name]["rows"]) for name in ids] == [25, 3, 40, 4, 9]
    assert page.get_element_by_id("p-checks").get("open") is not None
    assert page.xpath("//section[contains(@class, 'alarms')]//a/@href")[0][1:] in data["spans"]


def test_without_facts_there_is_neither_tab_nor_panel(tmp_path, document):
    write_report(tmp_path, document, fake.score(document), fake.FRAMEWORKS, fake.VERSIONS)
    names = openpyxl.load_workbook(tmp_path / "sheet.xlsx").sheetnames
    assert names == ["总览", "待专家判断", "绿色指南", "关怀指南"]
    found = html.fromstring((tmp_path / "sheet.html").read_text("utf-8"))
    assert not found.xpath("//details[contains(@class, 'panel')]")
    assert "质量评价" not in found.text_content()


def test_what_experts_decided_on_facts_is_told(tmp_path, document):
    told = facts(document, NAMES)
    before = Overruled(checks=told.checks, quality=replace(told.quality, total=51.0))
    left = replace(told, checks=told.checks[:1])
    score = replace(fake.score(document), facts=left, overruled=before)
    fake.written(tmp_path, document, score)
    sentences = [
        "质量得分含专家打分（系统原为总分51.0）。",
        "另有2处核查结果经专家判为误报，未列出。",
    ]
    cover = said(openpyxl.load_workbook(tmp_path / "sheet.xlsx")["总览"])
    page = (tmp_path / "sheet.html").read_text("utf-8")
    assert all(one in cover and one in page for one in sentences)


def test_a_report_with_some_facts_has_some_tabs(tmp_path, document):
    whole = facts(document, NAMES)
    some = replace(fake.score(document), facts=Facts(checks=whole.checks))
    write_report(tmp_path, document, some, fake.FRAMEWORKS, fake.VERSIONS)
    assert "核查" in openpyxl.load_workbook(tmp_path / "sheet.xlsx").sheetnames
