"""The shipped frameworks and crosswalks keep their word: valid, traceable, and of one voice."""

import re

import pytest
import yaml
from pydantic import ValidationError

from pipeline.frameworks import Crosswalk, Framework, framework, framework_ids, read_framework
from pipeline.resources import shipped
from pipeline.wording import Issue, lint

FILES = sorted(shipped("indicators").rglob("*.yaml"))
CROSSWALKS = sorted(shipped("indicators", "crosswalks").glob("*.yaml"))
ADDRESS = re.compile(r"https?:|www\.|github|@[0-9a-f]{7}|index id|\.(com|cn|org|net|js)\b", re.I)
LONG = "公司全年用水量三千吨。"
OURS = {"gbt36000": 31, "iso26000": 37, "gri": 141, "sdg": 17}


@pytest.fixture(params=framework_ids())
def shipped_framework(request) -> Framework:
    return framework(request.param)


def _crosswalk(path) -> Crosswalk:
    return Crosswalk.model_validate(yaml.safe_load(path.read_text("utf-8")))


def _tiny(**changes) -> Framework:
    entry = {
        "code": "A1",
        "name": "用水",
        "definition": "报告用水量。",
        "kind": "quantitative",
        "cues": ["用水量"],
        "units": ["吨"],
        "examples": {
            "positive": ["全年用水量为三千二百吨。"],
            "negative": ["全年用电量为八百万度。"],
        },
        "code_origin": "local",
        "source": "测试",
        "confidence": "low",
    }
    whole = {"id": "tiny", "title": "小指南", "short": "小", "indicators": [entry | changes]}
    return Framework.model_validate(whole)


def test_each_framework_is_called_as_its_file(shipped_framework):
    assert shipped_framework.id in framework_ids()
    assert framework(shipped_framework.id) is shipped_framework
    assert len(shipped_framework.short) <= 12
    assert bool(shipped_framework.draft_note) or not shipped_framework.draft


def test_no_framework_or_crosswalk_carries_an_address():
    found = {
        p.name: ADDRESS.findall(p.read_text("utf-8").replace("@example.com", "")) for p in FILES
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_sentence_says_which_side_it_is_on(shipped_framework):
    positives = [s for i in shipped_framework.indicators for s in i.examples.positive]
    negatives = {s for i in shipped_framework.indicators for s in i.examples.negative}
    assert len(set(positives)) == len(positives)
    if shipped_framework.id in OURS:
        assert not negatives & set(positives)


def test_no_cue_is_said_twice(shipped_framework):
    for entry in shipped_framework.indicators:
        assert len(set(entry.cues)) == len(entry.cues), entry.code


def test_the_standards_are_whole_and_well_worded():
    for name, count in OURS.items():
        assert len(framework(name).indicators) == count
        assert lint(framework(name)) == ()


def test_gb_issues_are_rich():
    for entry in framework("gbt36000").indicators:
        assert len(entry.cues) >= 15, entry.code
        assert 8 <= len(entry.examples.positive) <= 12, entry.code
        assert 2 <= len(entry.examples.negative) <= 4, entry.code


def test_gri_numbers_are_told_apart_by_report_year():
    gri = framework("gri")

    def named(code: str, year: int) -> set[str]:
        return {
            i.code
            for i in gri.indicators
            if (i.code == code and i.years.hold(year))
            or any(a.code == code and a.years.hold(year) for a in i.aliases)
        }

    assert named("GRI 102-1", 2019) == {"GRI 2-1"}
    assert named("GRI 102-1", 2024) == set()
    assert named("GRI 102-1", 2027) == {"GRI 102-1"}
    assert named("GRI 103-2", 2020) == {"GRI 3-3"}
    assert named("GRI 307-1", 2018) == {"GRI 2-27"}
    assert named("GRI 101-2", 2025) == set()
    assert named("GRI 305-1", 2016) == named("GRI 305-1", 2026) == {"GRI 305-1"}


@pytest.mark.parametrize("path", CROSSWALKS, ids=lambda p: p.stem)
def test_crosswalks_name_codes_that_exist(path):
    table = _crosswalk(path)
    assert table.id == path.stem
    assert len({row.concept for row in table.rows}) == len(table.rows)
    for name in {name for row in table.rows for name in row.codes}:
        known = {i.code for i in framework(name).indicators}
        assert {c for row in table.rows for c in row.codes.get(name, ())} <= known, name


def test_every_gb_issue_has_its_iso_issue():
    (path,) = (p for p in CROSSWALKS if p.stem == "gbt36000_iso26000")
    pairs = [row.codes for row in _crosswalk(path).rows]
    assert [c["gbt36000"] for c in pairs] == [(i.code,) for i in framework("gbt36000").indicators]
    assert len({c["iso26000"] for c in pairs}) == 31


def test_what_is_wrong_in_shape_is_refused(tmp_path):
    path = tmp_path / "bad.yaml"
    whole = _tiny().model_dump(mode="json")
    for fault in ({"draft": True}, {"colour": "red"}, {"indicators": whole["indicators"] * 2}):
        path.write_text(yaml.safe_dump(whole | fault, allow_unicode=True), "utf-8")
        with pytest.raises(ValidationError):
            read_framework(path)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"units": []}, "units_missing"),
        ({"cues": ["用水量", "用水量"]}, "repeated"),
        ({"cues": ["用水量" * 6]}, "cue_long"),
        ({"not_cues": ["用水量"]}, "cue_torn"),
        ({"examples": {"positive": ["太短了"], "negative": [LONG]}}, "example_length"),
        ({"examples": {"positive": [LONG], "negative": [LONG]}}, "repeated"),
    ],
)
def test_lint_tells_one_fault_in_chinese(changes, code):
    assert lint(_tiny()) == ()
    (issue,) = lint(_tiny(**changes))
    assert (issue.code, issue.indicator) == (code, "A1")
    assert re.search("[一-鿿]", issue.message)


def test_lint_sees_the_whole_too():
    entry = _tiny().indicators[0].model_dump(mode="json")
    many = Framework.model_validate(
        {
            "id": "many",
            "title": "多",
            "short": "多",
            "groups": [{"code": "G", "name": "空组"}],
            "indicators": [entry | {"code": f"A{n}"} for n in range(4)],
        }
    )
    assert lint(many) == (
        Issue("group_empty", "", "分组“G 空组”下没有指标。"),
        Issue("cue_shared", "", "提示语“用水量”由 4 个指标共用，难以区分。"),
    )
