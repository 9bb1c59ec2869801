"""Read damaged samples many times over: what ends a process, hangs or is a fault of our own?

    python benchmarks/fuzz.py [--what plain] [--runs 300] [--seed 1] [--workers 2] [--keep FOLDER]

Each run takes a sample, damages it (bytes, cuts, PDF objects and streams, parts and elements of
Word files, groups of RTF, pictures) and reads it in a worker with limits on time and memory. A
reason for the office is fine, and so is a document; anything else is a find, kept in FOLDER with
its seed. ``--what pictures`` are read by OCR; ``office`` are converted by LibreOffice, Word files
to PDF, as the desk shows them. Both take seconds a run.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from damages import DAMAGES
from fuzz_samples import Sample, converted, pictured, plain

from pipeline.extract import extract
from pipeline.extract.ocr import Ocr
from pipeline.extract.office import CONVERSION_SECONDS, convert
from pipeline.records import Document, ReportError
from pipeline.segment import segment
from pipeline.sniff import sniff
from pipeline.workers import TooSlow, Workers, one_thread_each

EVERY = 100  # runs between two lines of figures


@dataclass(frozen=True)
class What:
    """Files that are read alike, and what reading one may take."""

    samples: Callable[[], list[Sample]]
    kinds: tuple[str, ...]  # as often as each is wanted
    seconds: float
    memory: int  # bytes of address space
    ocr: Ocr | None = None


WHAT = {
    "plain": What(
        plain, ("docx", "docx", "pdf", "pdf", "pdf", "html", "txt", "zip"), 30.0, 2 * 2**30
    ),
    "pictures": What(
        pictured, (*["image"] * 4, *["scan"] * 4, "zip"), 150.0, 4 * 2**30, Ocr(pages=3)
    ),
    "office": What(
        converted,
        (*("doc", "rtf", "odt") * 3, "wordml", "docx", "docx", "html", "zip"),
        CONVERSION_SECONDS + 60.0,  # a conversion without end is given up before, with a reason
        4 * 2**30,
    ),
}


@dataclass(frozen=True)
class Run:
    """How a run ended."""

    seed: int
    kind: str
    damage: str
    end: str  # "read", a reason's code, or in capitals what should not be
    peak: int = 0  # MiB that the worker has held so far
    took: float = 0.0  # seconds of the clock

    @property
    def is_find(self) -> bool:
        """Whether somebody must look at it."""
        return self.end.isupper()


def damaged(seed: int, what: What, found: list[Sample]) -> tuple[str, str, bytes]:
    """Kind, name of the damage and content of a run; the same for the same seed."""
    dice = random.Random(seed)
    kind = dice.choice(what.kinds)
    data = dice.choice([content for name, content in found if name == kind])
    damage = dice.choice(DAMAGES[kind])
    return kind, damage.__name__, damage(data, dice)


def read(path: Path, ocr: Ocr | None, shown: bool) -> tuple[str, int]:
    """In a worker: how reading ends, and the most memory a process has held (MiB).

    Args:
        path: The file.
        ocr: Read pictures, within these limits.
        shown: Read Word files off the pages that LibreOffice lays out.
    """
    try:
        document = _document(path, ocr, shown)
        for passage in segment(document):
            assert document.text[passage.start : passage.end] == passage.text
        end = "read"
    except ReportError as fault:
        end = fault.code
    except MemoryError:
        end = "MEMORY"
    except Exception as fault:  # what review_file would call "internal"
        end = f"FAULT {type(fault).__name__} {fault}".upper()
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return end, max(resource.getrusage(one).ru_maxrss for one in whose) // 1024


def _document(path: Path, ocr: Ocr | None, shown: bool) -> Document:
    media = sniff(path)
    if not (shown and media == "docx"):
        return extract(path, path.name, "0" * 64, media, ocr)
    with tempfile.TemporaryDirectory() as folder:
        return extract(convert(path, Path(folder), "pdf"), path.name, "0" * 64, "pdf")


def fuzz(runs: int, first: int, keep: Path, count: int = 2, name: str = "plain") -> Iterator[Run]:
    """Do the runs with seeds from ``first`` on in ``count`` workers; finds stay in ``keep``."""
    what = WHAT[name]
    found = what.samples()
    with (
        Workers(count, keep / "none.pid", what.memory) as workers,
        ThreadPoolExecutor(count) as threads,
    ):

        def one(seed: int) -> Run:
            kind, damage, data = damaged(seed, what, found)
            path = keep / f"{seed}.{kind}"
            path.write_bytes(data)
            end, peak, took = _attempt(workers, path, what)
            if end == "HANG":  # on a busy machine a new worker may take that long to start
                end, peak, took = _attempt(workers, path, what)
            run = Run(seed, kind, damage, end, peak, took)
            if not run.is_find:
                path.unlink()
            return run

        yield from threads.map(one, range(first, first + runs))


def _attempt(workers: Workers, path: Path, what: What) -> tuple[str, int, float]:
    """How reading a file in a worker ends, MiB held by then, seconds of the clock."""
    began = time.monotonic()
    shown = what.samples is converted
    try:
        end, peak = workers.run(read, path, what.ocr, shown, seconds=what.seconds)
    except TooSlow:
        end, peak = "HANG", 0
    except BrokenProcessPool:
        end, peak = "CRASH", 0
    return end, peak, time.monotonic() - began


def main() -> int:
    """Print finds as they come, then how the runs ended; 1 if there is a find."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--what", choices=WHAT, default="plain")
    for name, default in (("runs", 300), ("seed", 1), ("workers", 2)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--keep", type=Path, default=None)
    asked = options.parse_args()
    one_thread_each()
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="zejian-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    began, runs = time.monotonic(), []
    for run in fuzz(asked.runs, asked.seed, keep, asked.workers, asked.what):
        runs.append(run)
        if run.is_find:
            print(f"find: seed {run.seed} {run.kind} {run.damage}: {run.end[:200]}", flush=True)
        if len(runs) % EVERY == 0 or len(runs) == asked.runs:
            _told(runs, time.monotonic() - began)
    print(f"kept in {keep}")
    return int(any(run.is_find for run in runs))


def _told(runs: list[Run], seconds: float) -> None:
    ends = Counter((run.kind, run.end.split(" ")[0]) for run in runs)
    print(", ".join(f"{kind} {end} {count}" for (kind, end), count in sorted(ends.items())))
    peak, slow = max(run.peak for run in runs), max(run.took for run in runs)
    finds = sum(run.is_find for run in runs)
    print(f"{len(runs)} runs in {seconds:.0f} s, at most {peak} MiB and {slow:.1f} s", end="; ")
    print(f"{finds} finds", flush=True)


if __name__ == "__main__":
    sys.exit(main())
