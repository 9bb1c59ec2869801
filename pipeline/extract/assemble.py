"""From paragraphs, tables and page furniture to a Document with the place of every character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.headings import Candidate, body_size, heading_ranks
from pipeline.extract.lines import Run
from pipeline.extract.numbering import Outline, ends_in_page, is_contents_line, is_contents_title
from pipeline.extract.paragraphs import Paragraph
from pipeline.extract.tables import Table
from pipeline.facts import Box
from pipeline.records import Block, BlockKind, Line

_CAPTION = re.compile(r"(?:图|表|图表|Figure|Table)\s*\d")
_LONGEST_CAPTION = 50
_FEWEST_CONTENTS = 3  # lines ending in page numbers that make a contents list


@dataclass(slots=True)
class Piece:
    """A block before it has its place: joints and lines in turn, where the lines are printed."""

    kind: BlockKind
    parts: list[str]  # joint, line, joint, line, ...
    places: list[tuple[int, Box]]
    runs: tuple[Run, ...] = ()

    @property
    def text(self) -> str:
        """The words of the block."""
        return "".join(self.parts)


def assemble(
    flow: list[Paragraph | Table | Run], outline: dict[tuple[int, str], int]
) -> tuple[str, tuple[Block, ...]]:
    """Lay blocks one after another, with their headings' levels and paths.

    Args:
        flow: Paragraphs and tables in reading order; a bare Run is page furniture.
        outline: Levels of the file's own outline by (page, title without white space).

    Returns:
        The document's text and its blocks.
    """
    pieces = _contents([_piece(item) for item in flow])
    ranks = _ranks(pieces, outline)
    parts: list[str] = []
    blocks: list[Block] = []
    above, offset = Outline(), 0
    for number, (piece, rank) in enumerate(zip(pieces, ranks, strict=True), start=1):
        text, lines = piece.text, _lines(piece, offset)
        kind, path, level = piece.kind, above.path, None
        if rank is not None:
            kind, level = "heading", above.enter(text, rank)
            path = above.path[:-1]
        blocks.append(Block(kind, number, offset, offset + len(text), path, lines, level=level))
        parts.append(text)
        offset += len(text) + 1
    return "\n".join(parts), tuple(blocks)


def _piece(item: Paragraph | Table | Run) -> Piece:
    if isinstance(item, Run):
        return Piece("running", ["", item.text], [(item.page, item.box)], (item,))
    if isinstance(item, Table):
        parts = [part for row in item.rows for part in ("\n", row.text)]
        places = [(row.page, row.box) for row in item.rows]
        runs = () if item.edges or item.shades else item.runs
        return Piece("table", ["", *parts[1:]], places, runs)
    places = [(line.page, line.box) for line in item.lines]
    return Piece(_kind(item), item.pieces(), places, tuple(item.lines))


def _kind(para: Paragraph) -> BlockKind:
    if para.note:
        return "footnote"
    if para.table:
        return "table" if len(para.lines) > 1 else "text"
    first = para.lines[0].text
    if len(para.lines) == 1 and len(first) <= _LONGEST_CAPTION and _CAPTION.match(first):
        return "caption"
    return "text"


def _lines(piece: Piece, offset: int) -> tuple[Line, ...]:
    lines = []
    for (page, box), gap, words in zip(
        piece.places, piece.parts[::2], piece.parts[1::2], strict=True
    ):
        start = offset + len(gap)
        offset = start + len(words)
        lines.append(Line(page, start, offset, box))
    return tuple(lines)


def _contents(pieces: list[Piece]) -> list[Piece]:
    """Set the lines of a table of contents apart: they are no headings and no statements."""
    open_ = False
    for piece in pieces:
        if not piece.runs:  # a ruled or shaded table
            open_ = False
        if piece.kind == "running" or not piece.runs:
            continue
        words = [part for part in piece.parts[1::2]]
        title = len(words) == 1 and is_contents_title(words[0])
        listed = sum(map(ends_in_page, words)) > 0.5 * len(words)
        open_ = title or (open_ and listed)
        if open_ or sum(map(is_contents_line, words)) > 0.5 * len(words):
            piece.kind = "running"
    return pieces


def _ranks(pieces: list[Piece], outline: dict[tuple[int, str], int]) -> list[int | None]:
    """Ranks of headings; page furniture neither is one nor comes between two."""
    places = [i for i, piece in enumerate(pieces) if piece.kind != "running"]
    body = body_size([run for i in places for run in pieces[i].runs])
    candidates = [
        Candidate(pieces[i].text, pieces[i].runs) if pieces[i].kind == "text" else None
        for i in places
    ]
    ranks: list[int | None] = [None] * len(pieces)
    for i, rank in zip(places, heading_ranks(candidates, body, outline), strict=True):
        ranks[i] = rank
    return ranks
