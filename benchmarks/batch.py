"""A year's batch: reports a minute and the peak memory of the whole process tree.

python benchmarks/batch.py FOLDER --out OUT [--programme shanghai-2023] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

EVERY = 0.5  # seconds between looks at the memory


def main() -> None:
    """Run one cold review and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--programme", default="shanghai-2023")
    parser.add_argument("--workers", default="2")
    wanted = parser.parse_args()
    command = [sys.executable, "-m", "pipeline.cli", "review", str(wanted.folder)]
    command += ["--programme", wanted.programme, "--out", str(wanted.out)]
    began = time.monotonic()
    run = subprocess.Popen(
        [*command, "--workers", wanted.workers],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0.0
    while run.poll() is None:
        peak = max(peak, _tree(run.pid))
        time.sleep(EVERY)
    took = time.monotonic() - began
    counts = json.loads((wanted.out / "run.json").read_text("utf-8"))["counts"]
    read = counts["done"] + counts["partial"]
    print(f"{read} reports in {took:.0f} s: {60 * read / took:.0f} a minute; {counts}")
    print(f"peak memory of the process tree {peak / 2**20:.0f} MiB (shared pages counted once)")


def _tree(pid: int) -> float:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except psutil.Error:
        pass  # a process ended while we looked
    return total


if __name__ == "__main__":
    main()
