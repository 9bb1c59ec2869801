"""The pages in a real browser: filters, evidence in context, and injection that does nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace

import emit_fakes as fake
import pytest
from emit_facts import facts

from pipeline.emit import write_overview, write_report
from pipeline.emit.escape import anchor

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as p:
        flags = ["--headless", "--no-sandbox", "--disable-gpu"]
        found = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield found
        found.close()


@pytest.fixture
def page(browser):
    """A page that must not complain and must not ask for anything but itself."""
    page, complaints = browser.new_page(locale="zh-CN"), []
    page.set_default_timeout(180_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("request", lambda r: r.url.startswith("file:") or complaints.append(r.url))
    yield page
    assert page.evaluate("window.pwned") is None
    page.close()
    assert not complaints


@pytest.fixture(scope="module")
def score():
    document = fake.document(fake.HOSTILE + fake.SENTENCES + ("年份\t排放\n2023\t𠮷<b>1,024</b>",))
    plain = fake.score(document, company=fake.HOSTILE[1])
    told = facts(document, fake.HOSTILE[:7])
    return document, replace(plain, warnings=(("hostile", fake.HOSTILE[2]),), facts=told)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory, score):
    out = tmp_path_factory.mktemp("sheet")
    write_report(out, *score, fake.FRAMEWORKS, fake.VERSIONS)
    return (out / "sheet.html").as_uri()


def shown(page):
    return page.locator("details[data-s]:visible").count()


def test_filters_narrow_the_rows_and_can_be_cleared(page, sheet, score):
    findings = score[1].findings
    page.goto(sheet)
    assert shown(page) == len(findings)
    page.click("button[data-status=needs_expert]")
    assert shown(page) == sum(f.status == "needs_expert" for f in findings)
    page.select_option("#by-framework", "care")
    wanted = [f for f in findings if (f.framework, f.status) == ("care", "needs_expert")]
    assert shown(page) == len(wanted)
    assert page.locator("#shown").inner_text() == f"显示{len(wanted)}项，共{len(findings)}项"
    page.keyboard.press("Escape")
    page.fill("#by-text", wanted[0].indicator)
    assert shown(page) == 1
    page.click("#reset")
    page.select_option("#by-level", "4")
    assert shown(page) == sum(f.level == 4 for f in findings)


def test_an_anchor_opens_each_finding_with_its_very_words_marked(page, sheet, score):
    between_cells = str.maketrans("", "", "\t\n")  # drawn as borders of a table
    told = [(f, f.evidence or f.nearest) for f in score[1].findings if f.evidence or f.nearest]
    for f, items in told:
        page.goto(f"{sheet}#{anchor(f.framework, f.indicator)}")
        row = page.locator(f"[id='{anchor(f.framework, f.indicator)}']")
        assert row.get_attribute("open") is not None
        for card, e in zip(row.locator("article").all(), items, strict=True):
            marked = "".join(card.locator("mark").all_text_contents())
            assert marked.translate(between_cells) == e.quote.translate(between_cells)
            assert f"第{e.page}页 · 第{e.paragraph}段" in card.inner_text()
            assert "综合能耗" in card.locator(".why").inner_text()


def test_an_anchor_reaches_a_row_that_a_filter_hides(page, sheet, score):
    hidden = next(f for f in score[1].findings if f.status == "not_found")
    page.goto(sheet)
    page.click("button[data-status=disclosed]")
    page.evaluate("h => { location.hash = h }", anchor(hidden.framework, hidden.indicator))
    row = page.locator(f"[id='{anchor(hidden.framework, hidden.indicator)}']")
    row.locator("article").first.wait_for(state="visible")
    assert "最接近的表述 1" in row.inner_text()


def test_the_sheet_can_be_worked_with_keys_alone(page, sheet):
    page.goto(sheet)
    page.locator("details[data-s] > summary").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    opened = page.locator("details[data-s][open]")
    opened.locator("article").first.wait_for()
    assert opened.get_attribute("id") == page.locator("details[data-s]").nth(1).get_attribute("id")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "by-text"


def test_a_quote_behind_a_fact_opens_in_its_place(page, sheet, score):
    between_cells = str.maketrans("", "", "\t\n")
    page.goto(sheet)
    measures = score[1].facts.measures
    page.click("#p-measures > summary")
    links = page.locator("#p-measures a.q")
    links.first.wait_for()
    assert links.count() == len(measures)
    for n in range(0, len(measures), 7):
        links.nth(n).click()
        place = page.locator("#place[open]")
        place.wait_for()
        marked = "".join(place.locator("mark").all_text_contents())
        found = measures[n].figure.quote
        assert marked.translate(between_cells) == found.quote.translate(between_cells)
        assert f"第{found.page}页" in place.inner_text()
        page.keyboard.press("Escape")
        page.locator("#place:not([open])").wait_for(state="attached")
    found = measures[1].figure.quote
    page.goto(f"{sheet}#t-{found.start}-{found.end}")  # as sheet.xlsx does
    page.locator("#place[open] mark").first.wait_for()


def test_a_panel_is_narrowed_by_state_and_by_words(page, sheet):
    page.goto(sheet)
    rows = page.locator("#p-conditions tbody tr")
    page.click("#p-conditions > summary")
    rows.first.wait_for()  # a panel is drawn after it opened
    assert rows.count() == 9
    page.click("#p-conditions button[data-label=请人工确认]")
    assert rows.count() == 3
    page.fill("#p-conditions input", "年度主题")
    assert rows.count() == 1
    assert "显示1项" in page.locator("#p-conditions .shown").inner_text()
    page.click("#p-quality > summary")
    page.locator("#p-quality tbody tr").first.wait_for()
    page.click("#p-quality button[data-label=平衡性]")
    assert page.locator("#p-quality tbody tr").count() == 3  # the dimension and its two facts
    page.locator("#p-checks tbody tr").first.wait_for()
    assert page.locator("#p-checks tbody tr").count() == 3  # open: there is a contradiction


def test_the_overview_pages_sorts_and_filters(page, tmp_path):
    write_overview(tmp_path, fake.year(2_000))
    page.goto((tmp_path / "overview.html").as_uri())
    rows = page.locator("#rows tr")
    assert rows.count() == 100
    assert "读取失败" in rows.first.inner_text()
    page.click("#heads button:has-text('字数')")
    assert "103,963" in rows.first.inner_text()  # the longest that was read
    page.click("#heads button:has-text('字数')")
    assert "30,000" in rows.first.inner_text()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("字数")
    page.click("#after")
    assert page.locator("#leaf").inner_text() == "第2页，共20页"
    page.fill("#by-text", "云栖第7精工")
    assert rows.count() == 1
    link = rows.first.locator("a").first.get_attribute("href")
    assert link == "./2023-00006-%E4%BA%91%E6%A0%96/sheet.html"


def test_the_overview_holds_hostile_names(page, tmp_path):
    year = fake.year(12)
    told = [
        replace(s, registration=replace(s.registration, company=fake.HOSTILE[1]))
        for s in year.submissions
    ]
    write_overview(tmp_path, replace(year, submissions=told))
    page.goto((tmp_path / "overview.html").as_uri())
    assert page.locator("#rows tr").count() == 12
    assert "<script>" in page.locator("#rows tr").first.inner_text()
