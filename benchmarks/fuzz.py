"""Read damaged samples many times over: what ends a process, hangs or is a fault of our own?

    python benchmarks/fuzz.py [--runs 300] [--seed 1] [--workers 2] [--keep FOLDER]

Each run takes a sample, damages it (bytes, cuts, PDF objects and streams, parts and elements of
Word files) and reads it in a worker with limits on time and memory. A reason for the office is
fine, and so is a document; anything else is a find, kept in FOLDER with its seed.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pypdfium2 as pdfium

from pipeline.extract import extract
from pipeline.records import ReportError
from pipeline.resources import shipped
from pipeline.segment import segment
from pipeline.sniff import sniff
from pipeline.workers import TooSlow, Workers, one_thread_each

KINDS = ("docx", "docx", "pdf", "pdf", "pdf", "html", "txt", "zip")
SECONDS, MEMORY = 30.0, 2 * 2**30  # given to each run
_NUMBER = re.compile(rb"(?<![\d.])\d+(?![\d.])")
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"4294967296", b"9999999999999", b"1e38")
_OBJECT = re.compile(rb"\d+ \d+ obj.*?endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NAME = re.compile(rb"/[A-Za-z]+")
_REFERENCE = re.compile(rb"\d+ 0 R")
_ELEMENT = re.compile(rb"<(w:\w+)(?: [^<>]*)?>.*?</\1>", re.DOTALL)
_TAG = re.compile(rb"</?w:\w+[^<>]*>")
_ATTRIBUTE = re.compile(rb'="[^"<>]*"')

Damage = Callable[[bytes, random.Random], bytes]


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


def flip(data: bytes, dice: random.Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 100))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(data: bytes, dice: random.Random) -> bytes:
    """Leave a part out, or all from there on."""
    a = dice.randrange(len(data))
    return data[:a] + (data[a + dice.randrange(1, 5000) :] if dice.random() < 0.5 else b"")


def repeat(data: bytes, dice: random.Random) -> bytes:
    """Put a part in once more, somewhere else."""
    a, b = dice.randrange(len(data)), dice.randrange(len(data))
    return data[:b] + data[a : a + dice.randrange(1, 3000)] + data[b:]


def _swap_in(
    pattern: re.Pattern[bytes], data: bytes, dice: random.Random, new: bytes = b""
) -> bytes:
    """Replace a random hit by ``new``, or by another hit."""
    hits = list(pattern.finditer(data))
    if not hits:
        return flip(data, dice)
    hit = dice.choice(hits)
    return data[: hit.start()] + (new or dice.choice(hits).group()) + data[hit.end() :]


def numbers(data: bytes, dice: random.Random) -> bytes:
    """Put extreme numbers into the objects of a PDF."""
    for _ in range(dice.choice((1, 2, 8))):
        data = _swap_in(_NUMBER, data, dice, dice.choice(_NUMBERS))
    return data


def objects(data: bytes, dice: random.Random) -> bytes:
    """Put objects, names or references of a PDF in each other's place."""
    for _ in range(dice.choice((1, 2, 5))):
        data = _swap_in(dice.choice((_OBJECT, _NAME, _REFERENCE)), data, dice)
    return data


def content(data: bytes, dice: random.Random) -> bytes:
    """Damage what a PDF stream unpacks to."""
    hits = [hit for hit in _STREAM.finditer(data) if hit.group(1)[:1] == b"x"]
    if not hits:
        return numbers(data, dice)
    hit = dice.choice(hits)
    try:
        inner = zlib.decompress(hit.group(1))
    except zlib.error:
        return flip(data, dice)
    inner = dice.choice((flip, cut, repeat, numbers))(inner or b" ", dice)
    packed = zlib.compress(inner)
    head = data[: hit.start(1)]
    at = head.rfind(b"/Length ")
    head = head[:at] + re.sub(rb"^/Length \d+", b"/Length %d" % len(packed), head[at:])
    return head + packed + data[hit.end(1) :]


def parts(data: bytes, dice: random.Random) -> bytes:
    """Damage one part of a Word file, or leave it out."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        held = {name: package.read(name) for name in package.namelist()}
    name = "word/document.xml" if dice.random() < 0.6 else dice.choice(sorted(held))
    if dice.random() < 0.1:
        del held[name]
    else:
        held[name] = dice.choice((flip, cut, repeat, markup, markup, markup))(
            held[name] or b" ", dice
        )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in held.items():
            package.writestr(name, part)
    return packed.getvalue()


def markup(data: bytes, dice: random.Random) -> bytes:
    """Put elements, tags or attributes in each other's place; nest; keep it XML where possible."""
    for _ in range(dice.choice((1, 2, 5))):
        what = dice.random()
        if what < 0.5:
            data = _swap_in(_ELEMENT, data, dice)
        elif what < 0.7:
            data = _swap_in(_ATTRIBUTE, data, dice, b'="%s"' % dice.choice(_NUMBERS))
        elif what < 0.8:
            data = _swap_in(_TAG, data, dice)
        else:
            hits = list(_ELEMENT.finditer(data))
            inner = dice.choice(hits).group() if hits else b""
            name = dice.choice((b"tbl", b"tc", b"sdt", b"p", b"r", b"txbxContent", b"ins", b"del"))
            deep = dice.choice((1, 10, 60, 200))
            wrapped = b"<w:%s>" % name * deep + inner + b"</w:%s>" % name * deep
            data = _swap_in(_ELEMENT, data, dice, wrapped)
    return data


BYTES: tuple[Damage, ...] = (flip, cut, repeat)
DAMAGES: dict[str, tuple[Damage, ...]] = {
    "pdf": (*BYTES, numbers, objects, content, content),
    "docx": (*BYTES, parts, parts, parts),
    "html": BYTES,
    "txt": BYTES,
    "zip": BYTES,
}


def samples() -> list[tuple[str, bytes]]:
    """Small files of each kind: (kind, content), in a fixed order."""
    found: list[tuple[str, bytes]] = []
    for path in sorted(shipped("data", "samples").iterdir()):
        if path.suffix in (".docx", ".txt"):
            found.append((path.suffix[1:], path.read_bytes()))
        elif path.suffix == ".pdf":
            found += _pages(path)
    html = (
        "<html><body><h1>社会责任报告</h1><table><tr><td>用水<td>12<tr><td>用电<td>3</table><p>公司"
    )
    held = next(content for kind, content in found if kind == "docx")
    return [*found, ("html", html.encode()), ("zip", _archive(held))]


def _archive(report: bytes) -> bytes:
    """A report as companies' mail programs pack it, with a note."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("材料/报告.docx", report)
        package.writestr("说明.txt", "请查收。")
    return packed.getvalue()


def _pages(path: Path) -> list[tuple[str, bytes]]:
    """A page from the middle of a PDF, as a file of its own."""
    try:
        whole = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return []  # the sample with a password
    part, packed = pdfium.PdfDocument.new(), BytesIO()
    part.import_pages(whole, [len(whole) // 2])
    part.save(packed)
    return [("pdf", packed.getvalue())]


def damaged(seed: int, found: list[tuple[str, bytes]]) -> tuple[str, str, bytes]:
    """Kind, name of the damage and content of a run; the same for the same seed."""
    dice = random.Random(seed)
    kind = dice.choice(KINDS)
    data = dice.choice([content for name, content in found if name == kind])
    damage = dice.choice(DAMAGES[kind])
    return kind, damage.__name__, damage(data, dice)


def read(path: Path) -> tuple[str, int]:
    """In a worker: how reading ends, and the most memory this process has held (MiB)."""
    try:
        document = extract(path, path.name, "0" * 64, sniff(path))
        for passage in segment(document):
            assert document.text[passage.start : passage.end] == passage.text
        end = "read"
    except ReportError as fault:
        end = fault.code
    except MemoryError:
        end = "MEMORY"
    except Exception as fault:  # what review_file would call "internal"
        end = f"FAULT {type(fault).__name__} {fault}".upper()
    return end, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _attempt(workers: Workers, path: Path) -> tuple[str, int, float]:
    """How reading a file in a worker ends, MiB held by then, seconds of the clock."""
    began = time.monotonic()
    try:
        end, peak = workers.run(read, path, seconds=SECONDS)
    except TooSlow:
        end, peak = "HANG", 0
    except BrokenProcessPool:
        end, peak = "CRASH", 0
    return end, peak, time.monotonic() - began


def fuzz(runs: int, first: int, keep: Path, count: int = 2) -> list[Run]:
    """Do the runs with seeds from ``first`` on in ``count`` workers; finds stay in ``keep``."""
    found = samples()

    def one(seed: int) -> Run:
        kind, damage, data = damaged(seed, found)
        path = keep / f"{seed}.{kind}"
        path.write_bytes(data)
        end, peak, took = _attempt(workers, path)
        if end == "HANG":  # once more: on a busy machine a new worker may take that long to start
            end, peak, took = _attempt(workers, path)
        run = Run(seed, kind, damage, end, peak, took)
        if not run.is_find:
            path.unlink()
        return run

    with Workers(count, keep / "none.pid", MEMORY) as workers, ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(first, first + runs)))


def main() -> int:
    """Print how the runs ended; 1 if there is a find."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("runs", 300), ("seed", 1), ("workers", 2)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--keep", type=Path, default=None)
    asked = options.parse_args()
    one_thread_each()
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="zejian-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    began, runs = time.monotonic(), fuzz(asked.runs, asked.seed, keep, asked.workers)
    ends = Counter((run.kind, run.end.split(" ")[0]) for run in runs)
    for (kind, end), count in sorted(ends.items()):
        print(f"{kind:5} {end:20} {count}")
    for run in runs:
        if run.is_find:
            print(f"find: seed {run.seed} {run.kind} {run.damage}: {run.end[:200]}")
    seconds = time.monotonic() - began
    peak, slow = max(run.peak for run in runs), max(run.took for run in runs)
    print(f"{len(runs)} runs in {seconds:.0f} s, at most {peak} MiB and {slow:.1f} s; {keep}")
    return int(any(run.is_find for run in runs))


if __name__ == "__main__":
    sys.exit(main())
