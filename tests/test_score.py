"""Findings and coverage from readings; evidence that can be pointed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.frameworks import Framework
from pipeline.records import (
    Block,
    Document,
    Line,
    Match,
    Page,
    Passage,
    Reading,
    Registration,
    Submission,
)
from pipeline.score import Policy, score

EXAMPLES = {"positive": ["公司开展培训。"], "negative": ["公司捐款。"]}


def framework(
    *,
    weights: tuple[float, ...] = (1.0, 1.0),
    first_year: int | None = None,
    veto: int | None = None,
) -> Framework:
    indicators = [
        {
            "code": f"I{k}",
            "name": f"指标{k}",
            "definition": "说明。",
            "kind": "either",
            "cues": ["线索"],
            "examples": EXAMPLES,
            "weight": weight,
            "code_origin": "local",
            "source": "自拟",
            "confidence": "low",
            "years": {"first": first_year if k == 0 else None},
            "group": "V" if k == veto else None,
        }
        for k, weight in enumerate(weights)
    ]
    groups = [{"code": "V", "name": "一票否决事项", "veto": True}]
    return Framework(id="f", title="测试", short="测试", groups=groups, indicators=indicators)


TEXT = "甲" * 40 + "乙" * 60
DOCUMENT = Document(
    "a.pdf",
    "0",
    "pdf",
    TEXT,
    (Page(1, 595, 842), Page(2, 595, 842)),
    (
        Block(
            "text", 1, 0, 100, (),
            (Line(1, 0, 40, (10, 800, 500, 812)), Line(2, 40, 100, (10, 20, 500, 32))),
        ),
    ),
)  # fmt: skip
PASSAGE = Passage("p0001", TEXT, (), 0, 100, 1)
POLICY = Policy(weights=(1.0, 0.0, 0.0), bias=0.0, accept=0.7, reject=0.2)


def concluded(
    probability: float,
    of: Framework | None = None,
    year: int | None = None,
    document=DOCUMENT,
    level=3,
):
    matches = (Match("f", "I0", probability),) if probability else ()
    readings = (Reading(PASSAGE, matches, level, ()),)
    submission = Submission("s", "a.pdf", "0", "pdf", Registration(year=year))
    return score(submission, document, readings, [of or framework()], POLICY)


@pytest.mark.parametrize(
    ("probability", "status"),
    [(0.9, "disclosed"), (0.5, "needs_expert"), (0.1, "not_found"), (0.0, "not_found")],
)
def test_thresholds_decide_and_doubt_is_a_result(probability: float, status: str) -> None:
    finding = concluded(probability).findings[0]
    assert finding.status == status
    shown = finding.evidence if status in ("disclosed", "needs_expert") else finding.nearest
    assert bool(shown) == (probability > 0)


def test_words_that_tell_nothing_prove_nothing() -> None:
    assert concluded(0.9, level=0).findings[0].status == "needs_expert"
    assert concluded(0.1, level=0).findings[0].status == "not_found"


def test_evidence_stands_on_the_page_that_holds_most_of_it() -> None:
    (evidence,) = concluded(0.9).findings[0].evidence
    assert (evidence.page, evidence.quote, evidence.box) == (2, "乙" * 60, (10, 20, 500, 32))
    assert TEXT[evidence.start : evidence.end] == evidence.quote


def test_absence_proves_nothing_where_pages_could_not_be_read() -> None:
    blind = Document(
        "a.pdf", "0", "pdf", TEXT, (Page(1, 1, 1), Page(2, 1, 1, False)), DOCUMENT.blocks
    )
    assert concluded(0.0, document=blind).findings[0].status == "unreadable"


def test_codes_of_other_years_do_not_apply() -> None:
    later = framework(first_year=2026)
    result = concluded(0.9, later, year=2022)
    assert result.findings[0].status == "not_applicable"
    assert "2026" in result.findings[0].note
    assert concluded(0.9, later, year=2027).findings[0].status == "disclosed"
    assert (
        concluded(0.9, later).findings[0].status == "disclosed"
    )  # an unknown year excludes nothing


def test_coverage_is_the_weighted_share() -> None:
    (coverage,) = concluded(0.9, framework(weights=(3.0, 1.0))).coverage
    assert coverage.weighted == 0.75
    assert dict(coverage.counts) == {
        "disclosed": 1, "needs_expert": 0, "not_found": 1, "unreadable": 0, "not_applicable": 0,
    }  # fmt: skip
    assert coverage.depth == 3


@given(st.floats(0, 1))
def test_the_interval_holds_the_share(probability: float) -> None:
    (coverage,) = concluded(probability).coverage
    assert 0 <= coverage.low <= coverage.weighted <= coverage.high <= 1


@given(st.lists(st.floats(0, 1), max_size=5), st.floats(0, 1))
def test_more_evidence_never_lowers_a_report_probability(found: list[float], better: float) -> None:
    policy = Policy()
    best = sorted(found, reverse=True)
    assert (
        policy.report_probability(sorted([*best, better], reverse=True))
        >= policy.report_probability(best) - 1e-9
    )


@pytest.mark.parametrize(("veto", "share"), [(None, 0.5), (0, 0.0), (1, 1.0)])
def test_a_veto_item_is_found_and_never_averaged(veto: int | None, share: float) -> None:
    """I0 is disclosed, I1 is not; whichever is the veto item says nothing of coverage."""
    score_ = concluded(0.9, framework(veto=veto))
    assert [f.status for f in score_.findings] == ["disclosed", "not_found"]
    assert score_.coverage[0].weighted == share
    assert score_.coverage[0].depth == (0 if veto == 0 else 3)
