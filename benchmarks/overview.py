"""How fast the overview of a large year opens and answers in a browser.

    python benchmarks/overview.py [--reports 10000] [--browser /usr/bin/chromium] [--rounds 5]

The year is made up: a quarter of its files failed or was read in part. Prints seconds to write
both overviews, the page's size, and milliseconds until its list stands, is sorted, is searched.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Write, open, sort, search."""
    import emit_fakes

    from pipeline.emit import write_overview

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as library:
        year = emit_fakes.year(wanted.reports)
        began = time.perf_counter()
        write_overview(Path(folder), year)
        print(f"{wanted.reports} reports: both overviews written in", end=" ")
        print(f"{time.perf_counter() - began:.1f} s", end=", ")
        path = Path(folder, "overview.html")
        print(f"page of {path.stat().st_size / 2**20:.1f} MiB")
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = library.chromium.launch(executable_path=wanted.browser, args=flags)
        rounds = [_round(browser.new_page(), path) for _ in range(wanted.rounds)]
        browser.close()
    for name, times in zip(("open", "sort", "search"), zip(*rounds, strict=True), strict=True):
        print(f"{name}: median {median(times):.0f} ms, worst {max(times):.0f} ms")


def _round(page: Page, path: Path) -> list[float]:
    """Milliseconds to open (list drawn, page painted), to sort by a column, to search."""
    times = [time.perf_counter()]
    page.goto(path.as_uri())
    page.wait_for_selector("#rows tr")
    page.evaluate(FRAME)
    times.append(time.perf_counter())
    page.click("#heads th:nth-child(2) button")
    page.evaluate(FRAME)
    times.append(time.perf_counter())
    page.fill("#by-text", "第777精工")
    page.evaluate(FRAME)
    times.append(time.perf_counter())
    page.close()
    return [1000 * (after - before) for before, after in pairwise(times)]


if __name__ == "__main__":
    main()
