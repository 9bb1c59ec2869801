"""Time and memory of a review against the number of reports, and of frameworks, in one run.

    python benchmarks/reports_and_frameworks.py FOLDER [--rounds 1] [--plot FILE.png]

Every review is cold, a process of its own, with two workers. CPU seconds and memory are of the
whole process tree, looked at five times a second; memory counts shared pages once (PSS). The
largest year is then reviewed again unchanged, with one framework less, and one of its reports
is written anew as after an expert's decision. Rounds give medians.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

import psutil

EVERY = 0.2  # seconds between looks at the tree


@dataclass(frozen=True)
class Cost:
    """What a run took."""

    seconds: float
    cpu: float  # seconds, of all processes
    memory: float  # MiB at the most, of all processes

    def __str__(self) -> str:
        return f"{self.seconds:6.1f} s, {self.cpu:6.1f} s of CPU, {self.memory:5.0f} MiB"


def main() -> None:
    """Measure, print, draw."""
    wanted = _options()
    files = sorted(path for path in wanted.folder.iterdir() if path.is_file())
    random.Random(1).shuffle(files)  # kinds and lengths mixed alike in every part
    names = _frameworks()
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder), files)
        by_reports, by_frameworks = {}, {}
        for count in wanted.reports:
            by_reports[count] = bench.cold(count, names[: wanted.usual], wanted.rounds)
            _told(f"{count} reports, {wanted.usual} frameworks", by_reports[count], count)
        bench.again(wanted.reports[-1], names[: wanted.usual], by_reports[wanted.reports[-1]])
        for count in wanted.frameworks:
            by_frameworks[count] = bench.cold(wanted.sample, names[:count], wanted.rounds)
            _told(f"{wanted.sample} reports, {count} frameworks", by_frameworks[count])
    _flatness(by_reports, by_frameworks)
    if wanted.plot:
        _draw(by_reports, by_frameworks, wanted.sample, wanted.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, nargs="+", default=[50, 150, 333])
    parser.add_argument("--frameworks", type=int, nargs="+", default=[1, 4, 10, 14])
    parser.add_argument("--usual", type=int, default=10, help="frameworks of the first series")
    parser.add_argument("--sample", type=int, default=40, help="reports of the second series")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args()


def _frameworks() -> list[str]:
    """All shipped ones; those of the usual programme first."""
    from pipeline.frameworks import framework_ids
    from pipeline.programmes import programme

    usual = programme("shanghai-2023").framework_ids()
    return [*usual, *(name for name in framework_ids() if name not in usual)]


class _Bench:
    """Runs reviews of the first so many files, in a folder that is thrown away."""

    def __init__(self, folder: Path, files: Sequence[Path]):
        self._folder, self._files = folder, files

    def cold(self, count: int, names: Sequence[str], rounds: int) -> Cost:
        """Median of so many reviews, each into a new OUT."""
        runs = []
        for _ in range(rounds):
            self._out = Path(tempfile.mkdtemp(dir=self._folder))
            runs.append(self.review(count, names))
        return Cost(*map(median, zip(*map(astuple, runs), strict=True)))

    def review(self, count: int, names: Sequence[str]) -> Cost:
        """Review into the OUT of the last cold run."""
        source = self._folder / f"in-{count}"
        if not source.exists():
            source.mkdir()
            for path in self._files[:count]:
                shutil.copy(path, source)
        command = [sys.executable, "-m", "pipeline.cli", "review", str(source)]
        command += ["--out", str(self._out), "--workers", "2", "--frameworks", ",".join(names)]
        return _watched(command)

    def again(self, count: int, names: Sequence[str], cold: Cost) -> None:
        """What it costs to change nothing, a framework, a decision."""
        same, fewer = self.review(count, names), self.review(count, names[:-1])
        for what, cost in (("unchanged", same), ("one framework less", fewer)):
            share = f"{cost.seconds / cold.seconds:.1%} of the time, {cost.cpu / cold.cpu:.1%}"
            print(f"again, {what}: {cost}; {share} of the CPU of the cold run")
        from pipeline.reissue import reissue

        took = []
        for path in sorted(self._out.glob("*/findings.json"))[:20]:
            began = time.perf_counter()
            reissue(self._out, path.parent.name)
            took.append(time.perf_counter() - began)
        print(f"a report written anew: median {median(took):.2f} s, worst {max(took):.2f} s")


def _watched(command: Sequence[str]) -> Cost:
    """Run a command; RuntimeError where it ends with anything but 0 (all read) or 3 (some)."""
    began, most = time.monotonic(), 0.0
    spent: dict[int, float] = {}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as run:
        while run.poll() is None:
            most = max(most, _look(run.pid, spent))
            time.sleep(EVERY)
    if run.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command)} ended with {run.returncode}")
    return Cost(time.monotonic() - began, sum(spent.values()), most)


def _look(pid: int, spent: dict[int, float]) -> float:
    """Memory of a tree now, in MiB; its processes' CPU seconds until now go into ``spent``."""
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            times = process.cpu_times()
            spent[process.pid] = times.user + times.system
            total += process.memory_full_info().pss
    except psutil.Error:
        pass  # a process ended while we looked
    return total / 2**20


def _told(what: str, cost: Cost, reports: int = 0) -> None:
    rate = f", {60 * reports / cost.seconds:.0f} a minute" if reports else ""
    print(f"{what}: {cost}{rate}", flush=True)


def _flatness(by_reports: dict[int, Cost], by_frameworks: dict[int, Cost]) -> None:
    """What one more report, and all frameworks in place of one, cost."""
    (few, first), *_, (many, last) = by_reports.items()
    each = (last.cpu - first.cpu) / (many - few)
    print(f"one report more: {each:.2f} s of CPU", end=", ")
    print(f"{1024 * (last.memory - first.memory) / (many - few):.0f} KiB")
    (least, one), *_, (most, all_) = by_frameworks.items()
    ratio, cpu = all_.seconds / one.seconds, all_.cpu / one.cpu
    print(f"{most} frameworks ÷ {least}: {ratio:.2f} of the time, {cpu:.2f} of the CPU")


def _draw(
    by_reports: dict[int, Cost], by_frameworks: dict[int, Cost], sample: int, file: Path
) -> None:
    """Two rows of two panels: CPU seconds and memory, each from zero."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    series = ((by_reports, "reports"), (by_frameworks, f"frameworks ({sample} reports)"))
    figure, panels = pyplot.subplots(2, 2, figsize=(8, 5), layout="constrained")
    for column, (costs, what) in zip(panels.T, series, strict=True):
        for panel, name in zip(column, ("cpu", "memory"), strict=True):
            values = [getattr(cost, name) for cost in costs.values()]
            panel.plot(list(costs), values, "o-", lw=1.5)
            panel.set(xlabel=what, xlim=(0, None), ylim=(0, 1.1 * max(values)))
            panel.set_ylabel({"cpu": "CPU seconds", "memory": "memory, MiB"}[name])
            panel.grid(alpha=0.3)
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
