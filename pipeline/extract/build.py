"""From pieces of text in reading order to a Document with the place of every character."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.numbering import Outline, demote_lists
from pipeline.records import Block, BlockKind, Document, Line, Page


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has its place: its lines as ``(text, page)``, page 0 if unknown."""

    kind: BlockKind
    lines: tuple[tuple[str, int], ...]
    rank: int | None = None  # of a heading, see numbering.heading_level
    wrapped: bool = False  # lines are one sentence broken by the margin: join without newline


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
    pieces = _settle_headings([p for p in pieces if any(text.strip() for text, _ in p.lines)])
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


def _settle_headings(pieces: list[Piece]) -> list[Piece]:
    # Running lines do not part the items of a list, so they are skipped here.
    places = [i for i, piece in enumerate(pieces) if piece.kind != "running"]
    ranks = demote_lists([pieces[i].rank for i in places])
    settled = list(pieces)
    for i, rank in zip(places, ranks, strict=True):
        if pieces[i].kind == "heading" and rank is None:
            settled[i] = Piece("text", pieces[i].lines)
    return settled


def _lay(piece: Piece, offset: int) -> tuple[str, tuple[Line, ...]]:
    text, lines = "", []
    for words, page in piece.lines:
        if lines:
            text += _gap(text, words) if piece.wrapped else "\n"
        start = offset + len(text)
        text += words
        lines.append(Line(page, start, offset + len(text), None))
    return text, tuple(lines)


def _gap(before: str, after: str) -> str:
    """What stood for the line break: a space between Latin words, nothing in Chinese."""
    latin = before[-1:].isascii() and after[:1].isascii()
    return " " if latin and before[-1:].isalnum() and after[:1].isalnum() else ""


def _pages(blocks: list[Block]) -> tuple[Page, ...]:
    last = max((line.page for block in blocks for line in block.lines), default=0)
    return tuple(Page(number, None, None) for number in range(1, last + 1))
