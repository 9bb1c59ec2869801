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
from pipeline.extract.spelling import length

_LARGER = 1.14  # times the size of the body
_LONGEST = 40  # characters of a heading without a number; a Latin word counts as two
_MOST_LINES = 3
_SENTENCE = "。；！？，、;!?,:："
_LATIN_END = re.compile(r"(?<!Ltd)(?<!Inc)(?<!Corp)(?<![Cc]o)(?<=[a-z)])[.]$")  # of a sentence
_LONGEST_BOLD = 25  # the same where only boldness marks it
_NUMBER_LENGTH = 12  # characters that show the number and the beginning of a title
_FIRST_FIGURE = re.compile(r"\s*[(（]?\s*(\d{1,2})\s*[、.．)）](?!\d)")
_RUN_IN = re.compile(r"[：:]\s*\S|[；;]")
_WORDS = re.compile(r"[㐀-鿿A-Za-z]")
_FIGURE = re.compile(r"\d[\d,.，]*\s*(?:%|％|万|亿|元|人次|吨|家|项|小时|个|名|户|次|倍|kWh|平方)")
_UNNUMBERED = 4.5  # place among the numbered ranks of a title whose size no number has
_INNERMOST = 10  # place of a title that only boldness marks
_COMMA_AFTER = re.compile(r"([章节篇部分)）])\s*[、，,：:]\s*")  # 第一章、 and （一）、
_DATE = re.compile(r"[\d二〇○零一三四五六七八九十年月日\s.-]+")
_OWN_OUTLINE = -100  # the file's outline stands above what is read off the page


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that may be a heading."""

    text: str
    lines: tuple[Run, ...]

    @property
    def page(self) -> int:
        """Where it begins."""
        return self.lines[0].page


Key = tuple[float, float]
_ALONE: Key = (0.0, 0.0)  # of a section that neither holds others nor has peers
_ALSO_INSIDE = ("展望", "未来展望", "公司简介", "企业简介")  # names of sections of a chapter too


def body_size(lines: list[Run]) -> float:
    """Font size in points in which most of the characters are printed; 0 without lines."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


@dataclass(frozen=True, slots=True)
class _Style:
    """How the running text of a file looks, against which headings stand out."""

    size: float
    bold: bool

    def larger(self, line: Run) -> bool:
        return line.size >= _LARGER * self.size

    def bolder(self, line: Run) -> bool:
        return line.bold and not self.bold and line.size >= 0.98 * self.size


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
    style = _Style(body, _mostly_bold(blocks))
    numbers = _counted_on(blocks, [_number(block, style) for block in blocks])
    numbers = [
        None if kept is None else number
        for number, kept in zip(numbers, demote_lists(numbers), strict=True)
    ]
    sizes = _rank_sizes(blocks, numbers)
    keys = [
        None if block is None else _key(block, number, sizes, style, outline)
        for block, number in zip(blocks, numbers, strict=True)
    ]
    alone = _titles(blocks, keys, numbers) | {_ALONE}
    places = {key: i + 1 for i, key in enumerate(sorted({k for k in keys if k is not None}))}
    return [None if key is None else STANDALONE if key in alone else places[key] for key in keys]


def _titles(
    blocks: list[Candidate | None], keys: list[Key | None], numbers: list[int | None]
) -> set[Key]:
    """Keys of the report's title: it is set on the first page as nothing is on later ones."""
    found = list(zip(blocks, keys, numbers, strict=True))
    later = {key for block, key, number in found if block and (block.page > 1 or number)}
    return {key for _, key, _ in found if key is not None} - later


def _mostly_bold(blocks: list[Candidate | None]) -> bool:
    """Whether boldness says nothing in this file."""
    lengths = [(line.bold, len(line.text)) for block in blocks if block for line in block.lines]
    bold = sum(length for is_bold, length in lengths if is_bold)
    return bold > 0.3 * sum(length for _, length in lengths)


def _number(block: Candidate | None, style: _Style) -> int | None:
    """Rank by number; one of a list's deep ranks needs weight or size to speak for it."""
    if block is None or len(block.lines) >= _MOST_LINES or _is_named(block):
        return None
    first = block.lines[0]
    rank = heading_level(block.text)
    if style.larger(first) or style.bolder(first):
        return rank or _marked_number(block.text)
    if rank is None or rank < LIST_RANK:
        return rank
    return rank if first.size >= 1.05 * style.size or len(block.text) <= 20 else None


def _counted_on(blocks: list[Candidate | None], numbers: list[int | None]) -> list[int | None]:
    """Add the long headings whose number follows that of the heading before in the same rank."""
    out = list(numbers)
    last: dict[int, int] = {}
    for i, (block, rank) in enumerate(zip(blocks, numbers, strict=True)):
        if block is None:
            continue
        figure = _FIRST_FIGURE.match(block.text)
        value = int(figure.group(1)) if figure else 0
        if rank is None and value > 1 and len(block.lines) < _MOST_LINES:
            follows = _marked_number(block.text)
            if follows is not None and last.get(follows) == value - 1:
                rank = out[i] = follows
        if rank is not None:
            last = {deep: n for deep, n in last.items() if deep < rank} | {rank: value}
    return out


def _marked_number(text: str) -> int | None:
    """Rank of a line set as a heading, even where it is long or ends in a colon."""
    line = _COMMA_AFTER.sub(r"\1 ", text.strip(), count=1).rstrip("：:")
    if length(line) > _LONGEST or line[-1:] in _SENTENCE or "。" in line:
        return None
    return heading_level(re.sub(r"[，、：:；;,.．]*$", "", line[:_NUMBER_LENGTH]))


def _rank_sizes(blocks: list[Candidate | None], numbers: list[int | None]) -> dict[int, float]:
    """Font size of each numbered rank, never smaller than that of a deeper one."""
    found: dict[int, list[float]] = defaultdict(list)
    for block, number in zip(blocks, numbers, strict=True):
        if block is not None and number is not None:
            found[number].append(block.lines[0].size)
    sizes: dict[int, float] = {}
    largest = 0
    for rank in sorted(found, reverse=True):
        largest = max(largest, round(median(found[rank])))
        sizes[rank] = largest
    return sizes


def _key(
    block: Candidate,
    number: int | None,
    sizes: dict[int, float],
    style: _Style,
    outline: dict[tuple[int, str], int],
) -> Key | None:
    """What headings are ordered by: the outline's level, else size and then rank."""
    level = outline.get((block.page, "".join(block.text.split())))
    if level is not None:
        return (_OWN_OUTLINE, level)
    if number is not None:
        return (-sizes[number], number)
    size = round(block.lines[0].size)
    larger = style.larger(block.lines[0])
    peers = [rank for rank, usual in sizes.items() if usual == size] if larger else []
    if _is_named(block) and not peers and block.text.strip().rstrip("：:") not in _ALSO_INSIDE:
        return _ALONE
    if not _is_title(block, style):
        return None
    return (-size, min(peers, default=_UNNUMBERED) if larger else _INNERMOST)


def _is_named(block: Candidate) -> bool:
    """Whether it is 前言, 目录, 附录 or another of the sections that need no number."""
    return outline_rank(block.text.strip().rstrip("：:")) == STANDALONE


def _is_title(block: Candidate, style: _Style) -> bool:
    """A short block in larger or bold type that is neither a sentence nor a figure."""
    text, first = block.text.strip(), block.lines[0]
    if len(block.lines) > _MOST_LINES or not (style.larger(first) or style.bolder(first)):
        return False
    if not 2 <= length(text) <= _LONGEST:
        return False
    if text[-1] in _SENTENCE or _LATIN_END.search(text):
        return False
    if first.tabbed or "。" in text or is_contents_line(text) or not _names_something(text):
        return False
    return style.larger(first) or (length(text) <= _LONGEST_BOLD and not _RUN_IN.search(text))


def _names_something(text: str) -> bool:
    """Words rather than figures and dates."""
    if _FIGURE.search(text) or _DATE.fullmatch(text):
        return False
    return len(_WORDS.findall(text)) >= max(2, 0.5 * len(text.replace(" ", "")))
