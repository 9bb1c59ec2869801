"""Experts' decisions outlive re-runs: applied, undone, moved, stale; never lost."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from emit_fakes import FRAMEWORKS, document, score
from hypothesis import given, settings
from hypothesis import strategies as st
from run import write_report

from pipeline.choices import Configuration
from pipeline.decisions import Basis, Decision, check_key
from pipeline.emit import read_score
from pipeline.emit.decisions import write_decisions
from pipeline.facts import Check, DimensionScore, Facts, Quality, QualityFact, Quote
from pipeline.override import apply_overrides, fallen, undone
from pipeline.programmes import programme
from pipeline.quoted import Words, bare, fingerprint
from pipeline.receipts import FILES, read_receipt
from pipeline.records import Document, Finding, ReportScore, Submission
from pipeline.reissue import ReviewAgain, reissue
from pipeline.review import Job, kept, review_file, versions
from pipeline.score import coverage

DOCUMENT = document()
RULES = programme("shanghai-2023")
RULINGS = ("disclosed", "needs_expert", "not_found", "unreadable", "not_applicable")


def own_score() -> ReportScore:
    """Zejian's own score of the fictional report, with coverage as scoring makes it."""
    found = score(DOCUMENT)
    return replace(found, coverage=tuple(coverage(f, found.findings) for f in FRAMEWORKS))


OWN = own_score()


def decision(finding: Finding, status: str, level: float | None = None, **more) -> Decision:
    best = next(iter(finding.evidence or finding.nearest), None)
    words = more.pop("quote", best.quote if best else "")
    sha = more.pop("document", DOCUMENT.sha256)
    at = (best.start, best.end) if best else (0, 0)
    basis = Basis(sha, words, fingerprint(words), *at)
    about = (OWN.submission.id, "finding", finding.framework, finding.indicator)
    told = ("张三", "2026-11-21T00:00:00.000000+00:00", "看过原文", finding.status, finding.level)
    return replace(Decision(uuid.uuid4().hex, *about, *told, status, level, basis), **more)


def apply(given: list[Decision], of: ReportScore = OWN, on: Document = DOCUMENT) -> ReportScore:
    return apply_overrides(of, on, FRAMEWORKS, given, RULES)


choices = st.lists(
    st.tuples(st.sampled_from(OWN.findings), st.sampled_from(RULINGS), st.integers(1, 4)),
    unique_by=lambda one: (one[0].framework, one[0].indicator),
    max_size=12,
)


@given(choices, st.booleans())
@settings(max_examples=60, deadline=None)
def test_decisions_win_and_can_be_undone(chosen: list, gone: bool) -> None:
    given = [decision(f, status, level) for f, status, level in chosen]
    if gone and given:
        given[0] = replace(given[0], basis=replace(given[0].basis, quote="报告里没有的话"))
    ruled = apply(given)
    assert {*ruled.overruled.decisions, *ruled.overruled.stale} == set(given), "none is lost"
    assert apply(given, ruled) == ruled, "again changes nothing"
    assert undone(ruled, FRAMEWORKS) == OWN
    assert apply([], ruled) == OWN
    assert ruled.coverage == tuple(coverage(f, ruled.findings) for f in FRAMEWORKS)
    found = {(f.framework, f.indicator): f for f in ruled.findings}
    for one in ruled.overruled.decisions:
        finding = found[one.framework, one.key]
        accepted = one.status in ("disclosed", "needs_expert")
        assert finding.status == one.status
        assert finding.level == (one.level if accepted else 0)
        assert finding.note
        for e in (*finding.evidence, *finding.nearest):
            assert DOCUMENT.text[e.start : e.end] == e.quote


@given(st.text("能源 消耗１2①\n\u3000ﬁ🌱", max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_words_are_found_wherever_they_moved(quote: str, before: str, after: str) -> None:
    spread = "\n".join(quote)
    text = before + spread + after
    assert fingerprint(quote) == fingerprint(spread)
    span = Words(text).find(quote, len(before))
    if not bare(quote):
        assert span is None
        return
    start, end = span
    assert bare(text[start:end]) == bare(quote)


def test_evidence_that_moved_still_stands_and_evidence_that_went_does_not() -> None:
    finding = next(f for f in OWN.findings if f.status == "disclosed")
    given = decision(finding, "disclosed", 4)
    moved = document(("新加的开头。", *(DOCUMENT.text.split("\n"))))
    moved = replace(moved, sha256="d" * 64)
    (kept,) = apply([given], OWN, moved).overruled.decisions
    assert kept == given
    ruled = apply([given], OWN, moved)
    shown = next(f for f in ruled.findings if f.indicator == finding.indicator).evidence[0]
    assert moved.text[shown.start : shown.end] == shown.quote == given.basis.quote
    lost = replace(document(("别的话。",) * 30), sha256="e" * 64)
    assert apply([given], OWN, lost).overruled.stale == (given,)
    assert fallen(OWN, lost, FRAMEWORKS, [given]) == (given,)
    forged = replace(given, basis=replace(given.basis, fingerprint="0" * 16))
    assert apply([forged]).overruled.stale == (forged,)


def test_a_no_falls_when_another_file_brings_other_words() -> None:
    finding = next(f for f in OWN.findings if f.status == "disclosed")
    no = decision(finding, "not_found")
    assert apply([no]).overruled.decisions
    other = replace(DOCUMENT, sha256="d" * 64)
    assert apply([no], OWN, other).overruled.decisions, "the same words are still too little"
    elsewhere = decision(finding, "not_found", quote=finding.evidence[1].quote)
    assert apply([elsewhere], OWN, other).overruled.stale == (elsewhere,)
    bare_no = decision(finding, "not_applicable", quote="")
    assert apply([bare_no]).overruled.decisions
    assert apply([bare_no], OWN, other).overruled.stale == (bare_no,)


def test_slips_are_dismissed_and_quality_is_scored_by_experts() -> None:
    words = Quote(1, 1, 0, 4, DOCUMENT.text[:4])
    slips = tuple(Check("sum", "error", "不等", f"1 + {n} ≠ 5", (words,)) for n in range(3))
    fact = QualityFact("平衡性", "balance.penalty", "负面", 1, "处", 40.0, 1.0)
    dimensions = tuple(
        DimensionScore(w.dimension, 50.0, (fact,) if w.dimension == "平衡性" else ())
        for w in RULES.quality.weights
    )
    quality = Quality(dimensions, 50.0, "三星", 0.5, 0.1)
    before = replace(OWN, facts=Facts(checks=slips, quality=quality))
    blank = decision(OWN.findings[0], "dismissed", framework="", subject="check")
    no = replace(blank, key=check_key(slips[1]))
    gone = replace(blank, key="sum-gone", status="confirmed")
    points = replace(blank, subject="quality", key="balance.penalty", status="scored", level=90)
    ruled = apply([no, gone, points], before)
    assert ruled.facts.checks == (slips[0], slips[2])
    assert ruled.overruled.stale == (gone,)
    scores = {d.dimension: d.score for d in ruled.facts.quality.dimensions}
    assert scores["平衡性"] == 90
    assert ruled.facts.quality.total > 50
    assert undone(ruled, FRAMEWORKS) == before


def written(job: Job) -> dict[str, bytes]:
    return {name: (job.folder / name).read_bytes() for name in FILES}


def test_a_report_is_written_anew_and_a_review_honours_it(tmp_path: Path) -> None:
    path, out = tmp_path / "甲.txt", tmp_path / "out"
    write_report(path, 1)
    entry = Submission("甲", "甲.txt", hashlib.sha256(path.read_bytes()).hexdigest(), "txt")
    job = Job(entry, path, out, Configuration("shanghai-2023", ("gbt36000",), None))
    first, before, made_by = review_file(job), written(job), versions(job.configuration)
    own = read_score(job.folder)
    finding = next(f for f in own.findings if f.status == "disclosed")
    no = decision(finding, "not_found", document=entry.sha256, submission="甲")
    write_decisions(job.folder, [no])
    assert not kept(job, made_by), "a review would see that experts decided"
    path.rename(tmp_path / "away")  # nothing below reads the report again ...
    receipt = reissue(out, "甲")
    assert read_score(job.folder).overruled.decisions == (no,)
    assert receipt.summary.coverage[0].weighted < own.coverage[0].weighted
    assert "专家改判" in (job.folder / "sheet.html").read_text("utf-8")
    assert kept(job, made_by) == read_receipt(out, "甲") == receipt
    after = written(job)
    (job.folder / "decisions.json").unlink()
    assert review_file(job) == first
    assert written(job) == before, "nothing of it is left when it is taken back"

    write_decisions(job.folder, [no])
    (job.folder / "sheet.html").unlink()
    with pytest.raises(ReviewAgain):
        reissue(out, "甲")
    (tmp_path / "away").rename(path)  # ... but this does
    assert review_file(job) == receipt
    assert written(job) == after, "a whole review applies them too"


def test_damaged_decisions_are_never_taken_for_none(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    write_report(path, 1)
    entry = Submission("甲", "甲.txt", hashlib.sha256(path.read_bytes()).hexdigest(), "txt")
    job = Job(entry, path, tmp_path, Configuration("shanghai-2023", ("gbt36000",), None))
    job.folder.mkdir()
    (job.folder / "decisions.json").write_text('{"contract": "1.0", "decisions": [{')
    assert review_file(job).outcome.code == "decisions"
    assert (job.folder / "decisions.json").exists()
