"""Take the pictures of the review desk in docs/images anew, from the sample submissions.

Usage: ``python scripts/pictures_desk.py [OUT]``. OUT is what ``scripts/demo.sh`` wrote
(reports_out/samples); it is copied, people and decisions in the pictures are made up.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pipeline.desk.store import accounts, board, open_store
from pipeline.desk.store.sync import sync_year

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SECRET = "only for these pictures"
PEOPLE = (("office", "评审办", "office"), ("zhang", "张明", "expert"), ("li", "李芳", "expert"))
PDF, WORD = "上海澄江阀门有限公司-2022", "上海驿澜供应链物流有限公司-2022"


def prepare(out: Path) -> None:
    """Made-up people; two readers for two reports."""
    store = open_store(out)
    with store.write() as db:
        sync_year(db, out)
        made = {n: accounts.create_user(db, "pictures", n, s, r, SECRET) for n, s, r in PEOPLE}
        for name in ("zhang", "li"):
            for submission in (PDF, WORD):
                board.assign(db, made["office"], submission, made[name])
    store.close()


def log_in(page: Page, base: str, name: str) -> None:
    """As one of the people."""
    page.context.clear_cookies()
    page.goto(f"{base}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", SECRET)
    page.click("button.main")
    page.wait_for_selector("nav[aria-label=主菜单]")


def shoot(page: Page, name: str, full: bool = False) -> None:
    """Keep what is seen; without Playwright's own style, which the pages forbid."""
    page.wait_for_timeout(700)
    seen = Image.open(io.BytesIO(page.screenshot(full_page=full, caret="initial")))
    few = seen.convert("RGB").quantize(96, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(IMAGES / f"desk-{name}.png", optimize=True)  # a third of the bytes


def decide(page: Page, keys: str) -> None:
    """Press keys, one a finding."""
    for key in keys:
        old = page.locator("#queue a[aria-current]").get_attribute("id")
        page.keyboard.press(key)
        if key != "a":
            page.keyboard.press("s")
        page.wait_for_function(
            "old => document.querySelector('#queue a[aria-current]').id != old", arg=old
        )
        page.wait_for_load_state("networkidle")


def take(page: Page, base: str) -> None:
    """All the pictures."""
    for name, keys in (("zhang", "aaxaxa"), ("li", "axxaau")):
        log_in(page, base, name)
        page.goto(f"{base}/r/{quote(PDF)}")
        page.wait_for_selector("svg.hits rect")
        decide(page, keys)
        if name == "zhang":
            shoot(page, "report")
            page.keyboard.press("e")
            page.keyboard.press("Shift+ArrowDown")
            shoot(page, "pick")
            page.goto(f"{base}/r/{quote(WORD)}/in/check")
            page.locator("a.switch").click(timeout=90_000)  # LibreOffice lays it out first
            page.wait_for_selector("svg.hits rect")
            shoot(page, "check")
            page.goto(f"{base}/mine")
            shoot(page, "mine")
        page.goto(f"{base}/r/{quote(PDF)}/sign")
        page.check("[name=sure]")
        page.click("button.main")
        page.wait_for_url("**/mine")
    log_in(page, base, "office")
    page.goto(f"{base}/r/{quote(PDF)}/pair")
    shoot(page, "pair", full=True)
    for name in ("board", "agreement", "intake"):
        page.goto(f"{base}/{name}")
        shoot(page, name, full=name == "board")


def main(source: Path) -> None:
    """Serve a copy of ``source`` and look at it."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        out = Path(folder, "out")
        shutil.copytree(source, out, ignore=shutil.ignore_patterns("desk*"))
        prepare(out)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "pipeline.cli", "desk", str(out), "--port", str(port)]
        given = ["--materials", str(ROOT / "data" / "samples")]
        here = {**os.environ, "PYTHONPATH": str(ROOT)}
        desk = subprocess.Popen([*command, *given], env=here)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(f"{base}/login")
            with sync_playwright() as p:
                found = shutil.which("chromium") or shutil.which("chromium-browser")
                flags = ["--no-sandbox", "--disable-gpu"]
                browser = p.chromium.launch(executable_path=found, args=flags)
                look = {"width": 1280, "height": 800}
                take(browser.new_page(viewport=look, locale="zh-CN"), base)
                browser.close()
        finally:
            desk.terminate()
            desk.wait()


def wait_for(address: str) -> None:
    """Until the desk answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports_out" / "samples")
