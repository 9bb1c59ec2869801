"""The sheets: nothing that a report can inject, and every finding where it should be."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile

import emit_fakes as fake
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from pipeline.emit import excel, write_report
from pipeline.emit.escape import CELL_LIMIT, anchor, cell, tab_name
from pipeline.emit.rounding import rounded
from pipeline.emit.tab import Formula, Link, Tab
from pipeline.emit.view import view
from pipeline.emit.words import promised
from pipeline.emit.workbook import sheet_xlsx


@pytest.fixture(scope="module")
def document():
    return fake.hostile_document()


@pytest.fixture(scope="module")
def score(document):
    return fake.hostile_score(document)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document, score):
    return fake.written(tmp_path_factory.mktemp("out") / "2023-云栖", document, score)


@pytest.fixture(scope="module")
def book(folder):
    return openpyxl.load_workbook(folder / "sheet.xlsx")


@pytest.fixture(scope="module")
def page(folder):
    return html.fromstring((folder / "sheet.html").read_text("utf-8"))


def test_no_cell_of_a_report_is_a_formula(folder):
    ours = r"COUNTA\((绿色|关怀)指南!I4:I\d+\)|IF\((绿色|关怀)指南!I\d+=\"\",\"\",\2指南!I\d+\)"
    formulas = []
    with zipfile.ZipFile(folder / "sheet.xlsx") as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                cells = etree.fromstring(packed.read(name)).iter("{*}c")
                formulas += [f.text for c in cells for f in c.iter("{*}f")]
    assert formulas
    assert [f for f in formulas if not re.fullmatch(ours, f.replace("'", ""))] == []


def test_the_workbook_has_a_cover_a_queue_and_a_tab_for_each_framework(book, score):
    facts = ["质量", "核查", "绩效数据", "内容索引", "项目条件"]
    assert book.sheetnames == ["总览", "待专家判断", *facts, "绿色指南", "关怀指南"]
    assert book["总览"]["A1"].value == fake.HOSTILE[0]
    assert book["总览"]["A1"].data_type == "s"
    odds = [row[3] for row in book["待专家判断"].iter_rows(min_row=4, values_only=True)]
    assert odds == sorted(odds, key=lambda p: abs(p - 0.5))
    assert len(odds) == sum(f.status == "needs_expert" for f in score.findings)
    said = [c.value for row in book["总览"].iter_rows() for c in row if isinstance(c.value, str)]
    assert any("草案" in text for text in said)
    assert fake.VERSIONS.matcher in said


def test_experts_find_lists_to_choose_from(book):
    sheet = book["绿色指南"]
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists == {"I4:I27": '"同意,改为已披露,改为未披露,不适用"', "J4:J27": '"0,1,2,3,4"'}
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:K27"


class Plain(Tab):
    """XlsxWriter's own worksheet, given a row cell by cell."""

    def write_line(self, row, cells, height=None):
        for col, (value, form) in enumerate(cells):
            self._write_plainly(row, col, value, form)
        self.set_row(row, height)

    def _write_plainly(self, row, col, value, form):
        if isinstance(value, str):
            self.write_string(row, col, cell(value), form)
        elif isinstance(value, Link):
            told = html.fromstring(f"<a {value.attributes}>").attrib
            there = f"external:{value.target}#" if value.target else "internal:"
            self.write_url(
                row, col, there + told["location"], form, value.text, told.get("tooltip")
            )
        elif isinstance(value, Formula):
            self.write_formula(row, col, f"={value.text}", form, "")
        else:
            self.write_blank(row, col, None, form) if value is None else self.write_number(
                row, col, value, form
            )


def _seen(content):
    """Cells of a workbook: what they hold, how they look, where they lead; the rows' heights."""
    for sheet in openpyxl.load_workbook(content):
        for row in sheet.iter_rows():
            for c in row:
                look = (c.font, c.fill, c.border, c.alignment, c.number_format)
                to = c.hyperlink and (c.hyperlink.target, c.hyperlink.location, c.hyperlink.tooltip)
                yield sheet.title, c.coordinate, c.data_type, c.value, tuple(map(repr, look)), to
        yield {n: row.height for n, row in sheet.row_dimensions.items() if row.height}


def test_rows_written_whole_are_as_xlsxwriter_writes_them(monkeypatch, folder, document, score):
    monkeypatch.setattr(excel, "Tab", Plain)
    slow = view(rounded(score), fake.FRAMEWORKS, fake.VERSIONS, document)
    theirs = list(_seen(io.BytesIO(sheet_xlsx(slow))))
    assert list(_seen(folder / "sheet.xlsx")) == theirs


def test_no_text_is_taken_for_the_markup_of_a_workbook():
    texts = ["<r><t>a</t></r>", "<r>&</r>", "_x0041_", " a\n", "&amp;", "=1+1", "http://a"]
    book = excel.Book("")
    for row, text in enumerate(texts):
        excel.write_text(sheet := book.sheet(f"{row}"), 0, 0, text, book.format("line"))
        sheet.write_line(1, [(text, book.format("line"))])
    read = openpyxl.load_workbook(io.BytesIO(book.bytes()))
    seen = [[c.value for (c,) in tab] for tab in read]
    assert seen == [[text, text] for text in texts]


def test_links_of_the_workbook_lead_to_findings_of_the_page(book, page):
    ids = set(page.xpath("//details/@id"))
    links = [c.hyperlink for row in book["关怀指南"].iter_rows(min_row=4) for c in row]
    places = [link.location for link in links if link]
    assert len(places) == len(fake.FRAMEWORKS[1].indicators)
    assert set(places) <= ids
    assert {link.target for link in links if link} == {"sheet.html"}


def test_the_page_runs_our_script_only_and_fetches_nothing(page):
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    script, style = page.xpath("//script[not(@type)]")[0], page.xpath("//style")[0]
    for node in (script, style):
        digest = base64.b64encode(hashlib.sha256(node.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert len(page.xpath("//script")) == 2
    assert not page.xpath("//@src | //link | //img | //@style | //@*[starts-with(name(), 'on')]")


def test_every_finding_has_its_row_and_every_quote_its_surroundings(page, score):
    ids = page.xpath("//details[@data-s]/@id")
    assert len(ids) == len(set(ids)) == len(score.findings)
    data = json.loads(page.get_element_by_id("data").text)
    wanted = {anchor(f.framework, f.indicator) for f in score.findings if f.evidence or f.nearest}
    assert set(data["findings"]) == wanted
    starts = [block[1] for block in data["blocks"]]
    assert starts == sorted(set(starts))


def test_a_long_report_makes_a_modest_page(tmp_path):
    document = fake.document(fake.SENTENCES * 450, per_page=21)  # 150 pages
    guides = tuple(fake.framework(f"g{n}", f"{n}类指南", 100) for n in range(5))
    write_report(tmp_path, document, fake.score(document, guides), guides, fake.VERSIONS)
    assert len(document.pages) >= 150
    assert (tmp_path / "sheet.html").stat().st_size < 3_000_000


def test_the_sheet_promises_only_what_was_measured() -> None:
    assert "尚未测定" in promised(None)
    told = promised((0.9611, 0.9456, 0.9723))
    assert "96.1%" in told
    assert "94.6%–97.2%" in told
    assert "其他指南" in told


@given(st.text(st.characters(), max_size=200) | st.text("𠮷a", max_size=80), st.integers(2, 60))
def test_cells_are_within_excels_limits_and_legal_xml(text, limit):
    kept = cell(text, limit)
    assert len(kept.encode("utf-16-le")) // 2 <= limit
    etree.Element("t").text = kept  # lxml refuses what XML does not allow
    assert len(cell(text * 300).encode("utf-16-le")) // 2 <= CELL_LIMIT


@given(st.lists(st.text(max_size=40), max_size=6))
def test_tabs_are_named_as_excel_allows_and_all_differently(names):
    taken: list[str] = []
    for name in names:
        taken.append(tab_name(name, taken))
    assert len({t.casefold() for t in taken}) == len(taken)
    for tab in taken:
        assert 0 < len(tab) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", tab)


@given(st.text(max_size=12), st.text(max_size=12))
def test_anchors_are_ascii_and_never_shared(one, other):
    assert anchor("gri", one).isascii()
    assert re.fullmatch(r"[\w.~-]+", anchor("gri", one))
    assert (anchor("gri", one) == anchor("gri", other)) == (one == other)
