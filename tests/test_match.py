"""The matcher through its public way in, on sentences of our own."""

import numpy as np
import pytest

from pipeline.frameworks import framework, framework_ids
from pipeline.match import Matcher, load_matcher
from pipeline.match.signals import NAMES, features
from pipeline.records import Passage

ACCEPTED = 0.5


def read(matcher: Matcher, *texts: str) -> tuple:
    return matcher.read([Passage(f"p{k}", text, ()) for k, text in enumerate(texts)])


@pytest.fixture(scope="module")
def gbt() -> Matcher:
    return load_matcher((framework("gbt36000"),))


@pytest.mark.parametrize("name", framework_ids())
def test_every_indicator_keeps_its_examples_word(name: str) -> None:
    matcher = load_matcher((framework(name),))
    broken = []
    for indicator in matcher.glossaries[0].framework.indicators:
        examples = indicator.examples
        for text, wanted in [(t, True) for t in examples.positive] + [
            (t, False) for t in examples.negative
        ]:
            (reading,) = read(matcher, text)
            got = {m.indicator: m.probability for m in reading.matches}.get(indicator.code, 0.0)
            if (got >= ACCEPTED) != wanted:
                broken.append((indicator.code, wanted, got, text))
    assert not broken


def test_matches_come_best_first_with_probabilities(gbt: Matcher) -> None:
    (reading,) = read(gbt, "公司全年组织安全生产培训36场，参训员工4,200人次，未发生重伤以上事故。")
    probabilities = [m.probability for m in reading.matches]
    assert reading.matches[0].indicator == "7.4.6"
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0.05 <= p <= 1 for p in probabilities)
    assert reading.level == 3
    assert "neg" in reading.flags


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我们始终坚持以人为本，把员工视为企业最宝贵的财富。", 1),
        ("公司制定《供应商管理办法》，对供应商实行准入评审和年度考核。", 2),
        ("2021年公司向希望小学捐赠图书及教学设备，合计120万元。", 3),
        ("2021年综合能耗1.2万吨标准煤，较2020年的1.5万吨标准煤下降20%。", 4),
    ],
)
def test_levels_follow_the_scale(gbt: Matcher, text: str, level: int) -> None:
    assert read(gbt, text)[0].level == level


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("2021年公司综合能耗同比下降5.2%，用水量较上年减少1.3万吨。", {"cmp"}),
        ("报告期内公司发生一起一般安全事故，造成1人受伤，受到主管部门罚款5万元。", {"neg"}),
        ("报告期内未发生重大环境污染事故，未受到环保处罚。", {"neg"}),
        ("未来公司将继续加大环保投入，明年完成锅炉改造，减少二氧化硫排放。", {"target"}),
        ("公司组织员工体检，发放节日慰问品。", set()),
    ],
)
def test_flags_tell_bad_news_promises_and_comparisons(
    gbt: Matcher, text: str, flags: set[str]
) -> None:
    assert set(read(gbt, text)[0].flags) == flags


def test_reasons_are_given_in_chinese_to_the_best_only(gbt: Matcher) -> None:
    said = "公司开展职业病危害因素检测，为接害岗位员工安排职业健康体检。"
    readings = read(gbt, *[said] * 6)
    explained = [m for r in readings for m in r.matches if m.indicator == "7.4.6" and m.reasons]
    assert len(explained) == 3
    assert any("线索词" in reason for reason in explained[0].reasons)


def test_stray_blanks_of_ocr_change_nothing(gbt: Matcher) -> None:
    said = "公司组织志愿者走进社区，为孤寡老人提供义务维修服务。"
    spaced = said.replace("社区", "社 区").replace("义务", "义\n务")
    assert read(gbt, said)[0].matches == read(gbt, spaced)[0].matches


def test_one_reading_serves_all_frameworks_at_once() -> None:
    said = "公司建立反舞弊举报热线，全年受理举报5件，均已办结。"
    names = ("gbt36000", "gri", "exchange_2024")
    alone = {m for n in names for m in read(load_matcher((framework(n),)), said)[0].matches}
    together = load_matcher(tuple(framework(n) for n in names))
    assert set(read(together, said)[0].matches) == alone


def test_nothing_in_nothing_out(gbt: Matcher) -> None:
    assert gbt.read(()) == ()
    (reading,) = read(gbt, "　")
    assert reading.matches == ()
    assert reading.level == 0


def test_same_passages_same_readings(gbt: Matcher) -> None:
    texts = [t for i in framework("gbt36000").indicators for t in i.examples.positive][:60]
    assert read(gbt, *texts) == read(load_matcher((framework("gbt36000"),)), *texts)


def test_probabilities_are_finite_for_hostile_texts(gbt: Matcher) -> None:
    for reading in read(gbt, "=cmd|' /C calc'!A0", "\u202e" * 50, "员" * 5000, "a" * 5000, "🙂🙂"):
        assert np.isfinite([m.probability for m in reading.matches]).all()


def test_passages_set_apart_look_as_if_each_were_read_alone(gbt: Matcher) -> None:
    texts = ["全年组织安全培训36次。", "公司向希望小学捐款20万元。", "目录"]
    [glossary] = gbt.glossaries
    passages = [Passage(f"p{k}", text, ("员工",)) for k, text in enumerate(texts)]
    apart = gbt.signals(glossary, gbt.report(passages)).apart()
    # Level and network have seen the neighbours and cannot forget them.
    seen = [k for k, name in enumerate(NAMES) if not name.startswith(("level", "read"))]
    for text, signals in zip(texts, apart, strict=True):
        alone = gbt.signals(glossary, gbt.report([Passage("p", text, ("员工",))]))
        heading = ("cue_heading", "likeness_heading", "vector_heading")
        wanted = features(alone, np.ones(alone.own.shape, bool))
        wanted[:, [NAMES.index(name) for name in heading]] = 0
        found = features(signals, np.ones(alone.own.shape, bool))
        assert np.allclose(found[:, seen], wanted[:, seen], atol=1e-5)
