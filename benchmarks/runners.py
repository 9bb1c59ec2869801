"""A Dask cluster against the process pool: ``python benchmarks/runners.py FOLDER [--rounds 3]``.

The same cold review with two workers by each in turn, each a process of its own. Prints wall
time and the CPU seconds of the whole process tree, their medians, and Dask ÷ pool; the folders
must come out the same. ``--dask ADDRESS`` takes a cluster that stays, whose own CPU is not seen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil

EVERY = 0.1  # seconds between looks at the processes
RUNNERS = ("local", "dask")


def main() -> None:
    """Review in turn, compare the folders, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ocr", choices=("auto", "off"), default="off")
    parser.add_argument("--dask", default="", help="address of a scheduler")
    wanted = parser.parse_args()
    given = {"ZEJIAN_OCR": wanted.ocr} | ({"ZEJIAN_DASK": wanted.dask} if wanted.dask else {})
    took: dict[str, list[tuple[float, float]]] = {runner: [] for runner in RUNNERS}
    for number in range(wanted.rounds):
        made = set()
        for runner in RUNNERS if number % 2 == 0 else RUNNERS[::-1]:
            with tempfile.TemporaryDirectory() as out:
                took[runner].append(_review(wanted.folder, Path(out), runner, given))
                made.add(_content(Path(out)))
            wall, cpu = took[runner][-1]
            print(f"{runner:5}: {wall:6.1f} s, {cpu:6.1f} s of CPU", flush=True)
        assert len(made) == 1, "not the same bytes"
    pool, dask = ([median(one) for one in zip(*took[name], strict=True)] for name in RUNNERS)
    print(f"dask ÷ pool: {dask[0] / pool[0]:.2f} of the time, {dask[1] / pool[1]:.2f} of the CPU")


def _review(folder: Path, out: Path, runner: str, given: dict[str, str]) -> tuple[float, float]:
    """Seconds of a review, and of CPU of all its processes."""
    command = [sys.executable, "-m", "pipeline.cli", "review", str(folder), "--out", str(out)]
    command += ["--workers", "2", "--runner", runner]
    began, spent = time.monotonic(), dict[int, float]()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **given}) as run:
        while run.poll() is None:
            _look(run.pid, spent)
            time.sleep(EVERY)
    assert run.returncode in (0, 3), f"{' '.join(command)} ended with {run.returncode}"
    return time.monotonic() - began, sum(spent.values())


def _look(pid: int, spent: dict[int, float]) -> None:
    with suppress(psutil.Error):  # a process ended while we looked
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.Error):
                times = process.cpu_times()
                spent[process.pid] = times.user + times.system


def _content(out: Path) -> bytes:
    """All files that a reader finds, run.json without its times."""
    found = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".zejian" not in path.parts
    }
    run = json.loads(found.pop("run.json"))
    del run["times"]
    return repr((run, found)).encode()


if __name__ == "__main__":
    main()
