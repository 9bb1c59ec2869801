"""Pages of reports that are no PDF, in a real browser and against files that mean harm."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
from desk_year import PASSWORD, PDF, Place, Visitor, served
from PIL import Image
from run import ROOT

from pipeline.choices import configuration, settings
from pipeline.desk.layouts import Layouts
from pipeline.desk.report_pages import address
from pipeline.desk.shelf import Report
from pipeline.desk.store import rulings
from pipeline.emit import Orphans, Times, Year, read_score, write_run
from pipeline.frameworks import framework
from pipeline.records import Document, Page
from pipeline.review import review_file, versions
from pipeline.year import plan

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice")
SPOKEN = (
    "公司建立安全生产责任制，全年组织安全培训36次，员工参训率达到100%。",
    "公司尊重员工权益，劳动合同签订率100%，全年未发生歧视事件。",
    "公司推进节能减排，单位产品综合能耗比上年下降4.2%，碳排放总量下降3.1%。",
    "公司向社区教育基金捐赠120万元，志愿服务时长3,400小时。",
)


def write_word(path: Path) -> None:
    made = docx.Document()
    made.add_heading("某公司2022年社会责任报告", 0)
    for number in range(12):  # several pages; the same words never twice
        made.add_heading(f"第{number + 1}章", 1)
        for one in SPOKEN:
            made.add_paragraph(one.replace("公司", f"公司第{number + 1}部门") * 3)
    table = made.add_table(2, 3)
    for cell, words in zip(
        table._cells, ["指标", "单位", "2022年", "用电量", "万千瓦时", "365"], strict=True
    ):
        cell.text = words
    made.save(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("layout")
    given, out = folder / "year/in", folder / "year/out"
    given.mkdir(parents=True)
    write_word(given / "word.docx")
    with zipfile.ZipFile(given / "wrapped.zip", "w") as package:
        package.write(ROOT / "data/samples" / PDF, "报告.pdf")
    chosen = configuration("shanghai-2023", ("gbt36000",), settings())
    planned = plan(given, out, chosen)
    receipts = [review_file(job) for job in planned.jobs]
    summaries = {one.outcome.submission: one.summary for one in receipts}
    year = Year(
        [one.outcome for one in receipts], summaries, [framework("gbt36000")], versions(chosen),
        Orphans(), planned.intake.submissions,
    )  # fmt: skip
    write_run(out, year, {"programme": "shanghai-2023"}, Times("", "", 0.0))
    with served(folder / "year", folder / "desk") as found:
        yield replace(found, ids={"word": "word", "wrapped": "wrapped"})


@pytest.fixture(scope="module")
def enter(place: Place):
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=place.url, viewport={"width": 1280, "height": 800})
        page.set_default_timeout(90_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=name]", "zhang")
        page.fill("[name=password]", PASSWORD)
        page.click("button.main")
        page.wait_for_url("**/mine")
        yield page
        browser.close()
        assert not complaints


def marked(page) -> str:
    """The words of the report's page under the marks, by the letters laid over it."""
    page.wait_for_selector("svg.hits rect")
    page.wait_for_function(
        "() => document.querySelector('svg.hits rect').closest('.sheet').querySelector('text')"
    )
    return page.evaluate(
        """() => [...document.querySelectorAll('svg.hits rect')].map(rect => {
          const box = rect.getBBox(), sheet = rect.closest('.sheet');
          return [...sheet.querySelectorAll('text')].map(t => {
            const b = t.getBBox(), y = b.y + b.height / 2;
            if (y < box.y || y > box.y + box.height) return '';
            const step = b.width / t.textContent.length;
            return [...t.textContent].filter((_, n) => {
              const x = b.x + step * (n + .5); return x > box.x && x < box.x + box.width;
            }).join('');
          }).join('');
        }).join('')"""
    )


@needs_browser
@needs_office
def test_a_word_report_opens_as_text_and_its_pages_follow(enter, place: Place) -> None:
    page = enter
    page.goto(address("word"))
    assert page.locator(".plain-text").count()
    page.click("a.switch:has-text('看原文版面')")
    page.wait_for_function("() => [...document.images].some(i => i.naturalWidth > 500)")
    assert int(page.locator("#go").get_attribute("max")) >= 3
    page.select_option("#in", "gbt36000")
    page.wait_for_function("() => document.querySelectorAll('#queue a').length > 20")
    page.wait_for_function(
        "() => document.querySelector('#card h2').innerText =="
        " document.querySelector('#queue a span').firstChild.textContent"
    )
    quoted = "".join(page.locator("button.ev .bidi").first.inner_text().split())
    shown = marked(page)
    assert shown[4:-4] in quoted
    assert len(shown) > 0.9 * len(quoted)
    assert page.locator("#lost").is_hidden()

    page.keyboard.press("e")  # other words, from the page
    page.wait_for_selector("rect.pick")
    page.keyboard.press("Shift+ArrowDown")
    picked = page.locator("#picked").inner_text().partition("：")[2]
    page.keyboard.press("Enter")
    code = page.locator("#queue a[aria-current] small").inner_text().split(" ")[0]
    for key in "y2s":
        page.keyboard.press(key)
    page.wait_for_selector("#queue .said:has-text('已披露')")
    with place.desk.store.read() as db:
        (made,) = (one for one in rulings.history(db, "word") if one.key == code)
    assert "".join(made.basis.quote.split()) == "".join(picked.split())
    text = place.desk.shelf.report("word").document.text
    assert text[made.basis.start : made.basis.end] == made.basis.quote


@needs_browser
@needs_office
def test_words_that_are_not_on_the_pages_are_said_to_be_missing(enter, place: Place) -> None:
    visitor = Visitor(place, "zhang")
    wait(lambda: "看原文版面" in visitor.get(f"{address('word')}/layout").text)
    assert visitor.get(f"{address('word')}/layout/find?start=5&end=2").json() == {"leaf": 0}
    report = place.desk.shelf.report("word")
    layout = place.desk.layouts.of(report, place.desk.shelf.file(report))
    object.__setattr__(layout, "document", replace(layout.document, text="", blocks=()))
    vars(layout).pop("words", None)
    enter.goto(f"{address('word')}?show=page")
    enter.wait_for_selector("#lost:visible")


@needs_browser
def test_the_report_in_a_zip_file_is_shown_as_it_is(enter, place: Place) -> None:
    page = enter
    page.goto(f"{address('wrapped')}?show=text")
    page.wait_for_selector("a.switch:has-text('看原文版面')")
    page.goto(address("wrapped"))
    page.wait_for_function("() => [...document.images].some(i => i.naturalWidth > 500)")
    quoted = "".join(page.locator("button.ev .bidi").first.inner_text().split())
    assert marked(page)[2:-2] in quoted


def report_of(media: str, file: Path, pages: tuple[Page, ...] = ()) -> Report:
    document = Document(file.name, media.ljust(64, "0"), media, "", pages, ())
    score = read_score(next(file.parent.glob("*/findings.json")).parent)
    return Report(document, score, ())


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Iterator[tuple[Layouts, Path]]:
    shutil.copytree(place.desk.shelf.out / "word", tmp_path / "word")
    layouts = Layouts(tmp_path / "layouts")
    yield layouts, tmp_path
    layouts.close()


def test_a_picture_is_its_own_page(desk: tuple[Layouts, Path]) -> None:
    layouts, folder = desk
    path = folder / "page.png"
    Image.new("RGB", (600, 800), (200, 0, 0)).save(path)
    report = report_of("image", path, (Page(1, 595, 842),))
    wait(lambda: layouts.state(report, path) == "ready")
    layout = layouts.of(report, path)
    assert layout.document is None, "its places are those of the review"
    with pdfium.PdfDocument(layout.path) as pages:
        assert pages[0].render().to_pil().convert("RGB").getpixel((50, 50))[0] > 150


@needs_office
def test_a_document_shows_no_other_file_of_this_machine(desk: tuple[Layouts, Path]) -> None:
    layouts, folder = desk
    secret, path = folder / "secret.png", folder / "linked.docx"
    Image.new("RGB", (300, 200), (250, 0, 0)).save(secret)
    made = docx.Document()
    made.add_picture(str(secret))
    made.save(folder / "plain.docx")
    with zipfile.ZipFile(folder / "plain.docx") as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(
                b'Target="media/image1.png"',
                f'Target="{secret.as_uri()}" TargetMode="External"'.encode(),
            )
            if part != "word/media/image1.png":
                new.writestr(part, content.replace(b"r:embed=", b"r:link="))
    report = report_of("docx", path)
    wait(lambda: layouts.state(report, path) == "ready")
    with pdfium.PdfDocument(layouts.of(report, path).path) as pages:
        colours = pages[0].render().to_pil().convert("RGB").getcolors(2**20)
    assert not [one for _, one in colours if one[0] > 200 > 100 > one[1]]


@needs_office
def test_what_cannot_be_laid_out_stays_text(desk: tuple[Layouts, Path]) -> None:
    layouts, folder = desk
    path = folder / "broken.docx"
    path.write_bytes(b"PK\x03\x04 no document")
    (folder / "bad.zip").write_bytes(b"PK\x05\x06")
    for media, file in (("docx", path), ("zip", folder / "bad.zip")):
        report = report_of(media, file)
        assert layouts.state(report, file) == "making"
        wait(lambda report=report, file=file: layouts.state(report, file) == "none")
    assert layouts.state(report_of("txt", path), path) == "none"
    assert not list(layouts.folder.rglob("*.pdf"))


@needs_office
def test_a_report_without_pages_says_so(place: Place, tmp_path: Path) -> None:
    layouts, visitor = place.desk.layouts, Visitor(place, "zhang")
    sha256 = place.desk.shelf.report("word").document.sha256
    kept = layouts.folder / sha256[:32]
    wait(lambda: "看原文版面" in visitor.get(f"{address('word')}/layout").text)
    kept.rename(tmp_path / "kept")
    layouts._failed.add(sha256)
    assert "无原文版面" in visitor.get(address("word")).text
    assert visitor.get(f"{address('word')}/page/1/900").status_code == 404
    layouts._failed.clear()
    (tmp_path / "kept").rename(kept)


def wait(until: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)
