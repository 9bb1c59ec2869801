"""Training text of the embedded encoder: laws, prospectuses, CSR reports, our glossaries.

The corpora stay outside the repository; only the weights learned from them are shipped.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.frameworks import framework, framework_ids

_LEADER = re.compile(r"[.．…·]{4,}")  # table-of-contents lines: title ..... page
_NUMBER = re.compile(r"^[\s\d一二三四五六七八九十（）()、.．第章节条款篇编]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STOP = tuple("。；！？：:;")
_MARKS = "。；，！？：:;,…%\t"
_CHUNK = 400  # lines of the two large files that count as one document


@dataclass(frozen=True, slots=True)
class Text:
    """One line of a training document: a heading or a paragraph under ``heading``."""

    source: str  # "csr", "laws", "prospectuses" or "glossary"
    document: int
    heading: str
    text: str


def read_corpora(folder: Path) -> list[Text]:
    """Every usable line under ``folder`` (train/*.txt.gz, csr2016/) and of our glossaries.

    Of csr2016 only the reports whose ``split`` in index.csv is ``train`` are read.

    Raises:
        FileNotFoundError: a corpus is missing.
    """
    texts: list[Text] = []
    for source, lines in _documents(folder):
        document = texts[-1].document + 1 if texts else 0
        texts.extend(_lines(source, document, lines))
    return texts


def _documents(folder: Path) -> Iterator[tuple[str, list[str]]]:
    with (folder / "csr2016" / "index.csv").open(encoding="utf-8", newline="") as rows:
        ids = sorted(row["id"] for row in csv.DictReader(rows) if row["split"] == "train")
    for name in ids:
        yield "csr", (folder / "csr2016" / f"{name}.txt").read_text("utf-8").splitlines()
    for source in ("laws", "prospectuses"):
        with gzip.open(folder / "train" / f"{source}.txt.gz", "rt", encoding="utf-8") as file:
            lines = file.read().splitlines()
        for start in range(0, len(lines), _CHUNK):
            yield source, lines[start : start + _CHUNK]
    for name in framework_ids():
        yield "glossary", list(_glossary(name))


def _glossary(name: str) -> Iterator[str]:
    """Each indicator of ours as a heading followed by what it says in our words."""
    for indicator in framework(name).indicators:
        yield indicator.name
        yield f"{indicator.definition}。"
        yield "、".join(indicator.cues) + "。"
        yield from (f"{example}。" for example in indicator.examples.positive)


def _lines(source: str, document: int, lines: Iterable[str]) -> Iterator[Text]:
    """Paragraphs under their headings; titles that come back on every page are no headings."""
    kept = list(_unwrapped(lines))
    repeats = Counter(kept)
    heading = ""
    for text in kept:
        if not is_heading(text):
            yield Text(source, document, heading, text)
        elif repeats[text] <= 3:
            heading = text


def _unwrapped(lines: Iterable[str]) -> Iterator[str]:
    """Lines without noise; a line that breaks off inside a sentence is joined to the next."""
    open_line = ""
    for line in lines:
        text = _NUMBER.sub("", line.strip()) if len(line) < 40 else line.strip()
        if _LEADER.search(text) or len(_HAN.findall(text)) < 4:
            continue
        if open_line and is_heading(text):
            yield open_line
            open_line = ""
        open_line += text
        if open_line.endswith(_STOP) or len(open_line) < 25 or len(open_line) > 400:
            yield open_line
            open_line = ""
    if open_line:
        yield open_line


def is_heading(text: str) -> bool:
    """Whether a line reads like a title: short, and without the punctuation of sentences."""
    return len(text) <= 24 and not any(mark in text for mark in _MARKS)
