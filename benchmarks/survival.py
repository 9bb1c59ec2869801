"""Kill a review at random moments and start it again: do the outputs come out the same?

    python benchmarks/survival.py [--kills 20] [--reports 16] [--seed 1]

One run is left alone. Then, as often as asked, a run into a fresh folder is killed (SIGKILL) at
a random moment of its life and started again; all files but run.json's times must be the same.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from run import COMMAND, environment, tree, write_report

OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")


def review(source: Path, out: Path, seconds: float | None = None) -> float:
    """Run ``zejian review``, killed after so many seconds; how long it took.

    Raises:
        RuntimeError: it ended by itself with anything but success.
    """
    command = [*COMMAND, "review", str(source), "--out", str(out), *OPTIONS]
    began = time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=environment(), stdout=quiet, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            _, told = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
        else:
            if run.returncode:
                raise RuntimeError(told)
    return time.monotonic() - began


def main() -> int:
    """Print a line a kill; 1 if any outputs differ."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("kills", 20), ("reports", 16), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=default)
    asked = options.parse_args()
    dice = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="zejian-survival-") as name:
        folder = Path(name)
        (source := folder / "in").mkdir()
        for number in range(asked.reports):
            write_report(source / f"{number:02}号.txt", number)
        took = review(source, folder / "whole")
        wanted = tree(folder / "whole")
        print(f"{asked.reports} reports, {len(wanted)} files, {took:.1f} s undisturbed")
        same = [
            _killed(source, folder / str(n), dice.uniform(0.3, took), wanted)
            for n in range(asked.kills)
        ]
    print(f"{sum(same)} of {len(same)} killed runs came out the same")
    return int(not all(same))


def _killed(source: Path, out: Path, moment: float, wanted: dict[str, bytes]) -> bool:
    review(source, out, moment)
    done = len(list((out / ".zejian/receipts").glob("*.json")))
    review(source, out)
    found = tree(out)
    wrong = [name for name in wanted.keys() | found if wanted.get(name) != found.get(name)]
    print(f"killed at {moment:5.1f} s with {done:2} done: {wrong or 'the same'}")
    sys.stdout.flush()
    return not wrong


if __name__ == "__main__":
    sys.exit(main())
