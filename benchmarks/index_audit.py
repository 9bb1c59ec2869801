"""How well content indexes are read and followed, on reports outside the project.

    python benchmarks/index_audit.py --pdf CSR_PDF --texts CSR2016 [--sample 60 --seed 20261121]

Counts, against the rows declared beside the reports, the codes found, those that come with a
pointer or a denial, and where the pointers lead. ``--sample`` prints held-back lines drawn at
random with what was found for them, for a person to judge.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from pipeline.audit import index_lines
from pipeline.audit.aim import Aims
from pipeline.audit.chapters import Chapters, norm
from pipeline.audit.find import clusters, indexes
from pipeline.audit.paging import contents, pagings
from pipeline.choices import chosen_frameworks, open_matcher
from pipeline.extract import extract
from pipeline.facts import IndexLine
from pipeline.match import Matcher
from pipeline.records import Document
from pipeline.segment import segment

FRAMEWORKS = ["gri", "cass_csr_3", "cass_csr_4", "gbt36000", "exchange_2024"]
DECLARED = ("g4_index_rows.csv", "cass_index_rows.csv", "hkex_index_rows.csv")


def main() -> None:
    """Measure on the folders given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pdf", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=20261121)
    wanted = parser.parse_args()
    matcher = open_matcher(chosen_frameworks(FRAMEWORKS), None)
    measure_pdf(wanted.pdf, matcher)
    measure_texts(wanted.texts, matcher, wanted.sample, wanted.seed)


def measure_pdf(folder: Path, matcher: Matcher) -> None:
    """The one PDF whose rows are declared: codes, titles and chapters, against its contents."""
    rows = list(csv.DictReader((folder / "gri_index_rows.csv").open(encoding="utf-8")))
    document = extract(folder / rows[0]["file"], rows[0]["file"], "", "pdf")
    lines = {line.code: line for line in audited(document, matcher)}
    read = sum(_reads(lines.get(row["gri"]), row["text"]) for row in rows)
    print(f"PDF: {len(rows)} declared rows, {len(lines)} lines found, {read} read as declared")
    right, checked = _by_contents(document, lines)
    print(f"PDF: {right} of {checked} chapters named are followed to the page of the contents")
    print("PDF:", dict(Counter(line.state for line in lines.values())))


def measure_texts(folder: Path, matcher: Matcher, size: int, seed: int) -> None:
    """Declared rows of the texts: codes found; states; a sample of the second half to judge."""
    declared: dict[str, set[str]] = defaultdict(set)
    for name in DECLARED:
        for row in csv.DictReader((folder / name).open(encoding="utf-8")):
            declared[row["id"]].add(row["code"].split(" ")[-1])
    names = sorted(declared)
    pool: list[tuple[str, Document, IndexLine]] = []
    for part, chosen in (("tuned on", names[::2]), ("held back", names[1::2])):
        found, states, pointing, total = 0, Counter[str](), 0, 0
        for name in chosen:
            document = extract(folder / f"{name}.txt", name, "", "txt")
            lines = audited(document, matcher)
            found += len(declared[name] & {line.code for line in lines})
            states.update(line.state for line in lines)
            pointing += sum(bool(line.pointer) for line in lines)
            total += len(lines)
            if part == "held back":
                pool += [(name, document, line) for line in lines]
        whole = sum(len(declared[name]) for name in chosen)
        print(f"texts {part}: {found} of {whole} declared codes ({found / whole:.3f})")
        print(f"texts {part}: {total} lines, {pointing} with pointer or denial; {dict(states)}")
    for name, document, line in random.Random(seed).sample(pool, min(size, len(pool))):
        print("\n".join(_shown(name, document, line)))


def audited(document: Document, matcher: Matcher) -> tuple[IndexLine, ...]:
    """The lines of a report's indexes."""
    return index_lines(document, matcher.read(segment(document)))


def _reads(line: IndexLine | None, declared: str) -> bool:
    """Whether title and pointer together hold the declared words, which may be cut short."""
    if line is None:
        return False
    words, said = norm(line.title + line.pointer), norm(declared.partition(" ")[2])
    return bool(line.pointer) and said in words


def _by_contents(document: Document, lines: dict[str, IndexLine]) -> tuple[int, int]:
    """Chapters named by lines: followed to the page that the table of contents gives."""
    listed = {norm(name): page for name, page, _ in contents(document)}
    candidates = clusters(document)
    spans = [(one.rows[0].start, one.rows[-1].end) for one in candidates]
    chapters = Chapters(document, spans)
    aims = Aims(document, indexes(document, candidates, chapters.named), chapters)
    paging = pagings(document)[0]
    right = checked = 0
    for line in lines.values():
        for name in filter(None, map(norm, re.split(r"[-;；\s]", line.pointer))):
            if page := listed.get(name):
                checked += 1
                starts = [paging.spans.get(page, ((0, 0),))[0]]
                found = aims.chapters.find(name)
                right += any(a <= start < b for a, b in starts for start, _ in found)
    return right, checked


def _shown(name: str, document: Document, line: IndexLine) -> Iterator[str]:
    yield f"{name} {line.standard} {line.code} | {line.title} | {line.pointer} | {line.state}"
    around = document.text[max(0, line.line.start - 40) : line.line.end + 40]
    yield "  line: " + around.replace("\n", "⏎").replace("\t", "→")
    if line.note:
        yield "  note: " + line.note
    if line.found:
        yield "  found: " + line.found.quote.replace("\n", "⏎")[:120]


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"{time.perf_counter() - started:.0f} s")
