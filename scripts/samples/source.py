"""The texts of the samples: a small Markdown with a YAML head, read into blocks.

Chunks are parted by blank lines. ``#`` to ``###`` heads a section (``{#key}`` names its page),
``- `` lists, ``|`` tables (a first line before them is the caption; a cell ``^`` belongs to the
cell above, ``<`` to the one on the left), ``>`` boxes, ``!`` figures in large type, ``===`` a new
page, ``[toc]`` the contents, ``[^1]:`` a footnote. A cell ``@key`` becomes the page of that
section. ``‖`` marks where the Word file records that a page was turned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

TEXTS = Path(__file__).parent / "texts"
_HEADING = re.compile(r"(#{1,3}) (.+?)(?: \{#([\w-]+)\})?")


@dataclass(frozen=True)
class Heading:
    """A section's title; the number is part of the text."""

    text: str
    level: int
    key: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph; ``kind`` is text, bullet, or break or toc (without words)."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Box:
    """A framed case or notice: title and paragraphs."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first row the header."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figures:
    """Figures in large type: (value, what it is)."""

    items: tuple[tuple[str, ...], ...]


Block = Heading | Text | Box | Table | Figures


@dataclass(frozen=True)
class Source:
    """A sample: what its head says, its blocks and its footnotes by number."""

    file: str
    kind: str  # pdf, scan, docx, txt
    company: str
    title: tuple[str, ...]  # lines of the cover
    planted: tuple[str, ...]  # quotes of what the sample was written to show
    blocks: tuple[Block, ...]
    notes: dict[str, str] = field(default_factory=dict)
    look: str = "plain"
    header: str = ""
    footer: str = "{page}"
    password: str = ""


def read_sources(folder: Path = TEXTS) -> list[Source]:
    """All samples, in the order of their file names."""
    return [read_source(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.md"))]


def read_source(text: str) -> Source:
    """A sample from its text.

    Raises:
        TypeError: The head lacks a field or has an unknown one.
    """
    _, head, body = text.split("---\n", 2)
    fields = yaml.safe_load(head)
    fields |= {name: tuple(fields.get(name, ())) for name in ("title", "planted")}
    chunks = re.split(r"\n\s*\n", body.strip("\n"))
    notes = dict(re.match(r"\[\^(\d)\]: (.+)", c).groups() for c in chunks if c.startswith("[^"))
    blocks = tuple(b for chunk in chunks if not chunk.startswith("[^") for b in _blocks(chunk))
    return Source(**fields, blocks=blocks, notes=notes)


def _blocks(chunk: str) -> list[Block]:
    lines = chunk.split("\n")
    if heading := _HEADING.fullmatch(chunk):
        return [Heading(heading[2], len(heading[1]), heading[3] or "")]
    if chunk in ("===", "[toc]"):
        return [Text("", "break" if chunk == "===" else "toc")]
    if lines[-1].startswith("|"):
        caption = "" if lines[0].startswith("|") else lines.pop(0)
        return [Table(caption, tuple(_cells(line) for line in lines))]
    if chunk.startswith("- "):
        return [Text(line.removeprefix("- "), "bullet") for line in lines]
    if chunk.startswith("> "):
        return [Box(tuple(line.removeprefix("> ") for line in lines))]
    if chunk.startswith("! "):
        return [Figures(tuple(_cells(line.removeprefix("! ")) for line in lines))]
    return [Text("".join(lines))]


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))


def paged(cell: str, pages: dict[str, int]) -> str:
    """A cell of a content index with the page of the section it points to."""
    return str(pages.get(cell[1:], 0)) if cell.startswith("@") else cell
