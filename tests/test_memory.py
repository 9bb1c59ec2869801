"""A company over years: the three years of a sample company, and small reports made to differ."""

from dataclasses import replace
from pathlib import Path

import pytest
from emit_fakes import document
from emit_fakes import score as scored
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.choices import Configuration
from pipeline.emit import read_document, read_score
from pipeline.facts import Facts, Figure, Measure, Memory
from pipeline.intake import take_in
from pipeline.memory import Reviewed, compare_years
from pipeline.past import last_report
from pipeline.place import quote
from pipeline.resources import shipped
from pipeline.review import Job, review_file

SAMPLES = shipped("data", "samples")
OPENING = "本公司坚持诚信经营，依法纳税，与各方共同成长，回报社会。"


@pytest.fixture(scope="module")
def valve(tmp_path_factory) -> dict[int, Path]:
    """OUT of each year of the sample company, each compared with the year before."""
    at, found = tmp_path_factory.mktemp("valve"), {}
    entries = {s.registration.year: s for s in take_in(SAMPLES).submissions if "澄江" in s.file}
    for year, entry in entries.items():
        past = found.get(year - 1)
        chosen = Configuration("shanghai-2023", ("gbt36000",), None, last_year=past)
        made = review_file(Job(entry, SAMPLES / entry.file, at / str(year), chosen))
        assert made.outcome.status == "done"
        found[year] = at / str(year)
    return found


def memory_of(out: Path) -> Memory:
    found = read_score(next(out.glob("*/findings.json")).parent).facts.memory
    assert found is not None
    return found


def test_a_promise_is_followed_to_its_end_and_a_dropped_goal_is_missed(valve):
    underway = {p.said.quote: p for p in memory_of(valve[2021]).promises if p.deadline == 2022}
    assert len(underway) == 2
    assert all(p.found and not p.due for p in underway.values())
    at_end = [p for p in memory_of(valve[2022]).promises if p.due]
    solar = next(p for p in at_end if "光伏" in p.said.quote)
    assert solar.found
    assert "全部建成并网" in solar.found.quote
    silent = [p.said.quote for p in at_end if p.found is None]
    assert len(silent) == 1
    assert "挥发性有机物" in silent[0]


def test_figures_of_both_years_stand_side_by_side(valve):
    figures = {one.name: one for one in memory_of(valve[2022]).figures}
    revenue = figures["营业收入"]
    assert (revenue.before.printed, revenue.after.printed) == ("46,830万元", "45,120万元")
    assert revenue.change == pytest.approx(-0.0365, abs=1e-4)
    assert not memory_of(valve[2022]).restated


def test_every_quote_of_this_year_stands_in_this_report(valve):
    folder = next(valve[2022].glob("*/findings.json")).parent
    doc, earlier = (
        read_document(folder),
        read_document(next(valve[2021].glob("*/document.json")).parent),
    )
    memory = memory_of(valve[2022])
    assert 0.2 < memory.copied_share < 0.5
    for one in memory.copied:
        assert doc.text[one.after.start : one.after.end] == one.after.quote
        assert one.before.quote in earlier.text
        assert (one.before.source, one.before.start, one.before.end) == ("last_year", 0, 0)
    assert "与上年相比" in (folder / "sheet.html").read_text("utf-8")


def test_without_last_year_nothing_is_said_of_it(valve):
    folder = next(valve[2020].glob("*/findings.json")).parent
    assert read_score(folder).facts.memory is None
    assert "p-memory" not in (folder / "sheet.html").read_text("utf-8")


def test_last_years_report_is_found_under_the_former_name(valve):
    entry = next(s for s in take_in(SAMPLES).submissions if "澄江阀门有限公司2022" in s.file)
    new = replace(entry, registration=replace(entry.registration, company="上海澄江流控有限公司"))
    silent = document((OPENING,))
    assert last_report(valve[2021], new, silent) is None
    told = document((OPENING, "2022年，上海澄江阀门有限公司更名为上海澄江流控有限公司。"))
    score, _ = last_report(valve[2021], new, told)
    assert score.submission.registration.year == 2021
    assert last_report(valve[2022], entry, silent) is None  # never with itself


def report(year: int, *said: str, told: tuple[tuple[str, str, float, str], ...] = ()) -> Reviewed:
    """A report of ``said`` with measures (name, period, value, unit)."""
    doc = document(("社会责任报告", OPENING, *said))
    plain = scored(doc)
    entry = replace(plain.submission.registration, year=year)
    measures = tuple(
        Measure(f"m{n}", name, Figure(value, unit, f"{value}{unit}", quote(doc, 0, 6)), period)
        for n, (name, period, value, unit) in enumerate(told)
    )
    entry = replace(plain.submission, registration=entry)
    return replace(plain, submission=entry, facts=Facts(measures=measures)), doc


def test_a_restated_figure_and_a_change_of_unit_are_told():
    last = report(
        2021, told=(("用水量", "2021", 400.0, "吨"), ("志愿服务时间", "2021", 9.0, "小时"))
    )
    now = (("用水量", "2021", 380.0, "吨"), ("用水量", "2022", 390.0, "吨"))
    this = report(2022, told=(*now, ("志愿服务时间", "2022", 12.0, "天")))
    memory = compare_years(last, this)
    assert [c.kind for c in memory.restated] == ["last_year"]
    changes = {one.name: one.change for one in memory.figures}
    assert changes == {"用水量": pytest.approx(-0.025), "志愿服务时间": None}


def test_what_came_and_went_is_told_with_both_quotes():
    score, doc = report(2021)
    first, second = [f for f in score.findings if f.status == "disclosed"][:2]
    gone = replace(first, status="not_found", level=0, evidence=(), nearest=first.evidence)
    lower = replace(second, level=second.level + 1)
    other = {(f.framework, f.indicator): f for f in (gone, lower)}
    changed = tuple(other.get((f.framework, f.indicator), f) for f in score.findings)
    shifts = compare_years((score, doc), (replace(score, findings=changed), doc)).shifts
    assert [one.change for one in shifts] == ["gone", "up"]
    assert shifts[0].before
    assert shifts[0].after is None
    assert shifts[0].before.source == "last_year"


WORDS = st.text("甲乙丙丁戊己庚辛壬癸", min_size=12, max_size=40).map(lambda text: f"{text}。")


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, max_size=3, unique=True), st.lists(WORDS, max_size=2, unique=True))
def test_the_copied_share_is_that_of_the_sentences_in_both(kept, new):
    last, this = report(2021, *kept), report(2022, *kept, *new)
    stays = [OPENING, *kept]
    copied = [one for one in [*stays, *new] if one in stays]
    share = sum(map(len, copied)) / sum(map(len, [*stays, *new]))
    assert compare_years(last, this).copied_share == pytest.approx(share)
    assert compare_years(last, last).copied_share == 1
