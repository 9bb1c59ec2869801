"""Quality: what moves a dimension, what must not, and negative facts told from zeros."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cohort import FEWEST, FEWEST_FIT, standings
from pipeline.extract import extract
from pipeline.facts import Dimension, Figure, IndexLine, Measure, Quality, Quote
from pipeline.frameworks import framework
from pipeline.intake import take_in
from pipeline.match import load_matcher
from pipeline.programmes import programme
from pipeline.quality import EXPERT, quality
from pipeline.quality.negative import veto_items
from pipeline.records import Block, Document, Finding, Line, Page, Reading, ReportScore, Submission
from pipeline.score import score
from pipeline.segment import segment

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
RULES = programme("shanghai-2023")
PLAIN = [
    "公司总部坐落在江边的一座旧厂房里。",
    "今年是公司在本市成立的第二十个年头。",
    "办公楼的大厅里摆着一架黑色的钢琴。",
]
NEGATIVE = [
    "2022年发生轻伤事故2起，已完成整改。",
    "公司因排放超标被生态环境局罚款4万元。",
    "全年收到客户投诉36件。",
    "公司全年员工主动流失率为8.2%。",
    "受市场影响，营业收入同比下降5.3%。",
    "公司在社会公益方面仍存在差距。",
    "单位产品能耗未达到年初目标。",
]
ZERO = [
    "2022年公司安全生产事故0起。",
    "全年未发生环境污染事故，未受到任何行政处罚。",
    "报告期内没有接到客户投诉。",
    "因工死亡人数为零。",
]
NEITHER = [
    "一旦发生火灾事故2起以上，立即启动应急预案。",
    "对违反制度造成1起事故的单位，按规定给予处罚。",
    "公司组织开展1次泄漏事故应急演练。",
    "2022年目标是轻伤事故不超过1起。",
    "某企业发生爆炸事故，造成3人死亡。",
    "公司暂停与2家被处罚供应商的合作。",
    "公司协助慰问困难职工和意外受伤职工79名。",
    "违反环境法律法规被处重大罚款的金额，以及所受非经济处罚的次数",
]


def document(*paragraphs: str) -> Document:
    """A document of one page, a block a paragraph; a leading # makes a heading."""
    blocks, text = [], ""
    for number, words in enumerate(paragraphs, 1):
        heading = words.startswith("#")
        start = len(text)
        text += words.lstrip("#") + "\n"
        end = len(text) - 1
        kind = "heading" if heading else "text"
        blocks.append(Block(kind, number, start, end, (), (Line(1, start, end, None),)))
    return Document("a.pdf", "0", "pdf", text.rstrip("\n"), (Page(1, 595, 842),), tuple(blocks))


def judged(
    *paragraphs: str,
    level: int = 2,
    measures: tuple[Measure, ...] = (),
    index: tuple[IndexLine, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Quality:
    """Quality of such a document, every passage read at one level."""
    told = document(*paragraphs)
    readings = tuple(Reading(p, (), level, ()) for p in segment(told))
    concluded = ReportScore(
        Submission("s", "a.pdf", "0", "pdf"), 1, 0, 0, findings, (), (0, 0, 0, 0, 0)
    )
    return quality(told, readings, concluded, measures, index, RULES)


def points(of: Quality, dimension: Dimension) -> float:
    found = next(one.score for one in of.dimensions if one.dimension == dimension)
    assert found is not None
    return found


def value(of: Quality, code: str) -> float:
    return next(f.value for one in of.dimensions for f in one.facts if f.code == code)


NEGATIVES = ("balance.event", "balance.figure", "balance.shortfall")


@pytest.mark.parametrize("sentence", NEGATIVE)
def test_a_negative_fact_is_quoted(sentence: str) -> None:
    of = judged(*PLAIN, sentence)
    facts = [f for one in of.dimensions for f in one.facts if f.code in NEGATIVES and f.value]
    assert len(facts) == 1
    assert facts[0].quotes[0].quote == sentence
    assert points(of, "平衡性") > 0


@pytest.mark.parametrize("sentence", ZERO)
def test_a_zero_is_no_negative_fact_and_counts_for_less(sentence: str) -> None:
    of = judged(*PLAIN, sentence)
    assert not any(value(of, code) for code in NEGATIVES)
    assert value(of, "balance.zero") >= 1
    least = min(points(judged(*PLAIN, negative), "平衡性") for negative in NEGATIVE)
    assert 0 < points(of, "平衡性") < least


@pytest.mark.parametrize("sentence", NEITHER)
def test_rules_drills_wishes_and_others_are_no_facts_of_the_company(sentence: str) -> None:
    of = judged(*PLAIN, sentence)
    assert points(of, "平衡性") == 0
    assert not of.alarms


@settings(max_examples=60, deadline=None)
@given(
    base=st.lists(st.sampled_from([*PLAIN, *NEGATIVE, *ZERO, *NEITHER]), min_size=1, max_size=12),
    extra=st.sampled_from([*PLAIN, *NEITHER]),
    more=st.sampled_from(NEGATIVE),
    at=st.integers(0, 12),
)
def test_balance_rises_with_what_went_wrong_and_with_nothing_else(
    base: list[str], extra: str, more: str, at: int
) -> None:
    base = [*PLAIN, *base]
    before = judged(*base)
    irrelevant = judged(*base[:at], extra, *base[at:])
    worse = judged(*base, more)
    assert points(irrelevant, "平衡性") <= points(before, "平衡性")
    assert points(worse, "平衡性") >= points(before, "平衡性")
    for of in (before, irrelevant, worse):
        assert all(one.score is None or 0 <= one.score <= 100 for one in of.dimensions)
        assert 0 <= of.substance <= 1
        assert 0 <= of.boilerplate <= 1


def test_violations_are_alarms_with_their_words_and_bear_the_veto_items_code() -> None:
    sentence = "公司因排放超标被生态环境局罚款4万元。"
    assert [a.code for a in judged(*PLAIN, sentence).alarms] == ["violation.environment"]
    item = Finding("ningbo", "NB-V.2", "重大环境违法与污染事故", "not_found", 0.1, 0, ())
    (alarm,) = judged(*PLAIN, sentence, findings=(item,)).alarms
    assert (alarm.code, alarm.quotes[0].quote) == ("NB-V.2", sentence)
    assert veto_items() == framework("ningbo").veto_codes()


def measure(number: int, *years: str) -> Measure:
    quote = Quote(1, 1, 0, 2, "公司")
    figures = [Figure(float(number + k), "吨", "", quote) for k in range(len(years))]
    compared = tuple(zip(years[1:], figures[1:], strict=True))
    return Measure(f"m{number}", f"用水量{number}", figures[0], years[0], compared=compared)


def test_comparability_comes_from_years_told_side_by_side() -> None:
    alone = tuple(measure(k, "2022") for k in range(10))
    pairs = tuple(measure(k, "2022", "2021") for k in range(10))
    three = tuple(measure(k, "2022", "2021", "2020") for k in range(10))
    scores = [points(judged(*PLAIN, measures=m), "可比性") for m in ((), alone, pairs, three)]
    assert scores[0] == scores[1] == 0
    assert scores[1] < scores[2] < scores[3]


def test_lines_of_the_content_index_promise_and_prove_nothing() -> None:
    told = "读者意见反馈表见第60页。"
    line = Quote(1, 4, len("".join(PLAIN)) + 3, len("".join(PLAIN)) + 3 + len(told), told)
    listed = IndexLine("gri", "2-3", "意见反馈", "60", "found", line)
    assert value(judged(*PLAIN, told), "accessibility.feedback") == 1
    assert value(judged(*PLAIN, told, index=(listed,)), "accessibility.feedback") == 0


def test_process_is_told_item_by_item() -> None:
    of = judged(
        "#关于本报告",
        "本报告的时间范围为2022年1月1日至2022年12月31日，数据来源于公司统计。",
        "本报告依据GB/T 36000-2015和GRI标准编制，经董事会审议通过。",
        "公司通过问卷调查了解利益相关方的期望，识别出实质性议题并排序。",
    )
    facts = {f.code: f for one in of.dimensions for f in one.facts}
    assert facts["process.basis"].value == 2
    assert facts["process.scope"].value == 2
    assert "高层审定" in facts["process.approval"].note
    assert facts["process.topics"].value >= 2
    assert facts["process.stakeholders"].value >= 2


def test_innovation_is_evidence_only_and_an_empty_report_goes_to_the_expert() -> None:
    of = judged("扫描二维码观看报告视频。")
    novelty = next(one for one in of.dimensions if one.dimension == "创新性")
    assert novelty.score is None
    assert novelty.facts[0].quotes
    nothing = judged("目录")
    assert (nothing.total, nothing.band) == (None, EXPERT)


def test_slogans_are_boilerplate_and_evidence_is_not() -> None:
    slogan = "公司始终坚持以人为本，勇于担当，积极履行社会责任，不断提升管理水平。"
    assert judged(slogan, level=1).boilerplate == 1
    assert judged(slogan, level=2).boilerplate == 0
    assert judged(*PLAIN, level=1).boilerplate == 0


@pytest.fixture(scope="module")
def samples() -> dict[str, Quality]:
    """The excellent sample and the one of slogans, read by the shipped matcher."""
    matcher = load_matcher([framework("gbt36000")], None)
    found = {}
    for name in (
        "上海霁川精细化工股份有限公司2022年度社会责任报告.pdf",
        "杏岁里超市社会责任报告.docx",
    ):
        (entry,) = take_in(SAMPLES / name).submissions
        told = extract(SAMPLES / name, entry.file, entry.sha256, entry.media, None)
        readings = matcher.read(segment(told))
        concluded = score(entry, told, readings, [framework("gbt36000")], matcher.policy)
        found[name[:4]] = quality(told, readings, concluded, (), (), RULES)
    return found


def test_the_excellent_sample_beats_the_one_of_slogans_everywhere(
    samples: dict[str, Quality],
) -> None:
    good, weak = samples["上海霁川"], samples["杏岁里超"]
    for one in good.dimensions:
        if one.score is not None and one.dimension != "可比性":  # measures are not read here
            assert one.score > points(weak, one.dimension) + 10, one.dimension
    assert good.total > weak.total + 30
    assert good.substance > weak.substance
    assert good.boilerplate < weak.boilerplate
    assert any("罚款" in quote.quote for alarm in good.alarms for quote in alarm.quotes)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.floats(0, 100), st.integers(1, 90_000), st.sampled_from("甲乙")),
        max_size=40,
    )
)
def test_standings_are_shares_and_need_a_cohort(rows: list[tuple]) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    found = standings(*columns)
    known = [score_ for score_, _, _ in rows if score_ is not None]
    for (score_, _, _), one in zip(rows, found, strict=True):
        assert (one.percentile is not None) == (score_ is not None and len(known) >= FEWEST)
        assert one.percentile is None or 0 < one.percentile < 100 or one.percentile == 50
        assert one.beyond is None or len(known) >= FEWEST_FIT


def test_what_length_explains_is_taken_out() -> None:
    lengths = [1000 * (k + 1) for k in range(30)]
    even = standings([40.0 + k for k in range(30)], lengths, [""] * 30)
    assert even[0].in_industry is None
    assert even[29].percentile > even[0].percentile
    flat = standings([50.0 + (k == 3) * 9 for k in range(30)], lengths, [""] * 30)
    assert max(range(30), key=lambda k: flat[k].beyond) == 3
    assert flat[3].explained < 0.2 < 0.7 < even[3].explained
