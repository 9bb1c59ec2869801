"""Every reason has a code, a sentence and a test; the table of them is up to date."""

import hashlib
import os
import re
import shutil
import sys
import zipfile
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest
from pdfs import page_with, save, stream, words

from pipeline.choices import Configuration
from pipeline.extract import extract, office
from pipeline.intake import take_in
from pipeline.records import ReportError, Submission
from pipeline.review import Job, OtherVersion, explain, failure, review_file
from pipeline.workers import TooSlow

ROOT = Path(__file__).resolve().parent.parent


def test_the_table_is_what_the_code_says() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from list_reasons import reasons, text

    assert (ROOT / "docs/reasons.md").read_text("utf-8") == text()
    told = [words for many in reasons().values() for words in many]
    assert all(re.search("请|未|不", words) for words in told)
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("*.py"))
    assert [code for code in reasons() if f'"{code}"' not in tests] == []


def test_faults_of_the_machine_are_told_apart() -> None:
    told = {
        "too_slow": TooSlow(),
        "crashed": BrokenProcessPool(),
        "other_version": OtherVersion(),
        "memory": MemoryError(),
        "machine": OSError(28, "No space left on device"),
    }
    for code, fault in told.items():
        assert explain(fault)[0] == code
    assert "No space left on device" in explain(told["machine"])[1]
    with pytest.raises(TypeError):
        explain(KeyError())


def test_a_fault_of_our_own_costs_one_report(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("报告。", "utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    wrong = Submission("甲", "a.txt", sha256, "tape")  # type: ignore[arg-type]
    job = Job(wrong, path, tmp_path / "out", Configuration("shanghai-2023", ("gbt36000",), None))
    outcome = review_file(job).outcome
    assert (outcome.status, outcome.code) == ("failed", "internal")
    assert "ValueError" in (tmp_path / "out/.zejian/errors/甲.txt").read_text("utf-8")
    assert failure(job, "crashed", "x").outcome.status == "failed"


def test_files_that_are_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("报告\xff.txt".encode("latin-1", "replace"))).write_text(
        "甲。", "utf-8"
    )
    (tmp_path / os.fsdecode(b"\xb1\xa8.txt")).write_text("乙。", "utf-8")  # GBK bytes
    with zipfile.ZipFile(tmp_path / "版式.pdf", "w") as made:
        made.writestr("OFD.xml", "<x/>")
    for name in ("报名表.xlsx", "registration.xlsx"):
        book = openpyxl.Workbook()
        book.active.append(["企业名称", name])
        book.active.append(["示例公司", 1])
        book.save(tmp_path / name)
    codes = {one.code for one in take_in(tmp_path).refused}
    assert codes >= {"bad_name", "ofd", "registration", "registration_extra"}


def test_pages_whose_text_layer_means_nothing(tmp_path: Path) -> None:
    private = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <e020>"
    cmap = b"/CMapName /X def begincmap " + private + b" endbfrange endcmap"
    bad = page_with(words("what it shows is not what it says " * 2), extra=(stream(cmap),))
    bad = bad.replace(b"/BaseFont/Helvetica>>", b"/BaseFont/Helvetica/ToUnicode 6 0 R>>")
    pdf = pdfium.PdfDocument(page_with(words("A page that can be read well enough.")))
    pdf.import_pages(pdfium.PdfDocument(bad), [0])
    pdf.save(tmp_path / "report.pdf")
    document = extract(tmp_path / "report.pdf", "x", "0", "pdf")
    assert [code for code, _ in document.warnings] == ["broken_pages"]
    assert document.warnings[0][1].startswith("第2页")
    assert code_of(save(tmp_path, bad), "pdf") == "scanned"


def test_characters_that_are_lost(tmp_path: Path) -> None:
    data = ("公司保护环境。" * 40).encode() + b"\xff"
    (tmp_path / "a.txt").write_bytes(data)
    document = extract(tmp_path / "a.txt", "a", "0", "txt")
    assert [code for code, _ in document.warnings] == ["characters_lost"]


def test_a_conversion_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 600\n", "utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "CONVERSION_SECONDS", 0.2)
    assert code_of(save(tmp_path, b"{\\rtf1 x}", "a.doc"), "doc") == "timeout"


def code_of(path: Path, media: str) -> str:
    with pytest.raises(ReportError) as caught:
        extract(path, path.name, "0" * 64, media)
    return caught.value.code
