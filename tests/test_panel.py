"""The panel: stable ids, companies over renamings, editions bridged, and queries that run."""

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from emit_fakes import VERSIONS, document, score
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.emit.documents import write_document
from pipeline.emit.findings import write_findings
from pipeline.emit.rounding import rounded
from pipeline.frameworks import framework
from pipeline.names import Renamed, normalised
from pipeline.panel import TABLES, build_panel, read_table
from pipeline.panel.names import Identity, companies, join, proposals
from pipeline.records import Finding

duckdb = pytest.importorskip("duckdb", reason="it comes with the extra dev")

QUERIES = re.findall(r"```sql\n(.+?)```", Path("docs/panel.md").read_text("utf-8"), re.DOTALL)
PLAIN = "报告期内，公司在三个基地推行能源管理体系，全年综合能耗下降百分之六。"
RENAMED = "2022年，公司由云栖精工集团有限公司更名为云栖智造有限公司。"
NAMES = st.text("云栖精工澄江阀门示范股份有限公司集团（）", min_size=2, max_size=14)


def put(out: Path, name: str, year: int | None, *said: str, sha: str = "", **more: object) -> None:
    """A reviewed report in ``out``, as ``zejian review`` leaves it."""
    digest = sha256((sha or f"{name}{year}").encode()).hexdigest()
    doc = replace(document(("=1+1 社会责任报告", PLAIN, *said)), sha256=digest)
    plain = replace(score(doc, company=name), **more)
    entry = replace(plain.submission.registration, company=name, year=year)
    entry = replace(plain.submission, sha256=doc.sha256, id=name, registration=entry)
    folder = out / name
    folder.mkdir(parents=True)
    write_document(folder, doc)
    write_findings(folder, rounded(replace(plain, submission=entry)), VERSIONS)


@pytest.fixture(scope="module")
def panel(tmp_path_factory) -> Path:
    """Two years of three companies: one renamed, one gone, one whose name looks like another's."""
    at = tmp_path_factory.mktemp("years")
    put(at / "2021", "云栖精工集团有限公司", 2021)
    put(at / "2021", "望山化工有限公司", 2021)
    put(at / "2022", "云栖智造有限公司", 2022, RENAMED)
    put(at / "2022", "望山化工股份有限公司", 2022)
    put(at / "2022", "同一文件有限公司", 2022, sha="twin")
    put(at / "2022b", "同一文件有限公司", 2022, sha="twin")
    built = build_panel([at / "2021", at / "2022", at / "2022b"], at / "panel")
    assert dict(built.rows)["reports"] == 5
    assert built.proposals == 1
    return at


def test_a_renaming_is_followed_with_its_sentence_and_likeness_only_proposed(panel):
    names = read_table(panel / "panel", "names").set_index("company")
    new, old = names.loc["云栖智造有限公司"], names.loc["云栖精工集团有限公司"]
    assert new.company_id == old.company_id == old.name_id
    assert (old.match, new.match, new.joined_to) == ("same_name", "renamed", "云栖精工集团有限公司")
    assert new.evidence == RENAMED.rstrip("。")
    alike = read_table(panel / "panel", "proposals").iloc[0]
    assert {alike.company, alike.other} == {"望山化工有限公司", "望山化工股份有限公司"}
    assert names.loc[alike.company].company_id != names.loc[alike.other].company_id


def test_a_person_confirms_what_likeness_proposes(panel, tmp_path):
    pair = ("望山化工有限公司", "望山化工股份有限公司")
    outs = [panel / "2021", panel / "2022"]
    built = build_panel(outs, tmp_path, [pair])
    names = read_table(tmp_path, "names").set_index("company")
    assert names.loc[pair[0]].company_id == names.loc[pair[1]].company_id
    assert names.loc[pair[1]].match == "confirmed"
    assert built.proposals == 0


def test_the_files_are_as_the_dictionary_says_and_the_same_every_time(panel, tmp_path):
    again = build_panel([panel / "2021", panel / "2022", panel / "2022b"], tmp_path, workers=1)
    told = (tmp_path / "dictionary.csv").read_text("utf-8-sig")
    for name, count in again.rows:
        table = read_table(tmp_path, name)
        assert list(table) == [c.name for c in TABLES[name].columns]
        assert len(table) == count
        assert all(f"{name},{TABLES[name].title},{column}," in told for column in table)
    first, second = (
        sorted(p for p in at.rglob("*") if p.is_file()) for at in (panel / "panel", tmp_path)
    )
    assert [p.name for p in first] == [p.name for p in second]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(first, second, strict=True))


def test_no_text_is_a_formula_in_excel_and_all_is_as_it_was_in_parquet(panel):
    sheet = (panel / "panel/csv/evidence-2022.csv").read_bytes()
    assert sheet.startswith(b"\xef\xbb\xbf")
    assert b"\"'=1+1" in sheet
    assert b'"=' not in sheet
    assert read_table(panel / "panel", "evidence").quote.str.startswith("=1+1").any()


def test_what_is_copied_is_told_of_the_report_that_follows(panel):
    texts = read_table(panel / "panel", "texts").set_index("company")
    same, new = len(PLAIN), len(RENAMED)
    assert texts.loc["云栖智造有限公司"].copied == pytest.approx(same / (same + new), abs=1e-4)
    assert texts.loc["云栖智造有限公司"].copied_from == texts.loc["云栖精工集团有限公司"].report_id
    assert texts.drop("云栖智造有限公司").copied.isna().all()


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: " ".join(q.split()[:4]))
def test_the_queries_of_the_docs_run(panel, query, monkeypatch):
    monkeypatch.chdir(panel / "panel")
    found = duckdb.sql(query)
    assert found.columns
    assert isinstance(found.fetchall(), list)


def test_old_codes_and_editions_are_bridged_and_said_so(tmp_path):
    gri = next(i for i in framework("gri").indicators if i.code == "GRI 2-1")
    found = [Finding("gri", gri.code, gri.name, "disclosed", 0.9, 2, ())]
    found += [Finding("cass_csr_4", "P1.2", "报告信息", "disclosed", 0.9, 2, ())]
    put(tmp_path / "a", "甲公司", 2018, findings=tuple(found), coverage=())
    found[1] = replace(found[1], framework="cass_esg_5", status="not_found", level=0)
    put(tmp_path / "b", "甲公司", 2024, findings=tuple(found), coverage=())
    build_panel([tmp_path / "a", tmp_path / "b"], tmp_path / "panel")
    rows = read_table(tmp_path / "panel", "indicators").query("framework == 'gri'")
    assert [code.split("；")[0] for code in rows.code_then] == ["GRI 102-1", "GRI 2-1"]
    assert list(rows.bridged) == [True, False]
    concept = read_table(tmp_path / "panel", "concepts").query("concept == 'rep_info'")
    assert list(concept.framework) == ["cass_csr_4", "cass_esg_5"]
    assert list(concept.bridged) == [True, False]
    assert list(concept.status) == ["disclosed", "not_found"]


@st.composite
def years(draw) -> list[Identity]:
    """Reports of a few companies, some saying that they had another's name."""
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique_by=normalised))
    found = []
    for number in range(draw(st.integers(1, 12))):
        old, new = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        told = draw(st.booleans()) and normalised(old) != normalised(new)
        said = (Renamed(normalised(old), normalised(new), "更名"),) if told else ()
        found.append(Identity(f"r{number}", new, draw(st.integers(2010, 2025)), renamed=said))
    return found


@settings(max_examples=150, deadline=None)
@given(years(), st.randoms(use_true_random=False))
def test_ids_depend_neither_on_order_nor_on_later_years(reports, chance):
    ids = companies(reports, join(reports, ()))
    mixed = chance.sample(reports, len(reports))
    assert companies(mixed, join(mixed, ())) == ids
    later = [
        *reports,
        Identity("late", "来者有限公司", 2026),
        replace(reports[0], report_id="x", year=2027),
    ]
    grown = companies(later, join(later, ()))
    assert {key: grown[key] for key in ids} == ids


@settings(max_examples=60, deadline=None)
@given(NAMES, st.sampled_from([" ", "\u3000", "“"]), st.integers(0, 20))
def test_a_name_is_the_same_however_it_is_written(name, mark, at):
    written = f"{name[:at]}{mark}{name[at:]}".replace("（", "(")
    assert normalised(written) == normalised(name)
    reports = [Identity("a", name, 2020), Identity("b", written, 2021)]
    assert len(set(companies(reports, ()).values())) == 1
    assert not proposals(reports, companies(reports, ()))
