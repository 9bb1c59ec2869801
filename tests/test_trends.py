"""Trends: nothing said of too few reports, survivors apart, length held fixed, words that rise."""

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from emit_fakes import HOSTILE, VERSIONS, document, score
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from run import zejian

from pipeline.choices import BadUse
from pipeline.emit.documents import write_document
from pipeline.emit.findings import write_findings
from pipeline.emit.rounding import rounded
from pipeline.panel import build_panel
from pipeline.trends import trends_html
from pipeline.trends.draw import SHARE, Axis
from pipeline.trends.estimates import FEWEST, FEWEST_INTERVAL, Draws
from pipeline.trends.guides import guide_section, overview_section
from pipeline.trends.outside import rated, validity
from pipeline.trends.read import read_years
from pipeline.trends.said import read_texts, themes
from pipeline.trends.words import comparable, word_trends
from pipeline.trends.years import came

OLD, NEW = "公司组织精准扶贫结对帮扶，", "公司落实碳达峰行动方案和碳中和路线图，"
FILLER = (
    "组织安全培训并检查隐患整改情况，员工参与热情很高。",
    "向社区图书馆赠送图书和桌椅，居民普遍表示欢迎。",
    "对供应商开展现场审核，督促其改进废水处理设施。",
    "聘请专家为青年职工讲课，帮助他们取得技能证书。",
)


def put(out: Path, name: str, year: int, lines: tuple[str, ...], coverage: float, **told: str):
    """A reviewed report as ``zejian review`` leaves it."""
    doc = replace(document(lines), sha256=sha256(f"{name}{year}".encode()).hexdigest())
    plain = score(doc, company=name)
    entry = replace(plain.submission.registration, company=name, year=year, **told)
    entry = replace(plain.submission, sha256=doc.sha256, id=f"{name[:8]}{year}", registration=entry)
    shares = tuple(replace(c, weighted=coverage, depth=2.5) for c in plain.coverage)
    found = replace(plain, submission=entry, coverage=shares, characters=len(doc.text))
    folder = out / entry.id
    write_document(folder, doc)
    write_findings(folder, rounded(found), VERSIONS)


@pytest.fixture(scope="module")
def years(tmp_path_factory) -> Path:
    """Three years of 24 companies: 12 stay and gain 2 points a year, 12 come anew with 60 %."""
    at = tmp_path_factory.mktemp("trends")
    for year in (2019, 2020, 2021):
        for n in range(12):
            words = (OLD if year == 2019 else NEW if year == 2021 else "") + FILLER[n % 4]
            about = {
                "industry": "化工" if n < 10 - (year == 2021) else "零售",
                "district": "望山区",
            }
            text = tuple(f"{words}{'好' * k}" for k in range(3 + n))
            put(at / "out", f"甲{n:02d}", year, text, 0.3 + 0.02 * (year - 2019), **about)
        if year == 2021:
            for n in range(12):
                put(at / "out", f"乙{n:02d}", year, (NEW + FILLER[n % 4],) * 4, 0.6)
    build_panel([at / "out"], at / "panel", workers=1)
    return at


def tables(section) -> dict[str, list[tuple[str, ...]]]:
    return {f.title: list(f.table.rows) for g in section.groups for f in g.figures}


def test_survivors_and_entrants_are_told_apart(years):
    read = read_years(years / "panel")
    rows = tables(guide_section(read, came(read), Draws(read.company)))
    last = rows["连续参评与新进企业的平均覆盖率"][-1]
    told = dict(zip(("year", "n", "all", "n2", "again", "n3", "new"), last, strict=False))
    assert told == {"year": "2021", "n": "24", "all": "47.0%", "n2": "12", "again": "34.0%",
                    "n3": "12", "new": "60.0%"}  # fmt: skip
    change = last[-4:]
    assert (change[0], change[1], change[3]) == ("+15.0%", "+2.0%", "+13.0%")


def test_no_figure_is_given_for_fewer_than_three_reports(years):
    read = read_years(years / "panel")
    guides = tables(guide_section(read, came(read), Draws(read.company)))
    rows = {name: cells for name, *cells in guides["分行业的平均覆盖率"]}
    assert rows["化工"][1].text == "30.0%"
    assert rows["零售"][:3] == ["7", "不足3份", "不足3份"]
    assert rows["零售"][3].text == "34.0%"
    overview = tables(overview_section(read, Draws(read.company)))["平均覆盖率"]
    assert [cell.text for cell in overview[0][1:]] == ["30.0%", "32.0%", "47.0%"]


def test_words_that_rise_and_fall_are_found_and_no_others(years):
    read = read_years(years / "panel")
    said = comparable(read, read_texts([years / "out"], read, themes()))
    found = {one.name: one.rising for one in word_trends(read, said)}
    assert found["碳达峰"]
    assert found["碳中和"]
    assert found["精准扶贫"] is False
    assert not {"安全", "图书馆", "供应商", "专家"} & set(found)


def test_themes_are_counted_by_length(years):
    read = read_years(years / "panel")
    about = themes()
    carbon = next(n for n, one in enumerate(about) if "碳达峰" in one.cues)
    for one in read_texts([years / "out"], read, about):
        assert (one.named[carbon] > 0) == (read.year[one.at] == 2021)


def test_the_page_stands_alone_and_says_the_same_every_time(years):
    page = trends_html(years / "panel", [years / "out"])
    assert page == trends_html(years / "panel", [years / "out"])
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //link | //img | //@style | //@onclick")
    assert not tree.xpath("//@src | //@href[not(starts-with(., '#'))]")
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    for figure in tree.xpath("//*[@class='charts']/div"):
        assert figure.xpath("./p[1]")[0].text_content().strip()  # on how many reports it rests
        assert not figure.xpath(".//svg[@class='chart']") or figure.xpath(".//details//td")
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page.decode(), flags=re.DOTALL).lower()


def test_words_from_outside_stay_words(tmp_path):
    for n in range(4):
        put(tmp_path / "out", f"{n}丙{HOSTILE[1]}"[:40].replace("/", "／"), 2020, (FILLER[0],) * 4,
            0.5, industry=HOSTILE[1], district=HOSTILE[2])  # fmt: skip
    build_panel([tmp_path / "out"], tmp_path / "panel", workers=1)
    tree = html.fromstring(trends_html(tmp_path / "panel"))
    assert not tree.xpath("//script | //img")
    assert HOSTILE[1] in tree.text_content()


def test_ratings_need_enough_companies_and_a_number(years, tmp_path):
    names = [f"甲{n:02d}" for n in range(12)]
    rows = [f"{name},2021,{n}" for n, name in enumerate(names)]
    (tmp_path / "r.csv").write_text("\n".join(["company,year,rating", *rows]), "utf-8")
    reports = rated(years / "panel", tmp_path / "r.csv")
    assert len(reports) == 12
    known = reports.assign(score=reports.rating**2)
    told = validity(known, "score")
    assert (told.n, told.rho, told.high) == (12, 1.0, 1.0)
    assert validity(known.head(FEWEST_INTERVAL - 1), "score").rho is None
    (tmp_path / "r.csv").write_text("company,year,rating\n甲00,2021,五星\n", "utf-8")
    with pytest.raises(BadUse, match="数字"):
        rated(years / "panel", tmp_path / "r.csv")


def test_the_command_writes_and_refuses(years, tmp_path):
    done = zejian("trends", years / "panel", "--text", years / "out", "--out", tmp_path / "t.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "t.html").read_bytes() == trends_html(years / "panel", [years / "out"])
    refused = zejian("trends", tmp_path, "--out", tmp_path / "no.html")
    assert refused.returncode == 2
    assert "zejian panel" in refused.stderr
    assert not (tmp_path / "no.html").exists()


def test_at_one_length_a_difference_of_length_alone_vanishes():
    rng = np.random.default_rng(0)
    length = np.exp(rng.normal(9, 0.6, 120))
    late = np.arange(120) >= 60
    length[late] *= 3
    values = 0.1 * np.log(length) + rng.normal(0, 0.01, 120)
    draws = Draws(np.array([f"c{n % 60}" for n in range(120)]))
    plain = draws.gap(values, late, ~late)
    first, second = draws.level(values, length, [~late, late])
    assert plain.value > 0.08
    assert plain.sure
    assert abs(second.value - first.value) < 0.02
    assert first.low < first.value < first.high


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 15), st.floats(0, 1)), min_size=1, max_size=40))
def test_a_mean_is_of_what_is_known_and_lies_in_its_interval(rows):
    companies = np.array([f"c{company}" for company, _ in rows])
    values = np.array([value for _, value in rows])
    one = Draws(companies).mean(values, np.ones(len(rows), bool))
    assert one.n == len(rows)
    assert (one.value is None) == (len(rows) < FEWEST)
    assert (one.low is None) == (len(rows) < FEWEST or len(set(companies)) < FEWEST_INTERVAL)
    if one.low is not None:
        assert one.low - 1e-6 <= one.value <= one.high + 1e-6
        assert abs(one.value - values.mean()) < 1e-6


@given(st.floats(0.001, 1e6))
def test_ticks_are_few_and_cover_the_axis(top):
    ticks = Axis(0, top, 0, 100).ticks()
    assert 2 <= len(ticks) <= 9
    assert ticks[0] == 0
    assert ticks[-1] <= top * (1 + 1e-6)
    assert all(not SHARE.tick(tick).startswith("-") for tick in ticks)
