"""From pieces of text in reading order to a Document with the place of every character."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pipeline.extract.numbering import (
    LONGEST,
    Outline,
    contents_key,
    demote_lists,
    ends_in_page,
    is_contents_title,
)
from pipeline.records import Block, BlockKind, Document, Line, Page

# How the lines of a piece meet: as rows; as one sentence that the margin broke; as they stand.
Joint = Literal["newline", "wrap", "none"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has its place: its lines as ``(text, page)``, page 0 if unknown."""

    kind: BlockKind
    lines: tuple[tuple[str, int], ...]
    rank: int | None = None  # of a heading: any scale where smaller is further out
    joint: Joint = "newline"

    @property
    def text(self) -> str:
        """The words of all lines."""
        return "".join(words for words, _ in self.lines)


def build(
    file: str,
    sha256: str,
    media: str,
    pieces: list[Piece],
    warnings: tuple[tuple[str, str], ...] = (),
) -> Document:
    """Lay the pieces one after another.

    Args:
        file: Name shown to the office.
        sha256: Digest of the file.
        media: As in ``Submission.media``.
        pieces: Blocks in reading order; pieces without any text are left out.
        warnings: What was read only in part.

    Returns:
        A Document whose text is the blocks' texts joined by newlines; it has pages when the
        pieces name any.
    """
    pieces = [piece for piece in pieces if piece.text.strip()]
    pieces = _settle_headings(_settle_contents(pieces))
    parts: list[str] = []
    blocks: list[Block] = []
    outline, offset = Outline(), 0
    for number, piece in enumerate(pieces, start=1):
        text, lines = _lay(piece, offset)
        path, level = outline.path, None
        if piece.kind == "heading" and piece.rank is not None:
            level = outline.enter(text, piece.rank)
            path = outline.path[:-1]
        blocks.append(
            Block(piece.kind, number, offset, offset + len(text), path, lines, level=level)
        )
        parts.append(text)
        offset += len(text) + 1
    return Document(file, sha256, media, "\n".join(parts), _pages(blocks), tuple(blocks), warnings)


def _settle_contents(pieces: list[Piece]) -> list[Piece]:
    """Make the table of contents running text: it names what the report says elsewhere.

    After its title, lines belong to it while they end in a page number or return later; the
    first that returns ends it.
    """
    keys = [contents_key(piece.text) for piece in pieces]
    last = {key: i for i, key in enumerate(keys)}
    settled: list[Piece] = []
    seen: set[str] | None = None  # lines of the open contents
    for i, (piece, key) in enumerate(zip(pieces, keys, strict=True)):
        if piece.kind != "table" and is_contents_title(piece.text):
            seen = set()
        elif seen is not None and (key in seen or not _in_contents(pieces, keys, last, i)):
            seen = None
        if seen is not None:
            seen.add(key)
            piece = replace(piece, kind="running", rank=None)
        settled.append(piece)
    return settled


def _in_contents(pieces: list[Piece], keys: list[str], last: dict[str, int], i: int) -> bool:
    if pieces[i].kind == "running" or all(ends_in_page(words) for words, _ in pieces[i].lines):
        return True
    # A long title may stand on two lines or be worded otherwise inside: look two lines ahead.
    for j in range(i, min(i + 3, len(pieces))):
        if len(pieces[j].text) > LONGEST:
            return False
        if last[keys[j]] > j:
            return True
    return False


def _settle_headings(pieces: list[Piece]) -> list[Piece]:
    # Running lines do not part the items of a list, so they are skipped here.
    places = [i for i, piece in enumerate(pieces) if piece.kind != "running"]
    ranks = demote_lists([pieces[i].rank for i in places])
    settled = list(pieces)
    for i, rank in zip(places, ranks, strict=True):
        if pieces[i].kind == "heading" and rank is None:
            settled[i] = replace(pieces[i], kind="text")
    return settled


def _lay(piece: Piece, offset: int) -> tuple[str, tuple[Line, ...]]:
    text = ""
    lines: list[Line] = []
    for words, page in piece.lines:
        if lines:
            text += _gap(piece.joint, text, words)
        start = offset + len(text)
        text += words
        lines.append(Line(page, start, offset + len(text), None))
    return text, tuple(lines)


def _gap(joint: Joint, before: str, after: str) -> str:
    """What stands for the line break; a wrapped one: a space between Latin words only."""
    if joint != "wrap":
        return "\n" if joint == "newline" else ""
    latin = before[-1:].isascii() and after[:1].isascii()
    return " " if latin and before[-1:].isalnum() and after[:1].isalnum() else ""


def _pages(blocks: list[Block]) -> tuple[Page, ...]:
    last = max((line.page for block in blocks for line in block.lines), default=0)
    return tuple(Page(number, None, None) for number in range(1, last + 1))
