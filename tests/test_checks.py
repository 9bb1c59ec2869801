"""Contradictions of a report with itself: each rule by its smallest document."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check import checks
from pipeline.extract import extract
from pipeline.facts import Check, Figure, Measure, Quote
from pipeline.measure import measures
from pipeline.records import Block, Document, Line, Page, Registration, Submission

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
NOTICES = ROOT.parent / "shared" / "notices"
TITLE = "某公司2022年社会责任报告"


def document(*parts: str | list[list[str]]) -> Document:
    """A report of paragraphs (strings) and tables (lists of rows), on one page."""
    blocks, texts, at = [], [], 0
    for number, part in enumerate((TITLE, *parts), 1):
        text = part if isinstance(part, str) else "\n".join("\t".join(row) for row in part)
        end = at + len(text)
        kind = "text" if isinstance(part, str) else "table"
        line = Line(1, at, end, (10, 10 * number, 500, 10 * number + 9))
        blocks.append(Block(kind, number, at, end, (), (line,)))
        texts.append(text)
        at = end + 1
    pages = (Page(1, 595, 842),)
    return Document("a.pdf", "0", "pdf", "\n".join(texts), pages, tuple(blocks))


def found(
    *parts: str | list[list[str]],
    statistics: tuple[tuple[str, str], ...] = (),
    last_year: tuple[Measure, ...] = (),
) -> list[Check]:
    report = document(*parts)
    form = Registration(year=2022, statistics=statistics)
    submission = Submission("s", "a.pdf", "0", "pdf", form)
    return list(checks(report, measures(report, ()), submission, last_year))


STAFF = [
    ["岗位", "男（人）", "女（人）", "合计（人）"],
    ["生产", "120", "30", "150"],
    ["销售", "20", "25", "45"],
    ["小计", "140", "55", "195"],
    ["管理", "12", "8", "20"],
    ["研发", "40", "10", "50"],
    ["小计", "52", "18", "70"],
    ["合计", "192", "73", "265"],
]


FLEET = [  # three levels and no word of it, noughts, and a column of means
    ["机型", "总数", "自有", "租赁", "平均"],
    ["客机", "66", "47", "19", "6.3"],
    ["甲系列", "37", "27", "10", "6.2"],
    ["甲一", "17", "10", "7", "5.3"],
    ["甲二", "20", "17", "3", "7.0"],
    ["乙系列", "29", "20", "9", "6.4"],
    ["乙一", "22", "13", "9", "6.1"],
    ["乙二", "7", "7", "0", "7.4"],
    ["货机", "15", "10", "5", "9.5"],
    ["丙一", "7", "7", "0", "14.5"],
    ["丙二", "8", "3", "5", "2.3"],
    ["公务机", "7", "7", "0", "4.3"],
    ["合计", "88", "64", "24", "6.4"],
]


def changed(table: list[list[str]], row: int, column: int, value: str) -> list[list[str]]:
    return [
        [value if (r, c) == (row, column) else cell for c, cell in enumerate(cells)]
        for r, cells in enumerate(table)
    ]


@pytest.mark.parametrize(
    ("parts", "kind", "severity", "arithmetic"),
    [
        (
            ["公司现有管理人员10人，各级别审核员63人，解决了70人的就业问题。"],
            "sum", "doubt", "10人＋63人＝73人 ≠ 70人",
        ),
        (
            ["公司从业人员70人，其中管理人员10人、审核员63人。"],
            "sum", "error", "10人＋63人＝73人 ≠ 70人",
        ),
        (
            ["在岗职工311人、劳务派遣员工105人、实习生34人，总计455人。"],
            "sum", "error", "311人＋105人＋34人＝450人 ≠ 455人",
        ),
        (
            ["公司员工1,627人，其中男员工851人、女员工748人。"],
            "sum", "error", "851人＋748人＝1,599人 ≠ 1,627人",
        ),
        ([changed(STAFF, 1, 1, "125")], "sum", "error", "125人＋30人＝155人 ≠ 150人"),
        (
            ["公司共有员工1,268人，其中研发人员236人，占员工总数的16.8%。"],
            "share", "error", "236人÷1,268人≈18.61% ≠ 16.8%",
        ),
        (
            ["水耗由上年的5,840吨下降到5,610吨，下降9.3%。"],
            "growth", "error", "（5,840吨－5,610吨）÷5,840吨≈3.94% ≠ 9.3%",
        ),
        (
            ["2022年扶贫贷款31.27亿元，较年初增加16.42亿元，增幅101.57%。"],
            "growth", "error", "16.42亿元÷（31.27亿元－16.42亿元）≈110.572% ≠ 101.57%",
        ),
        (
            ["2022年营业收入6.48亿元。", "全年实现营业收入6.84亿元。"],
            "twice", "doubt", "6.48亿元 ≠ 6.84亿元",
        ),
        (
            ["2022年公司环保投入120万元。", "2022年环保投入1,200万元。"],
            "unit", "doubt", "120万元×10＝1,200万元",
        ),
        (
            ["2022年全年未发生人员伤亡事故。", "一辆货车追尾，造成驾驶员1人重伤。"],
            "twice", "doubt", "“2022年全年未发生人员伤亡事故” ≠ “一辆货车追尾，造成驾驶员1人重伤”",
        ),
    ],
)  # fmt: skip
def test_the_smallest_document_that_contradicts_itself(
    parts: list[str], kind: str, severity: str, arithmetic: str
) -> None:
    (check,) = found(*parts)
    assert (check.kind, check.severity) == (kind, severity)
    assert arithmetic in check.arithmetic
    assert "请" in check.message
    assert len(check.quotes) >= 1
    report = document(*parts)
    for place in check.quotes:
        assert report.text[place.start : place.end] == place.quote
        assert place.page == 1


@pytest.mark.parametrize(
    "parts",
    [
        [STAFF],
        [FLEET],
        ["公司从业人员73人，其中管理人员10人、审核员63人。"],
        ["公司员工100人，其中女员工60人，研发人员58人。"],  # a woman may do research
        ["公司员工100人，其中博士2人、硕士及以上30人、本科及以上80人。"],  # cumulative
        ["公司员工约70人，其中管理人员10人、审核员63人。"],  # no exact number
        ["公司有企业47家，其中废气企业42家，废水企业6家（其中1家兼有两者）。"],
        ["年产铝土矿250万吨、铝合金72万吨、炭素50万吨，铝电解120万吨。"],  # nobody said sum
        ["营业收入6.48亿元，比上年的6.02亿元增长7.6%。"],  # 7.64 %
        ["营业收入6.48亿元，比上年的6.02亿元增长7.7%。"],  # 6.475-6.485 against 6.015-6.025
        ["员工1,268人，其中研发人员236人，占员工总数的18.6%。"],
        ["2022年营业收入6.48亿元。", "营业收入64,812万元。", "2021年营业收入6.02亿元。"],
        ["2022年全年无重大死亡事故。", "全年轻伤1人。"],
        [[["项目", "2021年", "2022年"], ["收入", "10.4", "11.4"], ["合计率", "10", "3"]]],
    ],
)
def test_what_may_both_be_true_raises_nothing(parts: list[str]) -> None:
    assert found(*parts) == []


def test_a_form_that_differs_from_the_report() -> None:
    form = (
        ("公益投入（万元）", "68.4"),
        ("营业收入（万元）", "64800"),
        ("安全生产投入（万元）", "9"),
    )
    (check,) = found("2022年公益投入86.4万元，营业收入6.48亿元。", statistics=form)
    assert (check.kind, check.severity) == ("form", "doubt")
    assert check.arithmetic == "68.4万元（申报表）≠ 86.4万元（报告）"
    assert {place.source for place in check.quotes} == {"form", "report"}


@pytest.mark.parametrize(("words", "severity"), [("", "doubt"), ("（因口径调整已重述）", "note")])
def test_a_year_told_otherwise_than_a_year_ago(words: str, severity: str) -> None:
    place = Quote(3, 9, 100, 107, "39,870")
    then = Figure(398_700_000.0, "元", "39,870万元", place)
    earlier = (Measure("m0001", "营业收入", then, "2021"),)
    text = f"2021年营业收入41,260万元{words}，2022年营业收入42,000万元。"
    (check,) = found(text, last_year=earlier)
    assert (check.kind, check.severity) == ("last_year", severity)
    assert check.quotes[1].source == "last_year"
    same = (Measure("m0001", "营业收入", Figure(412_600_000.0, "元", "4.126亿元", place), "2021"),)
    assert found(text, last_year=same) == []


def test_a_change_column_is_judged_by_its_other_rows() -> None:
    table = [
        ["指标", "单位", "2021年", "2022年", "变化"],
        ["柴油", "吨", "5,840", "5,610", "-3.9%"],
        ["用电量", "万千瓦时", "1,265", "1,318", "+4.2%"],
        ["二氧化碳排放总量", "吨", "25,480", "24,960", "-5.2%"],
    ]
    (check,) = found(table)
    assert (check.kind, check.severity) == ("growth", "error")
    assert [place.cell for place in check.quotes] == [(4, 3), (4, 4), (4, 5)]
    assert found(changed(table, 3, 4, "-2.0%")) == []


def test_most_severe_first_and_none_twice() -> None:
    staff = "现有管理人员10人，审核员63人，解决了70人的就业问题。"
    raised = found(staff, "专利授权154件，其中发明88件、实用新型55件、外观15件。", staff)
    assert [check.severity for check in raised] == ["error", "doubt"]


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[list[str]], int]:
    """A table whose totals are the sums of its unrounded rows, printed rounded; decimals."""
    places = draw(st.integers(0, 2))
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    value = st.integers(3_000, 99_999)
    cells = [[Decimal(draw(value)) / 100 for _ in range(columns)] for _ in range(rows)]
    cells = [[*row, sum(row)] for row in cells]
    cells.append([sum(column) for column in zip(*cells, strict=True)])
    head = ["项目", *(f"第{n}组" for n in range(columns)), "合计"]
    names = [*(f"种类{n}" for n in range(rows)), "合计"]
    body = [
        [name, *(f"{cell:,.{places}f}" for cell in row)]
        for name, row in zip(names, cells, strict=True)
    ]
    return [head, *body], places


@given(grids(), st.data())
@settings(max_examples=60, deadline=None)
def test_computed_totals_raise_nothing_and_one_slip_raises_one_check(
    made: tuple[list[list[str]], int], data: st.DataObject
) -> None:
    table, places = made
    assert found(["公司产量如下：", table][1]) == []
    row = data.draw(st.integers(1, len(table) - 1))
    column = data.draw(st.integers(1, len(table[0]) - 1))
    beyond = (max(len(table), len(table[0])) + 1) * Decimal(1).scaleb(-places)
    printed = Decimal(table[row][column].replace(",", ""))
    wrong = printed + beyond + data.draw(st.integers(0, 5))
    (check,) = found(changed(table, row, column, f"{wrong:,.{places}f}"))
    assert check.kind == "sum"
    assert (row + 1, column + 1) in [place.cell for place in check.quotes]


def reviewed(path: Path, media: str) -> list[Check]:
    report = extract(path, path.name, "0", media, None)
    submission = Submission("s", path.name, "0", media)
    return list(checks(report, measures(report, ()), submission))


def test_the_sample_that_contradicts_itself_and_one_that_does_not() -> None:
    (logistics,) = SAMPLES.glob("*驿澜*.docx")
    said = " ".join(check.arithmetic for check in reviewed(logistics, "docx"))
    for wrong in ("1,086人", "12.6%", "5,260人次", "12万元×10＝120万元", "人员伤亡", "-5.2%"):
        assert wrong in said
    (chemical,) = SAMPLES.glob("*霁川*.pdf")
    assert reviewed(chemical, "pdf") == []


def test_the_published_report_with_one_slip() -> None:
    path = NOTICES / "sqtc_2020_csr_report.txt"
    if not path.exists():
        pytest.skip("the published report is not part of the repository")
    (check,) = reviewed(path, "txt")
    assert (check.kind, check.arithmetic) == ("sum", "10人＋63人＝73人 ≠ 70人")
