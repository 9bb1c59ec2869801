"""The letter to the company, and what a revision did about it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import emit_fakes as fake
import pypdfium2
import pytest
from docx import Document as Word
from emit_facts import facts, quotes
from hypothesis import given, settings
from hypothesis import strategies as st
from run import write_report, zejian

from pipeline.emit.letter import BadTemplate, letter_docx
from pipeline.emit.letterview import LINES, Letter, letter
from pipeline.facts import Check
from pipeline.frameworks import framework
from pipeline.letter import suggestions
from pipeline.letter.compare import Version, compare
from pipeline.letters import TEMPLATE
from pipeline.programmes import programme
from pipeline.records import Document, Finding, ReportScore

DOC = fake.document()
RULES = programme("shanghai-2023")
GUIDES = (framework("gri"), framework("gbt36000"), framework("iso26000"))
PLACES = [(guide, one) for guide in GUIDES for one in guide.indicators]
STATES = st.lists(st.sampled_from(fake.STATUSES), min_size=len(PLACES), max_size=len(PLACES))
SOME = settings(max_examples=25, deadline=None)
JINJA = "{{ 7 * 7 }} {% for x in y %} {_{ 8 * 8 }_} </w:t><w:br/>"


def scored(states: list[str], doc: Document = DOC) -> ReportScore:
    """A score of three shipped guidelines, an indicator a status."""
    found = []
    for n, ((guide, one), status) in enumerate(zip(PLACES, states, strict=True)):
        told = (fake.evidence(doc, n, 0.9, 3),) if status in ("disclosed", "needs_expert") else ()
        found.append(Finding(guide.id, one.code, one.name, status, 0.9, 3, told))
    return replace(fake.score(doc), findings=tuple(found), facts=facts(doc))


def ask(score: ReportScore):
    return suggestions(score, GUIDES, RULES)


def version(score: ReportScore, doc: Document = DOC) -> Version:
    return Version(ask(score), score, doc)


def filled(score: ReportScore, guides=GUIDES) -> Letter:
    return letter(score, suggestions(score, guides, RULES), guides, RULES, fake.VERSIONS)


def text_of(content: bytes) -> str:
    made = Word(BytesIO(content))
    cells = (cell for table in made.tables for row in table.rows for cell in row.cells)
    return "\n".join(p.text for p in (*made.paragraphs, *(p for c in cells for p in c.paragraphs)))


@SOME
@given(STATES)
def test_what_is_missing_is_asked_once_and_nothing_else_is(states) -> None:
    score = scored(states)
    found = ask(score)
    asked = [(a.framework, a.code) for one in found if one.kind == "missing" for a in one.asks]
    absent = {(f.framework, f.indicator) for f in score.findings if f.status == "not_found"}
    assert len(asked) == len(set(asked))
    assert set(asked) == absent
    assert len({one.id for one in found}) == len(found)
    assert all(one.text.endswith("。") for one in found)


@SOME
@given(STATES, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_order_or_on_other_findings(states, chance) -> None:
    names = {(a.framework, a.code): one.id for one in ask(scored(states)) for a in one.asks}
    score = scored(states)
    shuffled = chance.sample(score.findings, len(score.findings))
    fewer = tuple(f for f in shuffled if f.status != "needs_expert")
    for one in ask(replace(score, findings=fewer)):
        assert one.kind != "missing" or {names[a.framework, a.code] for a in one.asks} == {one.id}


def test_one_issue_of_three_guidelines_is_one_suggestion_with_all_codes() -> None:
    found = ask(scored(["not_found"] * len(PLACES)))
    by_code = {(a.framework, a.code): one for one in found for a in one.asks}
    corruption = by_code["gbt36000", "7.6.3"]
    assert corruption is by_code["iso26000", "6.6.3"]
    assert corruption is by_code["gri", "GRI 205-1"]
    assert corruption.asks[0].framework == "gbt36000"  # the programme's order, not ours
    assert corruption.text.startswith("建议说明预防贿赂")


def test_a_veto_item_is_no_gap_and_what_an_alarm_tells_no_strength() -> None:
    guide = framework("ningbo")
    found = [Finding(guide.id, i.code, i.name, "not_found", 0.0, 0, ()) for i in guide.indicators]
    score = replace(fake.score(DOC), findings=tuple(found), facts=facts(DOC))
    asked = {a.code for one in suggestions(score, (guide,), programme("ningbo")) for a in one.asks}
    assert asked == {one.code for one in guide.indicators} - guide.veto_codes()
    told = ask(scored(["disclosed"] * len(PLACES)))
    blamed = {q for one in told if one.kind in ("alarm", "check") for q in one.quotes}
    praised = [q for one in told if one.kind == "strength" for q in one.quotes]
    assert praised
    assert not [q for q in praised for b in blamed if b.start < q.end and q.start < b.end]


@SOME
@given(STATES)
def test_a_version_compared_with_itself_has_not_changed(states) -> None:
    one = version(scored(states))
    assert {change.outcome for change in compare(one, one)} <= {"open"}


@SOME
@given(STATES, STATES)
def test_every_suggestion_of_the_first_version_is_answered(before, after) -> None:
    first, revised = version(scored(before)), version(scored(after))
    changes = compare(first, revised)
    fates = [one.id for one in changes if one.outcome not in ("new", "vanished")]
    assert fates == [one.id for one in first.suggestions if one.kind != "strength"]
    for one in changes:
        if one.outcome in ("addressed", "partly") and one.kind == "missing" and one.after:
            assert one.after[0].quote in DOC.text


def test_compare_tells_what_was_answered_with_the_words_of_both() -> None:
    slip = "公司共有管理人员10人、审核员63人，合计70人。"
    first = fake.document((*fake.SENTENCES, slip))
    revised = fake.document((*fake.SENTENCES, slip.replace("70", "73")))
    check = Check("sum", "error", "合计不符，请核实。", "10 + 63 = 73 ≠ 70", (quotes(first)[-1],))
    then = scored(["not_found"] + ["disclosed"] * (len(PLACES) - 1), first)
    now = scored(["disclosed"] * (len(PLACES) - 1) + ["not_found"], revised)
    then = replace(then, facts=replace(then.facts, checks=(check,)))
    now = replace(now, facts=replace(now.facts, checks=()))
    changes = compare(version(then, first), version(now, revised))
    by_outcome = {one.outcome: one for one in changes if one.kind in ("missing", "check")}
    cleared = next(one for one in changes if one.kind == "check")
    assert (cleared.outcome, cleared.before[0].quote in slip) == ("addressed", True)
    assert cleared.after[0].quote == slip.replace("70", "73")
    answered = next(one for one in changes if one.kind == "missing")
    assert (answered.outcome, answered.asks[0].code) == ("addressed", PLACES[0][1].code)
    assert answered.after[0].quote in revised.text
    lost = by_outcome["vanished"]
    assert (lost.asks[0].code, bool(lost.before)) == (PLACES[-1][1].code, True)


def test_a_check_that_still_fails_with_other_figures_is_still_open() -> None:
    doc = fake.document(("共10人、63人，合计70人。", "共10人、63人，合计71人。"))
    score = scored(["disclosed"] * len(PLACES))
    then, now = (
        replace(score, facts=replace(score.facts, checks=(Check("sum", "error", "不符。", "", q),)))
        for q in [(one,) for one in quotes(doc)]
    )
    fates = [one for one in compare(version(then), version(now)) if one.kind == "check"]
    assert [one.outcome for one in fates] == ["open"]


def test_the_letter_says_it_all_in_word_and_always_in_the_same_bytes() -> None:
    made = filled(scored(_states()))
    content = letter_docx(made, TEMPLATE.read_bytes())
    text = text_of(content)
    assert content == letter_docx(made, TEMPLATE.read_bytes())
    assert "云栖精工股份有限公司：" in text
    for heading in ("一、值得肯定之处", "请说明的事项", "请核对的数据", "建议补充披露的内容"):
        assert heading in text
    assert "第1页" in text
    assert "{{" not in text


def _states() -> list[str]:
    return [fake.STATUSES[n % len(fake.STATUSES)] for n in range(len(PLACES))]


def test_words_of_a_report_are_never_markup() -> None:
    doc = fake.hostile_document()
    score = fake.hostile_score(doc)
    words = (JINJA, *fake.HOSTILE[:5])
    entry = replace(score.submission.registration, company=JINJA)
    evil = replace(
        score,
        submission=replace(score.submission, registration=entry),
        facts=facts(doc, words),
        findings=tuple(replace(f, name=JINJA) for f in score.findings),
    )
    text = text_of(letter_docx(filled(evil, fake.FRAMEWORKS), TEMPLATE.read_bytes()))
    assert "{{ 7 * 7 }} {% for x in y %}" in text
    assert "</w:t><w:br/>" in text
    assert "49" not in text.split("：")[0]
    assert "64" not in text.split("：")[0]


def _template(text: str) -> bytes:
    made, out = Word(), BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def test_the_office_may_write_its_own_template_but_not_run_programs_from_it() -> None:
    made = filled(scored(_states()))
    assert text_of(letter_docx(made, _template("致{{ company }}"))) == "致云栖精工股份有限公司"
    for bad in (b"no zip", _template("{{ nobody }}"), _template("{% if %}")):
        with pytest.raises(BadTemplate, match="模板"):
            letter_docx(made, bad)
    with pytest.raises(BadTemplate):
        letter_docx(made, _template("{{ company.__class__.__mro__[1].__subclasses__() }}"))


def longest() -> Letter:
    """A letter of which every part is as long as it can be."""
    score = scored(["not_found" if n % 3 else "disclosed" for n in range(len(PLACES))])
    told = facts(DOC, ("长得看不到头的一句话" * 40 + "。",))
    checks = tuple(replace(told.checks[0], kind=f"k{n}") for n in range(12))
    return filled(replace(score, facts=replace(told, checks=checks, index=told.index * 4)))


def test_the_longest_letter_is_cut_to_its_lines() -> None:
    made = longest()
    assert sum(1 + sum(one.lines() for one in part) for part in made.items.values()) <= LINES + 6
    assert all(made.items[name] for name in ("strengths", "alarms", "checks", "missing"))
    assert made.more["missing"] > 0


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice to lay pages out")
def test_the_longest_letter_has_two_pages_and_a_table(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(letter_docx(longest(), TEMPLATE.read_bytes()))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    convert = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*convert, tmp_path / "letter.docx"], check=True, capture_output=True)
    pages = pypdfium2.PdfDocument(tmp_path / "letter.pdf")
    texts = [page.get_textpage().get_text_bounded() for page in pages]
    assert next(n for n, text in enumerate(texts) if "修改建议一览" in text) <= 2


def test_letter_comparison_and_papers_by_the_command_line(tmp_path: Path) -> None:
    report, out = tmp_path / "甲企业2022.txt", tmp_path / "out"
    write_report(report, 1)
    guides = ("--frameworks", "gbt36000,iso26000", "--workers", "1")
    assert zejian("review", report, "--out", out, *guides).returncode == 0
    told = zejian("letter", out)
    assert told.returncode == 0, told.stderr
    (made,) = out.glob("*/letter.docx")
    assert "修改建议" in text_of(made.read_bytes())
    told = zejian("compare", made.parent, report, "--out", out)
    assert "没有变化" in told.stdout, told.stderr
    assert {"compare.html", "compare.json"} <= {path.name for path in made.parent.iterdir()}
    told = zejian("papers", out)
    assert told.returncode == 0, told.stderr
    assert (out / "papers" / "bulletin.html").is_file()
    for bad in (["letter", tmp_path], ["letter", out, "无此报告"], ["papers", tmp_path]):
        refused = zejian(*bad)
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
