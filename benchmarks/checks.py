"""Alarms of the checks on reviewed reports: how many of which kind, and in how much text.

python benchmarks/checks.py OUT [--only NAMES.txt] [--show]

OUT is the folder of a review (``zejian review``). A page is a page of the file; where the format
records none, 1,000 characters count as one. ``--show`` prints every alarm to be judged by reading.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from pipeline.check import checks
from pipeline.emit import read_document, read_score
from pipeline.facts import Check
from pipeline.measure import measures
from pipeline.records import Document

CHARACTERS = 1000  # that count as a page of text or Word


def main() -> None:
    """Check every report of the folder and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", type=Path, help="a file with one submission a line")
    parser.add_argument("--show", action="store_true")
    wanted = parser.parse_args()
    only = set(wanted.only.read_text("utf-8").split()) if wanted.only else None
    counts: Counter[tuple[str, str]] = Counter()
    reports = characters = 0
    pages = 0.0
    for folder in sorted(path.parent for path in wanted.out.glob("*/document.json")):
        document = read_document(folder)
        if document is None or (only is not None and folder.name not in only):
            continue
        found = checks(document, measures(document, ()), read_score(folder).submission)
        counts.update((check.kind, check.severity) for check in found)
        reports, characters = reports + 1, characters + len(document.text)
        pages += len(document.pages) or len(document.text) / CHARACTERS
        for check in found if wanted.show else ():
            print(_told(folder.name, document, check))
    print(_summary(counts, reports, pages, characters))


def _told(name: str, document: Document, check: Check) -> str:
    lines = [f"{name} {check.kind} {check.severity}: {check.message}", f"    {check.arithmetic}"]
    for place in check.quotes:
        around = document.text[max(0, place.start - 60) : place.end + 30].replace("\n", " ")
        lines.append(f"    {place.source} {place.page or ''} {around}")
    return "\n".join(lines)


def _summary(counts: Counter[tuple[str, str]], reports: int, pages: float, characters: int) -> str:
    total = sum(counts.values())
    lines = [f"{kind:10} {severity:6} {n}" for (kind, severity), n in sorted(counts.items())]
    lines.append(f"{total} alarms in {reports} reports, {pages:.0f} pages, {characters} characters")
    lines.append(
        f"{10 * total / max(pages, 1):.3f} per 10 pages, "
        f"{10_000 * total / max(characters, 1):.3f} per 10,000 characters"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
