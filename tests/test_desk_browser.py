"""The desk in a real browser: the whole way of two readers and the office, by keyboard."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from desk_year import PASSWORD, Place, review, served
from openpyxl import load_workbook

from pipeline.desk.store import rulings

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")

EVIDENCE = "svg.hits rect"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("desk")
    review(folder / "reviewed")
    with served(folder / "reviewed", folder / "year") as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as p:
        flags = ["--no-sandbox", "--disable-gpu"]
        found = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield found
        found.close()


@pytest.fixture
def enter(browser, place: Place):
    """Pages of logged-in people, which must not complain nor ask for anything elsewhere."""
    contexts, complaints = [], []

    def come(name: str, **look):
        context = browser.new_context(locale="zh-CN", base_url=place.url, **look)
        context.set_default_timeout(180_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.on("request", lambda r: r.url.startswith(place.url) or complaints.append(r.url))
        page.goto("/login")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/board" if name in ("office", "wang") else "**/mine")
        return page

    yield come
    for context in contexts:
        assert all(page.evaluate("window.pwned") is None for page in context.pages)
        context.close()
    assert not complaints


def current(page) -> str:
    return page.locator("#queue a[aria-current] small").inner_text().split(" ")[0]


def step(page, *keys: str) -> None:
    """Press keys of which the last leads to another finding, or ends the list."""
    old = page.locator("#queue a[aria-current]").get_attribute("id")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        """old => {
            const now = document.querySelector('#queue a[aria-current]');
            const ends = now == document.querySelector('#queue li:last-child a');
            return (now.id != old || ends && now.querySelector('.said').innerText) &&
                document.querySelector('#card h2').innerText ==
                now.querySelector('span').firstChild.textContent;
        }""",
        arg=old,
    )


def all_findings(page) -> None:
    """List all findings of a guideline: how many are in doubt is the matcher's affair."""
    page.select_option("#in", "gbt36000")
    page.wait_for_function("() => document.querySelectorAll('#queue a').length > 20")
    page.wait_for_function(
        "() => document.querySelector('#card h2').innerText =="
        " document.querySelector('#queue a span').firstChild.textContent"
    )
    page.locator("#card h2").click()


def of(place: Place, who: str, which: str = "pdf") -> dict[str, rulings.Decision]:
    with place.desk.store.read() as db:
        given = rulings.history(db, place.ids[which])
    return {one.key: one for one in given if one.who == who}


def sign(page) -> None:
    page.click("text=签署…")
    page.check("[name=sure]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mine")


def test_two_readers_and_the_office(enter, place: Place) -> None:
    first = enter("zhang")
    first.locator("td.name a", has_text="澄江").focus()
    first.keyboard.press("Enter")
    all_findings(first)
    first.wait_for_selector(EVIDENCE)
    first.wait_for_function("() => [...document.images].some(i => i.naturalWidth > 500)")
    a = current(first)
    step(first, "a")  # accept
    b = current(first)
    first.keyboard.press("r")  # a remark, then overrule
    first.keyboard.type("只有口号，没有做法")
    first.keyboard.press("Escape")
    step(first, "x", "s")
    c = current(first)
    first.keyboard.press("e")  # other evidence, line by line
    first.wait_for_selector("rect.pick")
    first.keyboard.press("ArrowDown")
    first.keyboard.press("Shift+ArrowDown")
    shown = first.locator("#picked").inner_text()
    first.keyboard.press("Enter")
    step(first, "y", "2", "s")
    mine = of(place, "zhang")
    assert [mine[x].status for x in (a, b, c)] == ["disclosed", "not_found", "disclosed"]
    assert mine[b].why == "只有口号，没有做法"
    assert mine[c].level == 2
    assert "".join(mine[c].basis.quote.split()) == "".join(shown.partition("：")[2].split())
    sign(first)

    second = enter("li")  # sees nothing of the first reader
    second.goto(place.report("pdf"))
    assert second.locator(".mine").count() == 0
    assert "只有口号" not in second.content()
    assert second.locator("#queue .said", has_text="披露").count() == 0
    all_findings(second)
    step(second, "a")
    step(second, "a")
    step(second, "a")
    sign(second)

    office = enter("office")
    office.click("text=项待裁定")
    assert "只有口号，没有做法" in office.locator("main").inner_text()
    sides = office.locator("section.card").count()
    assert sides >= 1
    office.locator("input[value=first]").first.focus()
    office.keyboard.press("Space")
    office.locator("[name=remark]").first.fill("依第一位专家")
    office.keyboard.press("Enter")
    office.wait_for_selector("text=已裁定")
    assert office.locator("section.card").count() == sides - 1
    assert any(one.final for one in of(place, "office").values())
    office.goto("/agreement")
    assert "GB/T" in office.locator("main").inner_text()
    with office.expect_download() as got:
        office.goto("/exchange")
        office.click("text=全部专家结论（CSV")
    assert "只有口号" in Path(got.value.path()).read_text("utf-8-sig")


def test_an_expert_without_the_desk_fills_the_sheet(enter, place: Place, tmp_path: Path) -> None:
    office = enter("office")
    office.goto("/exchange")
    row = office.locator("tr", has_text="恶意")
    with office.expect_download() as got:
        row.locator("text=覆盖表").click()
    book = load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
    (sheet,) = (one for one in book.worksheets if one["A3"].value == "指标编号" and "专家结论" in
                [cell.value for cell in one[3]] and one["B3"].value == "指标")  # fmt: skip
    heads = [cell.value for cell in sheet[3]]
    code = sheet["A4"].value
    for head, value in (("专家结论", "改为已披露"), ("专家层级", 2), ("备注", "见原文")):
        sheet.cell(4, heads.index(head) + 1).value = value
    book.save(tmp_path / "filled.xlsx")
    office.set_input_files("[name=file]", tmp_path / "filled.xlsx")
    office.select_option("[name=submission]", place.ids["evil"])
    office.select_option("[name=expert]", "zhang")
    office.click("button:has-text('导入')")
    assert "新增 1 条" in office.locator("[role=status]").inner_text()
    assert of(place, "zhang", "evil")[code].status == "disclosed"


def test_words_are_picked_with_the_mouse_in_a_report_without_pages(enter, place: Place) -> None:
    page = enter("li", viewport={"width": 1024, "height": 768})
    page.goto(place.report("evil"))
    words = page.locator("[data-start]:not(button)", has_text="劳动合同签订率")
    box = words.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 8, steps=5)
    page.mouse.up()
    page.click("#take")
    chosen = page.locator("#pickwords").inner_text()
    code = current(page)
    step(page, "y", "1", "s")
    assert of(place, "li", "evil")[code].basis.quote == chosen.strip()


def test_keys_typed_ahead_are_meant_for_the_next_card(enter, place: Place) -> None:
    page = enter("zhang")
    page.goto(place.report("evil"))
    all_findings(page)
    codes = [one.split(" ")[0] for one in page.locator("#queue small").all_inner_texts()[:5]]
    page.keyboard.type("xsusy2sjk", delay=0)
    page.wait_for_function(
        "code => document.querySelector('#queue a[aria-current]').innerText.includes(code)",
        arg=codes[3],
    )
    mine = of(place, "zhang", "evil")
    said = [mine[code].status for code in codes[:3]]
    assert said == ["not_found", "not_applicable", "disclosed"]
    assert not {codes[3], codes[4]} & set(mine)


def test_search_leads_to_the_place(enter, place: Place) -> None:
    page = enter("wang")
    page.goto(place.report("pdf"))
    page.keyboard.press("/")
    page.keyboard.type("安全 生产")
    page.keyboard.press("Enter")
    hit = page.locator("#found li button").last
    hit.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(EVIDENCE)
    leaf = page.locator(".leaf", has=page.locator(EVIDENCE)).get_attribute("data-leaf")
    assert leaf == hit.get_attribute("data-leaf")
    assert page.locator("#decide").count() == 0  # read only


def test_no_serious_fault_of_access(enter, place: Place) -> None:
    report = place.report("pdf")
    ways = {
        "office": ("/board", "/intake", "/exchange", "/people", "/log", "/agreement"),
        "zhao": ("/mine",),
        "wang": (report, f"{report}/in/gbt36000?show=text"),
    }
    for name, paths in ways.items():
        page = enter(name)
        for path in paths:
            page.goto(path)
            _no_fault(page, path)
        if name == "zhao":
            page.context.clear_cookies()
            page.goto("/login")
            _no_fault(page, "/login")


def test_the_screen_of_a_reader_has_no_serious_fault(enter, place: Place) -> None:
    page = enter("li")
    page.goto(place.report("evil"))
    page.wait_for_selector("#decide")
    _no_fault(page, "card")
    page.keyboard.press("?")
    _no_fault(page, "help")


def _no_fault(page, where: str) -> None:
    found = axe.Axe().run(page)
    bad = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    told = [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in bad]
    assert len(found.response["passes"]) > 8
    assert not told, (where, told)
