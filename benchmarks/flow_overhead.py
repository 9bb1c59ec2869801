"""What the flow costs beside the work itself: ``python benchmarks/flow_overhead.py [REPORTS]``.

The same small reports are reviewed by a plain loop in one process, and by the flow with one
worker. Prints the flow's start (until the first report is done) and what it adds to each
report; then the same with all reports already done.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.workers import one_thread_each

TEXT = "公司建立安全生产责任制，全年组织安全培训 {} 次，员工参训率 100%，碳排放总量下降 3.1%。\n"


def main() -> None:
    """Write reports, review them twice each way, print the figures."""
    one_thread_each()
    from pipeline.choices import Configuration
    from pipeline.review import review_file, warm
    from pipeline.settings import Settings
    from pipeline.year import plan, review_year

    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chosen = Configuration("shanghai-2023", ("gbt36000",), None)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        for number in range(reports):
            (source / f"{number:05}.txt").write_text(TEXT.format(number) * 5, "utf-8")
        began = time.perf_counter()
        warm(chosen)
        print(f"matcher loaded in {time.perf_counter() - began:.1f} s")
        jobs = plan(source, Path(folder, "plain"), chosen).jobs
        print(f"plain loop: {_loop(review_file, jobs) * 1000:.1f} ms a report")
        ticks: list[float] = []

        @contextmanager
        def watch(_: int) -> Iterator:
            ticks.append(time.perf_counter())
            yield lambda _: ticks.append(time.perf_counter())

        out, settings = Path(folder, "flow"), Settings(workers=1)
        review_year(source, out, chosen, settings, watch)
        start, each = ticks[1] - ticks[0], (ticks[-1] - ticks[1]) / (reports - 1)
        print(f"flow: first report after {start:.1f} s, then {each * 1000:.1f} ms a report")
        began = time.perf_counter()
        review_year(source, out, chosen, settings, watch)
        print(f"all done before: {time.perf_counter() - began:.1f} s for {reports} reports")


def _loop(review: object, jobs: tuple) -> float:
    """Median seconds of a review."""
    spent = []
    for job in jobs:
        began = time.perf_counter()
        review(job)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
