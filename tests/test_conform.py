"""What a programme asks beside its frameworks: shown by form and report, or left to a person."""

import pytest

from pipeline.conform import Said, conditions, contribution, performance, themes
from pipeline.facts import Alarm, ConditionResult, Figure, Measure, Quote
from pipeline.programmes import programme
from pipeline.records import (
    Block,
    Document,
    Evidence,
    Finding,
    Line,
    Passage,
    Reading,
    Registration,
)

PROGRAMME = programme("shanghai-2023")
PRACTICE = "公司建成智能制造车间，数字化转型投入 600 万元。"
BELIEF = "我们坚信碳达峰、碳中和是时代使命。"
ROW = Registration(
    company="上海某某有限公司",
    association="某某协会",
    year=2022,
    statistics=(
        ("营业收入（万元）", "45120"),
        ("研发投入（万元）", "2346"),
        ("上缴税收（万元）", "900"),
        ("纳税信用等级", "A"),
    ),
)


def report(*said: tuple[str, int]) -> tuple[Document, tuple[Reading, ...]]:
    """A document of one paragraph each, and its readings at the given levels."""
    blocks, readings, at = [], [], 0
    for number, (text, level) in enumerate(said, 1):
        line = Line(1, at, at + len(text), None)
        blocks.append(Block("text", number, at, at + len(text), (), (line,)))
        passage = Passage(f"p{number:04d}", text, (), at, at + len(text), number)
        readings.append(Reading(passage, (), level, ()))
        at += len(text) + 1
    text = "\n".join(words for words, _ in said)
    return Document("a.txt", "0", "txt", text, (), tuple(blocks)), tuple(readings)


def by_code(results: tuple[ConditionResult, ...]) -> dict[str, ConditionResult]:
    return {result.code: result for result in results}


def test_a_theme_is_met_by_practice_and_only_claimed_by_belief() -> None:
    document, readings = report((PRACTICE, 3), (BELIEF, 1))
    found = by_code(themes(PROGRAMME, Said.of(document, readings)))
    assert found["RT-B.2"].state == "met"
    assert found["RT-B.2"].quotes[0].quote == PRACTICE
    assert found["RT-C.1"].state == "confirm"
    assert (found["RT-A.1"] if "RT-A.1" in found else found["RT-D.4"]).state == "absent"
    for result in found.values():
        for quote in result.quotes:
            assert document.text[quote.start : quote.end] == quote.quote


def test_conditions_are_met_by_the_form_and_doubted_by_an_alarm() -> None:
    document, readings = report((PRACTICE, 3))
    found = by_code(conditions(PROGRAMME, ROW, Said.of(document, readings), ()))
    assert (found["E1"].state, found["E2"].state, found["E5"].state) == ("met", "met", "confirm")
    assert found["E1"].quotes[0] == Quote(None, 0, 0, 0, "推荐协会：某某协会", source="form")
    alarm = Alarm("penalty", "行政处罚", (Quote(1, 1, 0, 2, "公司"),))
    doubted = by_code(conditions(PROGRAMME, ROW, Said.of(document, readings), (alarm,)))
    assert doubted["E2"].state == "confirm"
    assert "行政处罚" in doubted["E2"].note
    blank = by_code(conditions(PROGRAMME, Registration(), Said.of(document, readings), ()))
    assert (blank["E1"].state, blank["E1"].note) == ("confirm", "申报表未填推荐协会，请确认。")


def measure(name: str, value: float, unit: str, printed: str, period: str) -> Measure:
    return Measure("m0001", name, Figure(value, unit, printed, Quote(1, 1, 0, 2, "公司")), period)


def test_aspects_are_computed_with_their_arithmetic() -> None:
    document, readings = report((PRACTICE, 3))
    told = (
        measure("净利润", 3e7, "元", "3000万元", "2022"),
        measure("营业收入", 4e8, "元", "4亿元", "2021"),
        measure("净利润", 1.0, "元", "1元", "2019"),
    )
    found = by_code(performance(PROGRAMME, ROW, Said.of(document, readings), told))
    assert found["RT-P7.1"].value == pytest.approx(100 * 2346 / 45120, abs=1e-4)
    assert "研发投入2,346万元÷营业收入45,120万元＝5.20%" in found["RT-P7.1"].note
    assert found["RT-P5.1"].value == pytest.approx(12.8)
    assert found["RT-P1.1"].value == 3e7 + 9e6
    assert found["RT-P1.1"].unit == "元"
    assert "职工薪酬、利息支出、公益投入、环境污染成本未披露，未计入" in found["RT-P1.1"].note
    assert {quote.source for quote in found["RT-P1.1"].quotes} == {"form", "report"}


def test_a_listed_company_gets_its_contribution_per_share() -> None:
    document, readings = report((PRACTICE, 3))
    told = (
        measure("总股本", 1e8, "股", "1亿股", "2022"),
        measure("基本每股收益", 0.5, "元", "0.5元", "2022"),
    )
    found = by_code(performance(PROGRAMME, ROW, Said.of(document, readings), told))
    assert found["RT-P1.1"].value == pytest.approx(0.5 + 9e6 / 1e8)
    assert found["RT-P1.1"].unit == "元/股"


def test_what_cannot_be_computed_is_left_to_a_person_with_its_words() -> None:
    document, readings = report(("公司资产负债率处于合理水平，完善内部控制。", 2))
    found = by_code(
        performance(PROGRAMME, Registration(year=2022), Said.of(document, readings), ())
    )
    assert found["RT-P4.1"].state == "confirm"
    assert found["RT-P4.2"].state == "confirm"
    assert found["RT-P4.2"].value is None
    assert found["RT-P7.1"].state == "absent"


def test_goals_are_served_through_the_crosswalk_by_practice_alone() -> None:
    words = Evidence(1, 1, 0, 2, "培训", (), None, 0.9, 3, (), ())
    training = Finding(
        "gbt36000", "7.4.7", "工作场所中人的发展与培训", "disclosed", 0.9, 3, (words,)
    )
    belief = Finding("gbt36000", "7.5.5", "减缓并适应气候变化", "disclosed", 0.9, 1, (words,))
    found = by_code(contribution((training, belief)))
    assert len(found) == 17
    assert (found["SDG 4"].state, found["SDG 13"].state) == ("met", "confirm")
    assert found["SDG 4"].quotes[0].quote == "培训"
    assert contribution(()) == ()
