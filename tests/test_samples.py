"""The sample submissions: built from their texts alone, and what the pipeline makes of them."""

import re
import subprocess
import sys
import zlib
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.intake import take_in
from pipeline.records import Document, ReportError
from pipeline.resources import shipped

SAMPLES = shipped("data", "samples")
SCRIPT = Path(__file__).parent.parent / "scripts" / "build_samples.py"
BUILT = sorted(p.name for p in SAMPLES.iterdir() if p.suffix != ".md")
REPORTS = [name for name in BUILT if name != "registration.xlsx"]
UNREADABLE = {
    "上海蓼江社区银行股份有限公司2022年社会责任报告.pdf": "encrypted",
    "上海篆云印务有限公司2022年度社会责任报告（盖章扫描件）.pdf": "scanned",
}
READABLE = [name for name in REPORTS if name not in UNREADABLE]
CHEMICAL = "上海霁川精细化工股份有限公司2022年度社会责任报告.pdf"
FOOD = "上海禾棠食品有限公司2022年度社会责任报告.docx"
LOGISTICS = "上海驿澜供应链物流有限公司2022年企业社会责任报告.docx"


@pytest.fixture(scope="module")
def sources() -> dict:
    sys.path.insert(0, str(SCRIPT.parent))
    from samples.source import read_sources

    return {source.file: source for source in read_sources()}


@pytest.fixture(scope="module")
def taken():
    return take_in(SAMPLES)


def read(taken, name: str) -> Document:
    one = next(s for s in taken.submissions if s.file == name)
    return extract(SAMPLES / name, one.file, one.sha256, one.media)


def page_of(document: Document, words: str) -> int:
    """Page of the words' first place outside of contents, headers and footers."""
    for block in document.blocks:
        if block.kind != "running":
            at = document.text.find(words, block.start, block.end)
            if at >= 0:
                return next(line.page for line in block.lines if line.start <= at < line.end)
    raise AssertionError(f"not in {document.file}: {words}")


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_committed_files_are_what_the_script_builds(tmp_path):
    pytest.importorskip("reportlab", reason="reportlab builds the PDF samples")
    probe = zlib.compress(b"".join(b"%d," % number for number in range(9999)))
    if sha256(probe).hexdigest()[:16] != "440183dad8d53449":
        pytest.skip("this Python's zlib packs the same content into other bytes")
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True, capture_output=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == BUILT
    assert [n for n in BUILT if (tmp_path / n).read_bytes() != (SAMPLES / n).read_bytes()] == []


def test_twelve_reports_are_taken_in_and_both_kinds_of_orphans_found(taken):
    assert {s.file for s in taken.submissions} >= set(REPORTS)
    assert len(REPORTS) == 12
    assert [row.company for row in taken.orphan_rows] == ["上海鹿吟酒店管理有限公司"]
    assert set(taken.orphan_files) & set(REPORTS) == {"杏岁里超市社会责任报告.docx"}


def test_one_company_has_three_years(taken):
    years = {s.registration.year for s in taken.submissions if "澄江" in s.registration.company}
    assert years == {2020, 2021, 2022}


@pytest.mark.parametrize(("name", "code"), UNREADABLE.items())
def test_unreadable_reports_say_why(taken, name, code):
    with pytest.raises(ReportError) as caught:
        read(taken, name)
    assert caught.value.code == code


@pytest.mark.parametrize("name", READABLE)
def test_every_sentence_of_the_text_is_read(taken, sources, name):
    found = without_spaces(read(taken, name).text)
    marks = re.compile(r"‖|\[\^\d\]")
    texts = [marks.sub("", getattr(block, "text", "")) for block in sources[name].blocks]
    wanted = [*texts, *sources[name].planted]
    assert [text for text in wanted if without_spaces(text) not in found] == []


def test_the_content_index_is_right_but_for_a_wrong_and_a_missing_page(taken):
    document = read(taken, CHEMICAL)
    rows = dict(re.findall(r"^(GRI [\d-]+)\t[^\t\n]+\t?(\d*)$", document.text, re.MULTILINE))
    assert len(rows) == 26
    assert int(rows["GRI 403-9"]) == page_of(document, "2022年发生可记录工伤4起")
    assert int(rows["GRI 2-27"]) == page_of(document, "处以罚款12万元")
    assert int(rows["GRI 404-1"]) != page_of(document, "总培训学时53,890小时")
    assert rows["GRI 413-1"] == ""


def test_word_samples_record_their_pages_notes_boxes_and_merged_cells(taken):
    food = read(taken, FOOD)
    assert page_of(food, "食品安全抽检合格率100%") == 2
    assert page_of(food, "2022年公益投入86.4万元") == 4
    assert sum(block.kind == "footnote" for block in food.blocks) == 3
    assert food.text.count("案例：封控期间的一碗热粥") == 1
    assert food.text.count("菌落总数超标") == 1
    assert page_of(read(taken, LOGISTICS), "月至5月，公司承担本市") == 3


def test_a_figure_of_the_registration_disagrees_with_its_report(taken):
    row = next(s.registration for s in taken.submissions if s.file == FOOD)
    assert dict(row.statistics)["公益投入（万元）"] == "68.4"
    assert "公益投入86.4万元" in read(taken, FOOD).text
