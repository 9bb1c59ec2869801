"""How fast the review desk answers on a report of 150 pages, in a real browser.

Usage: ``python benchmarks/desk.py [FOLDER]``. Builds the report from the pages of data/samples,
has it reviewed, opens the desk and presses keys; prints milliseconds, median and worst.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote
from urllib.request import urlopen

import pypdfium2 as pdfium
from playwright.sync_api import Page, sync_playwright

from pipeline.desk.store import accounts, board, open_store
from pipeline.desk.store.sync import sync_year

ROOT = Path(__file__).resolve().parent.parent
PAGES, STEPS, PORT = 150, 60, 8799
SECRET = "a long enough secret"
BASE = f"http://127.0.0.1:{PORT}"
LINK = "() => document.querySelector('#queue a[aria-current]').id"
SHOWN = """old => document.querySelector('#queue a[aria-current]').id != old
  && document.querySelector('#card h2').innerText
     == document.querySelector('#queue a[aria-current] span').firstChild.textContent
  && (document.querySelector('svg.hits rect') || !document.querySelector('#card button.ev'))"""


def build(folder: Path) -> None:
    """A report of PAGES pages from those of the samples, over and over."""
    whole = pdfium.PdfDocument.new()
    sources = [p for p in sorted((ROOT / "data/samples").glob("*.pdf")) if "2022年度" in p.name]
    while len(whole) < PAGES:
        for path in sources:
            part = pdfium.PdfDocument(path)
            wanted = range(min(len(part), PAGES - len(whole)))
            if wanted:
                whole.import_pages(part, list(wanted))
    whole.save(folder / "长报告2022年社会责任报告.pdf")


def prepare(folder: Path) -> str:
    """The reviewed year with an expert; the submission's id."""
    (folder / "in").mkdir(parents=True)
    build(folder / "in")
    command = [sys.executable, "-m", "pipeline.cli", "review", str(folder / "in")]
    subprocess.run([*command, "--out", str(folder / "out")], check=True, stdout=subprocess.DEVNULL)
    store = open_store(folder / "out")
    with store.write() as db:
        sync_year(db, folder / "out")
        office = accounts.create_user(db, "benchmark", "office", "", "office", SECRET)
        expert = accounts.create_user(db, "benchmark", "expert", "", "expert", SECRET)
        (entry,) = board.board(db)
        board.assign(db, office, entry.id, expert)
    store.close()
    return entry.id


def told(name: str, seconds: list[float]) -> None:
    """One line of the result."""
    ms = [1000 * one for one in seconds]
    print(f"{name}: median {median(ms):.0f} ms, worst {max(ms):.0f} ms ({len(ms)} times)")


def measure(page: Page, submission: str) -> None:
    """Log in, open the report a few times, then step through its findings and decide."""
    page.goto(f"{BASE}/login")
    page.fill("[name=name]", "expert")
    page.fill("[name=password]", SECRET)
    page.click("button.main")
    opened = []
    for _ in range(5):
        began = time.perf_counter()
        page.goto(f"{BASE}/r/{quote(submission)}", wait_until="commit")
        page.wait_for_selector("svg.hits rect")
        page.wait_for_function(
            "() => [...document.images].some(i => i.complete && i.naturalWidth > 0)"
        )
        opened.append(time.perf_counter() - began)
    told("open the report, first page and evidence drawn", opened)
    for key, name in (("j", "next finding, evidence drawn"), ("a", "accept, next finding shown")):
        took = []
        for _ in range(STEPS):
            old = page.evaluate(LINK)
            began = time.perf_counter()
            page.keyboard.press(key)
            page.wait_for_function(SHOWN, arg=old)
            took.append(time.perf_counter() - began)
        told(name, took)


def main(folder: Path) -> None:
    """Measure in ``folder``, which is made, or already prepared."""
    ready = folder / "out" / "run.json"
    submission = (
        next((folder / "out").glob("*/findings.json")).parent.name if ready.is_file() else ""
    )
    submission = submission or prepare(folder)
    command = [sys.executable, "-m", "pipeline.cli", "desk", str(folder / "out")]
    desk = subprocess.Popen([*command, "--materials", str(folder / "in"), "--port", str(PORT)])
    try:
        began = time.perf_counter()
        while time.perf_counter() - began < 30:
            try:
                urlopen(f"{BASE}/login").close()
                break
            except OSError:
                time.sleep(0.02)
        told("start until the first answer", [time.perf_counter() - began])
        with sync_playwright() as p:
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
            measure(browser.new_page(viewport={"width": 1280, "height": 800}), submission)
            browser.close()
    finally:
        desk.terminate()
        desk.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "desk")
