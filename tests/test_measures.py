"""Figures, tables and measures, from documents of our own."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure import measures, parse_figures, tables
from pipeline.records import Block, Document, Line, Match, Page, Passage, Reading


def document(*parts: str | tuple[str, str], heading: str = "") -> Document:
    """A document of text blocks and, as ("table", rows), table blocks; one line a row."""
    texts = [part if isinstance(part, str) else part[1] for part in parts]
    blocks, at = [], 0
    for number, part in enumerate(parts, 1):
        text = texts[number - 1]
        lines, start = [], at
        for row in text.split("\n"):
            lines.append(Line(1, start, start + len(row), (0.0, start, 9.0, start + 1.0)))
            start += len(row) + 1
        kind = "text" if isinstance(part, str) else part[0]
        path = (heading,) if heading else ()
        blocks.append(Block(kind, number, at, at + len(text), path, tuple(lines)))
        at += len(text) + 1
    return Document("甲.pdf", "a" * 64, "pdf", "\n".join(texts), (Page(1, 9, 9),), tuple(blocks))


def read(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.unit) for one in parse_figures(text) if not one.span]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("安全投入1,230万元，同比增长12.3%", [(12_300_000, "元"), (12.3, "%")]),
        ("服务３，２００余家客户共1.2万人次", [(3200, "家"), (12_000, "人次")]),
        ("综合能耗0.8万吨标煤，用电1.5亿度", [(8000, "吨标准煤"), (1.5e8, "kWh")]),
        ("排放1,200tCO2e，外购蒸汽300GJ", [(1200, "tCO2e"), (300, "GJ")]),
        ("占地20亩，取水12万立方米", [(20 * 666.6666666666666, "平方米"), (120_000, "立方米")]),
        ("每股收益0.5元/股，出口300万美元", [(0.5, "元/股"), (3e6, "美元")]),
        ("提高0.5个百分点，死亡率为0.02‰", [(0.5, "个百分点"), (0.02, "‰")]),
        ("单耗12.5吨/台", [(12.5, "吨/台")]),
        ("利润同比-3.2%", [(-3.2, "%")]),
        ("三百余人参加，召开两次会议，占百分之十二点五", [(300, "人"), (2, "次"), (12.5, "%")]),
        ("安全事故0起，实现零事故", [(0, "起"), (0, "起")]),
    ],
)
def test_figures_are_read_in_base_units(text: str, expected: list[tuple[float, str]]) -> None:
    assert read(text) == [(pytest.approx(value), unit) for value, unit in expected]


@pytest.mark.parametrize(
    "text",
    [
        "依据GB/T 36000-2015和ISO 14001，2022年12月3日发布",
        "电话021-00000000，邮编200000，股票代码600000",
        "3.1 人力资源\n3.2 项目管理",
        "第15届大会，第3次会议，前10名，世界500强",
        "全年未发生安全事故，未受到行政处罚",
        "上午9点30分，A4纸，5A级景区，CO2排放",
        "一项制度、千家万户、十分重视、十八届三中全会",
        "单耗103克/标套",
    ],
)
def test_other_numbers_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_what_is_no_exact_value_says_so() -> None:
    low, high, about = parse_figures("占5%至8%，约300家")
    assert low.span
    assert high.span
    assert about.approx
    assert parse_figures("1.2万元")[0].step == 1000


@given(st.integers(1, 10**6), st.integers(0, 3), st.sampled_from(["元", "吨", "千瓦时", "人次"]))
def test_the_scale_of_the_unit_changes_nothing(units: int, places: int, form: str) -> None:
    value = Decimal(units).scaleb(-places)
    plain = parse_figures(f"共{value * 10_000:f}{form}。")[0]
    for printed in (f"{value:f}万{form}", f"{value / 10_000:f}亿{form}"):
        scaled = parse_figures(f"共{printed}。")[0]
        assert scaled.value == pytest.approx(plain.value, rel=1e-12)
        assert scaled.unit == plain.unit


@given(st.integers(0, 10**12), st.sampled_from(["元", "家", "kWh", "%"]))
def test_a_formatted_number_is_read_back(value: int, form: str) -> None:
    wide = str.maketrans(string.digits + ",", "０１２３４５６７８９，")
    for digits in (f"{value}", f"{value:,}", f"{value:,}".translate(wide)):
        assert read(f"为{digits}{form}。")[0][0] == value


@given(
    st.text(
        alphabet="0123456789０９,，.%％万亿元吨人次家项同比增长为共、。（）-—至年〇十百\t\n ",
        max_size=60,
    )
)
def test_every_quote_slices(text: str) -> None:
    for number in parse_figures(text):
        assert text[number.start : number.end] == number.printed
    paper = document(text.replace("\n", " "), ("table", text))
    for measure in measures(paper, ()):
        for figure in (measure.figure, *(one for _, one in measure.compared)):
            place = figure.quote
            assert paper.text[place.start : place.end] == place.quote
    for table in tables(paper):
        for cell in (cell for row in table.rows for cell in row):
            assert paper.text[cell.start : cell.end] == cell.text
            assert table.cell(cell.row, cell.column) == cell


YEARS = (
    "指标\t单位\t2020年\t2021年\t2022年\n"
    "环境绩效\t综合能耗\t吨标准煤\t1,200\t1,150\t1,100\n"
    "营业收入（万元）\t\t90\t100\t110\n"
    "其中：女性员工占比（%）\t\t40\t41\t42"
)


def test_a_table_of_years_gives_period_and_comparison() -> None:
    paper = document("2022年度社会责任报告", "关键绩效表", ("table", YEARS))
    found = {one.name: one for one in measures(paper, ())}
    energy = found["综合能耗"]
    assert (energy.figure.value, energy.figure.unit, energy.period) == (1100, "吨标准煤", "2022")
    assert energy.figure.quote.cell == (2, 6)
    assert [(when, one.value) for when, one in energy.compared] == [("2021", 1150), ("2020", 1200)]
    assert found["营业收入"].figure.value == 1_100_000
    assert found["女性员工占比"].figure.unit == "%"


def test_units_come_from_caption_header_and_row() -> None:
    rows = "项目\t金额\t人数\t同比增减（%）\n环保投入\t12.5\t30\t8\n(亏损)\t(3)\t-\t-2"
    (table,) = tables(document("2022年投入情况 单位：万元", ("table", rows)))
    figures = [cell.figure for row in table.rows for cell in row if cell.figure]
    read = [(one.value, one.unit) for one in figures]
    assert read == [(125_000, "元"), (30, "人"), (8, "%"), (-30_000, "元"), (-2, "%")]


def test_a_table_goes_on_over_the_page() -> None:
    head, _, tail = YEARS.partition("\n营业收入")
    paper = document(
        "2022年度社会责任报告", ("table", head), ("running", "5"), ("table", "营业收入" + tail)
    )
    (revenue,) = [one for one in measures(paper, ()) if one.name == "营业收入"]
    assert (revenue.figure.value, revenue.period) == (1_100_000, "2022")


def test_lists_of_contents_and_indices_measure_nothing() -> None:
    contents = ("table", "公司简介\t3\n股东权益\t12\n员工培训投入\t25")
    index = ("table", "指标编号\t披露内容\t页码\nE1\t环境投入\t12\nE2\t能耗总量\t14")
    assert measures(document(contents, index), ()) == ()


NAMES = [
    ("2022年，公司全年安全投入1,230万元，同比增长12.3%。", "安全投入", "2022", ["同比增长"]),
    ("报告期内共召开4次董事会。", "召开董事会", "2022", []),
    ("研发投入占营业收入比例达4.1%。", "研发投入占营业收入比例", "2022", []),
    ("2021年缴纳税款300万元。", "缴纳税款", "2021", []),
    ("单位产品能耗由2021年的12吨标准煤下降到10吨标准煤。", "单位产品能耗", "2022", ["2021年"]),
    ("公司出资20万元用于社区养老设施改造。", "出资用于社区养老设施改造", "2022", []),
]


@pytest.mark.parametrize(("text", "name", "period", "compared"), NAMES)
def test_text_names_dates_and_compares(text, name, period, compared) -> None:
    (measure,) = measures(document("2022年度社会责任报告", text), ())
    assert (measure.name, measure.period) == (name, period)
    assert [what for what, _ in measure.compared] == compared


def test_respectively_deals_out_names() -> None:
    found = measures(document("2022年，男员工、女员工分别为30人、40人，同比分别增长5%和6%。"), ())
    assert [(one.name, one.figure.value) for one in found] == [("男员工", 30), ("女员工", 40)]
    assert [one.compared[0][1].value for one in found] == [5, 6]


def test_plans_bounds_and_ranges_are_no_performance() -> None:
    text = "计划2025年投入500万元。排放浓度不得高于10mg/m³。预计人均培训10-20小时。提供24小时服务。"
    assert measures(document("2022年度社会责任报告", text), ()) == ()


def test_indicators_must_ask_for_such_a_unit() -> None:
    text = "2022年，公司综合能耗1,100吨标准煤，参加培训300人次。"
    codes = (("gri", "GRI 302-1"), ("gri", "GRI 404-1"))
    matches = tuple(Match("gri", code, 0.9) for _, code in codes)
    passage = Passage("p0001", text, (), 0, len(text), 1)
    found = measures(document(text), (Reading(passage, matches, 3, ()),))
    assert [one.id for one in found] == ["m0001", "m0002"]
    assert ("gri", "GRI 302-1") in found[0].indicators
    assert ("gri", "GRI 302-1") not in found[1].indicators
