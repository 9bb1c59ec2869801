"""Where words of one version now stand in another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.facts import Quote
from pipeline.place import block_at, quote
from pipeline.records import Block, Document

BARE = 20  # characters below which a quote is no more than a figure
_STOP = re.compile("[。！？；\\n]")
ALIKE = 0.45  # share of pairs of characters that two wordings of one passage have in common


def now_standing(quotes: Sequence[Quote], document: Document) -> Iterator[Quote]:
    """Of each quote the block of ``document`` that says most nearly the same; none is left out.

    Where nothing is alike the words are gone, and nothing is given.
    """
    blocks = [(block, _pairs(_words(block, document))) for block in document.blocks]
    seen: set[int] = set()
    for one in quotes:
        wanted = _pairs(one.quote)
        best = max(blocks, key=lambda pair: _held(wanted, pair[1]), default=None)
        if not best or _held(wanted, best[1]) < ALIKE or best[0].start in seen:
            continue
        seen.add(best[0].start)
        yield quote(document, *_line(best[0], document, wanted))


def widened(one: Quote, document: Document) -> Quote:
    """The row or sentence around bare figures, so that a reader sees what they are of."""
    if one.source != "report" or len(one.quote) >= BARE:
        return one
    block = block_at(document, one.start)
    start, end = _row(block, one) if block.kind == "table" else _sentence(block, document, one)
    return quote(document, start, end)


def _row(block: Block, one: Quote) -> tuple[int, int]:
    return next(
        ((line.start, line.end) for line in block.lines if line.start <= one.start <= line.end),
        (one.start, one.end),
    )


def _sentence(block: Block, document: Document, one: Quote) -> tuple[int, int]:
    stops = [block.start, *(m.end() for m in _STOP.finditer(document.text, block.start, block.end))]
    start = max(stop for stop in stops if stop <= one.start)
    return start, min((stop for stop in stops if stop >= one.end), default=block.end)


def _words(block: Block, document: Document) -> str:
    return "" if block.kind == "running" else document.text[block.start : block.end]


def _line(block: Block, document: Document, wanted: set[str]) -> tuple[int, int]:
    """The row of a table, or the whole of any other block."""
    if block.kind != "table" or not block.lines:
        return block.start, block.end
    best = max(
        block.lines, key=lambda line: _held(wanted, _pairs(document.text[line.start : line.end]))
    )
    return best.start, best.end


def _pairs(text: str) -> set[str]:
    plain = "".join(text.split())
    return {plain[n : n + 2] for n in range(len(plain) - 1)} or {plain}


def _held(wanted: set[str], given: set[str]) -> float:
    return len(wanted & given) / len(wanted) if wanted else 0.0
