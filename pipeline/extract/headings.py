"""Headings of a laid-out page: by number, by size and weight, by the file's own outline."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from pipeline.extract.lines import Run
from pipeline.extract.numbering import (
    LIST_RANK,
    STANDALONE,
    demote_lists,
    heading_level,
    is_contents_line,
    outline_rank,
)

_LARGER = 1.14  # times the size of the body
_LONGEST = 40  # characters of a heading without a number
_MOST_LINES = 3
_SENTENCE = "。；！？，、;!?,:："
_WORDS = re.compile(r"[㐀-鿿A-Za-z]")
_FIGURE = re.compile(r"\d[\d,.，]*\s*(?:%|％|万|亿|元|人次|吨|家|项|小时|个|名|户|次|倍|kWh|平方)")
_UNNUMBERED = 4.5  # place of a title without a number among the numbered ranks
_OWN_OUTLINE = -100  # the file's outline stands above what is read off the page


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that may be a heading."""

    text: str
    lines: tuple[Run, ...]


def body_size(lines: list[Run]) -> float:
    """Font size in points in which most of the characters are printed; 0 without lines."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def heading_ranks(
    blocks: list[Candidate | None], body: float, outline: dict[tuple[int, str], int]
) -> list[int | None]:
    """Which blocks are headings, and how far out.

    Args:
        blocks: Every block in order; None for tables and other blocks that are none.
        body: Font size of the running text, points.
        outline: Levels of the file's own outline by (page, title without white space).

    Returns:
        For each block None, or a rank for ``numbering.Outline``: smaller is further out.
    """
    bold_body = _mostly_bold(blocks)
    numbers = [_number(block, body, bold_body) for block in blocks]
    numbers = [
        None if kept is None else number
        for number, kept in zip(numbers, demote_lists(numbers), strict=True)
    ]
    keys: list[tuple[float, float] | None] = []
    sizes = _rank_sizes(blocks, numbers)
    for block, number in zip(blocks, numbers, strict=True):
        keys.append(_key(block, number, sizes, body, bold_body, outline))
    places = {key: i + 1 for i, key in enumerate(sorted({k for k in keys if k is not None}))}
    return [
        None if key is None else STANDALONE if _stands_alone(block) else places[key]
        for key, block in zip(keys, blocks, strict=True)
    ]


def _stands_alone(block: Candidate | None) -> bool:
    return block is not None and outline_rank(block.text) == STANDALONE


def _mostly_bold(blocks: list[Candidate | None]) -> bool:
    """Whether boldness says nothing in this file."""
    lengths = [(line.bold, len(line.text)) for block in blocks if block for line in block.lines]
    bold = sum(length for is_bold, length in lengths if is_bold)
    return bold > 0.3 * sum(length for _, length in lengths)


def _number(block: Candidate | None, body: float, bold_body: bool) -> int | None:
    """Rank by number; one of a list's deep ranks needs weight or size to speak for it."""
    if block is None or len(block.lines) > _MOST_LINES - 1:
        return None
    rank = heading_level(block.text)
    if rank is None or rank < LIST_RANK:
        return rank
    first = block.lines[0]
    stands_out = (first.bold and not bold_body) or first.size >= 1.05 * body
    return rank if stands_out or len(block.text) <= 20 else None


def _rank_sizes(blocks: list[Candidate | None], numbers: list[int | None]) -> dict[int, float]:
    """Font size of each numbered rank, never smaller than that of a deeper one."""
    found: dict[int, list[float]] = defaultdict(list)
    for block, number in zip(blocks, numbers, strict=True):
        if block is not None and number is not None:
            found[number].append(block.lines[0].size)
    sizes: dict[int, float] = {}
    largest = 0.0
    for rank in sorted(found, reverse=True):
        largest = max(largest, median(found[rank]))
        sizes[rank] = largest
    return sizes


def _key(
    block: Candidate | None,
    number: int | None,
    sizes: dict[int, float],
    body: float,
    bold_body: bool,
    outline: dict[tuple[int, str], int],
) -> tuple[float, float] | None:
    """What headings are ordered by: the outline's level, else size and then rank."""
    if block is None:
        return None
    title = "".join(block.text.split())
    level = outline.get((block.lines[0].page, title))
    if level is not None:
        return (_OWN_OUTLINE, level)
    if number is not None:
        return (-_step(sizes[number]), number)
    if _is_title(block, body, bold_body):
        return (-_step(block.lines[0].size), _UNNUMBERED)
    return None


def _step(size: float) -> float:
    return round(size)


def _is_title(block: Candidate, body: float, bold_body: bool) -> bool:
    """A short block in larger or bold type that is neither a sentence nor a figure."""
    text, first = block.text.strip(), block.lines[0]
    if len(block.lines) > _MOST_LINES or not 2 <= len(text) <= _LONGEST or text[-1] in _SENTENCE:
        return False
    if first.tabbed or "。" in text or is_contents_line(text) or _FIGURE.search(text):
        return False
    if len(_WORDS.findall(text)) < max(2, 0.5 * len(text.replace(" ", ""))):
        return False
    if first.size >= _LARGER * body:
        return True
    return first.bold and not bold_body and first.size >= 0.98 * body and len(text) <= 25
