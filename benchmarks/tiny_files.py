"""Review a folder of very many tiny files, then again: is each accounted for, what does it take?

    python benchmarks/tiny_files.py [--files 10000] [--workers 2] [--out OUT]

Of ten files eight are reports of a line, one is a copy of another and one is empty.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from run import COMMAND, environment


def write(folder: Path, count: int) -> None:
    """So many files, 500 to a folder."""
    for number in range(count):
        path = folder / f"{number // 500:03}" / f"{number:05}号.txt"
        path.parent.mkdir(exist_ok=True)
        shown = number - 1 if number % 10 == 8 else number
        path.write_text("" if number % 10 == 9 else f"{shown} 号企业节约用水。", "utf-8")


def review(source: Path, out: Path, workers: int) -> float:
    """Review with one framework; seconds of the clock.

    Raises:
        RuntimeError: it ended with anything but 3 (some files were refused).
    """
    command = [*COMMAND, "review", str(source), "--out", str(out)]
    command += ["--frameworks", "gbt36000", "--workers", str(workers)]
    began = time.monotonic()
    told = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if told.returncode != 3:
        raise RuntimeError(told.stderr[-2000:])
    return time.monotonic() - began


def accounted(source: Path, out: Path) -> Counter[str]:
    """Files by what became of them.

    Raises:
        AssertionError: a file is missing, told twice or has no sheet.
    """
    files = json.loads((out / "run.json").read_text("utf-8"))["files"]
    there = sorted(p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file())
    assert sorted(one["file"] for one in files) == there
    done = [one for one in files if one["status"] == "done"]
    assert all((out / one["submission"] / "sheet.html").is_file() for one in done)
    return Counter(f"{one['status']} {one['code']}" for one in files)


def main() -> None:
    """Print what became of the files, and what both runs took."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("files", 10_000), ("workers", 2)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="zejian-tiny-") as name:
        (source := Path(name, "in")).mkdir()
        out = asked.out or Path(name, "out")
        write(source, asked.files)
        for what in ("first run", "again"):
            took, found = review(source, out, asked.workers), accounted(source, out)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu, most = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
            print(f"{what}: {took:.0f} s, {cpu:.0f} s of CPU so far", end=", ")
            print(f"{most} MiB in the largest process; {dict(found)}", flush=True)


if __name__ == "__main__":
    main()
