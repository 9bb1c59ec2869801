"""What emit writes: the contract, the same bytes, and everything that was concluded."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import emit_fakes as fake
import jsonschema
import pytest

from pipeline.emit import read_document, read_score, summarise, write_report
from pipeline.emit.contract import SCHEMAS, schema_text
from pipeline.facts import Facts

FILES = {"document.json", "findings.json", "sheet.xlsx", "sheet.html"}


@pytest.fixture(scope="module")
def document():
    return fake.hostile_document()


@pytest.fixture(scope="module")
def score(document):
    return fake.hostile_score(document)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document, score):
    return fake.written(tmp_path_factory.mktemp("out") / "2023-云栖", document, score)


def test_a_report_written_is_read_back_and_written_the_same(tmp_path, folder, document, score):
    again = read_document(folder)
    assert again == document
    write_report(tmp_path, again, read_score(folder), fake.FRAMEWORKS, fake.VERSIONS)
    assert set(fake.contents(folder)) == FILES
    assert fake.contents(tmp_path) == fake.contents(folder)
    assert summarise(read_score(folder)) == summarise(score)


def test_quotes_slice_from_the_text_exactly(folder):
    text = fake.load(folder / "document.json")["text"]
    findings = fake.load(folder / "findings.json")["findings"]
    told = [e for f in findings for e in f["evidence"] + f["nearest"]]
    assert told
    told += [q for q in quotes(fake.load(folder / "findings.json")["facts"]) if _ours(q)]
    assert all(text[e["start"] : e["end"]] == e["quote"] for e in told)


def quotes(value):
    """Every quote in a piece of JSON, however deep."""
    if isinstance(value, dict) and {"start", "end", "quote"} <= set(value):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [q for one in inner for q in quotes(one)]


def _ours(quote):
    return quote["source"] == "report"


def test_findings_say_what_the_contract_promises(folder):
    found = fake.load(folder / "findings.json")
    assert found["contract"] == "1.1"
    promised = "file sha256 pages characters company year programme"
    assert set(found["report"]) == set(promised.split())
    promised = "framework indicator name status probability level evidence nearest"
    assert set(promised.split()) <= set(found["findings"][0])
    promised = "page paragraph start end quote heading box probability reasons"
    assert set(promised.split()) <= set(found["findings"][0]["evidence"][0])
    assert list(found["coverage"]) == [f.id for f in fake.FRAMEWORKS]
    assert {"weighted", "low", "high", "counts"} <= set(found["coverage"]["green"])
    assert found["versions"]["frameworks"] == [["green", "a" * 64], ["care", "b" * 64]]


def test_numbers_are_rounded_so_that_bytes_are_stable(folder):
    text = (folder / "findings.json").read_text("utf-8")
    shares = re.findall(r'"(?:probability|weighted|low|high|depth|core)":\d+\.(\d+)', text)
    assert shares
    assert max(map(len, shares)) <= 4
    facts = fake.load(folder / "findings.json")["facts"]
    assert all(x == round(x, 1) for q in quotes(facts) for x in q["box"] or ())
    assert facts["quality"]["total"] == 62.3457
    assert facts["measures"][0]["figure"]["value"] == 12480.12346


def test_a_file_of_the_contract_before_is_still_read(tmp_path, folder):
    found = fake.load(folder / "findings.json")
    old = {name: value for name, value in found.items() if name not in ("facts", "overruled")}
    (tmp_path / "findings.json").write_text(json.dumps(old | {"contract": "1.0"}), "utf-8")
    assert read_score(tmp_path).facts == Facts()
    assert read_score(tmp_path).findings == read_score(folder).findings


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_one_in_force(name):
    assert (fake.DOCS / f"{name}.schema.json").read_text("utf-8") == schema_text(name)


@pytest.mark.parametrize("name", ["findings", "document"])
def test_files_hold_to_their_schema(folder, name):
    jsonschema.validate(
        fake.load(folder / f"{name}.json"), fake.load(fake.DOCS / f"{name}.schema.json")
    )


def test_a_document_missing_damaged_or_of_another_contract_is_none(tmp_path, folder):
    assert read_document(tmp_path) is None
    for damage in (
        b'{"text":',
        (folder / "document.json").read_bytes().replace(b'"1.1"', b'"9.0"'),
    ):
        (tmp_path / "document.json").write_bytes(damage)
        assert read_document(tmp_path) is None


def test_findings_of_a_framework_not_given_are_refused(tmp_path, document, score):
    with pytest.raises(ValueError, match="care"):
        write_report(tmp_path, document, score, fake.FRAMEWORKS[:1], fake.VERSIONS)
    assert not fake.contents(tmp_path)


def test_an_empty_report_still_has_its_sheets(tmp_path):
    document = replace(fake.document(("",), 1), pages=(), blocks=(), text="")
    guide = fake.FRAMEWORKS[0]
    plain = fake.finding(fake.document(), guide, 0)
    bare = replace(plain, status="unreadable", evidence=(), nearest=())
    covered = fake.coverage(guide, [plain])
    empty = replace(fake.score(fake.document(), (guide,)), pages=0, findings=(bare,))
    empty = replace(empty, coverage=(covered,), levels=(0,) * 5, passages=0, characters=0)
    write_report(tmp_path, document, empty, fake.FRAMEWORKS, fake.VERSIONS)
    assert read_score(tmp_path).findings == (bare,)
