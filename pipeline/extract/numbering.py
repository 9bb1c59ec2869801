"""Headings by their numbers: 第一章, 一、, （一）, 1、, 1.1, （1）; contents lines; outline.

The ranks follow the order in which Chinese documents nest their numbers. Only the order
counts: a report that starts with 一、 has rank 4 as its outermost level, and ``Outline``
turns ranks into levels and heading paths.
"""

from __future__ import annotations

import re
from itertools import pairwise

_CHINESE = "[一二三四五六七八九十百〇零]{1,4}"
# A decimal that counts something ("1.5万元", "3.2 %") is a figure, not the number of a section.
_COUNTED = (
    r"(?![\d.．\-—~～/*×+=)）,，、]|[万亿千百元吨个倍年月日％%℃‰折度升克米台辆户座套件份只公]"
    r"(?!司|告|益|平|开|布)|人次|小时|分钟|平方|立方|标准煤)"
)
_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (rank, re.compile(pattern))
    for rank, pattern in (
        (1, rf"第\s*(?:{_CHINESE}|\d{{1,2}})\s*(?:篇|编|部分|部份)(?!的|第|[、，,])\s*"),
        (2, rf"第\s*(?:{_CHINESE}|\d{{1,2}})\s*章(?!的|第|[、，,])\s*"),
        (3, rf"第\s*(?:{_CHINESE}|\d{{1,2}})\s*节(?!的|能|第|[、，,])\s*"),
        (1, r"(?:附录|附件|附表)\s*(?:[一二三四五六七八九十]|\d{1,2}|[A-Za-z])?\s*[:：、.．]\s*"),
        (4, rf"{_CHINESE}\s*[、.．](?![、，])\s*"),
        (5, rf"[(（]\s*{_CHINESE}\s*[)）]\s*[、.．]?\s*"),
        (8, rf"\d{{1,2}}(?:[.．][1-9]\d?){{2,3}}[、.．]?\s*+{_COUNTED}"),
        (7, rf"[1-9]\d?[.．][1-9]\d?[、.．]?\s*+{_COUNTED}"),
        (6, r"[1-9]\d?\s*[、.．](?!\d)\s*"),
        (9, r"[(（]\s*\d{1,2}\s*[)）]\s*[、.．]?\s*|\d{1,2}\s*[)）]\s*|[①-⑳]\s*"),
    )
)
_OPENS = re.compile(r"[第附(（\d①-⑳一二三四五六七八九十百〇零]")  # what all of them begin with
_NAMED = re.compile(
    r"(?:前\s*言|序\s*言|引\s*言|目\s*录|结\s*[语束]\s*语?|附\s*录|展\s*望|未来展望|关于我们|公司简介|"
    r"企业简介|关于本报告|报告说明|编制说明|报告编制说明|"
    r"\S{0,8}致\s*[辞词]|意见反馈表?|读者反馈表?|读者意见反馈表?|大事记|责任荣誉)"
)
_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]|contents", re.IGNORECASE)
_LEADERS = re.compile(r"(?:[.．。·•…⋯‥_―—-][\s]*){3,}[PpＰ]?\d{0,3}\s*$|[.．…·]{2}\s*\d{1,3}\s*$")
_ENDS = frozenset(".．。·•…⋯‥_―—-PpＰ")  # what lines with leaders end in besides a figure
_PAGE_AT_END = re.compile(r"(?:^|[^\d\s.,，:：/%％])[\s ]*\t?\s*\d{1,3}\s*$")
_SENTENCE_END = (*"。；！？;!?：:，,、", "以及", "；和", "；或")

LONGEST = 40  # characters of a heading after its number; longer ones are sentences
LONGEST_DEEP = 26  # of a 1、 / 1.1 / （1） heading, which enumerate sentences just as often
STANDALONE = 0  # rank of a named section in an outline: closes all, holds no numbered heading
LIST_RANK = 6  # from this rank on a number may also count the items of a list


def heading_level(text: str) -> int | None:
    """Rank of a line that is a numbered (or commonly named) heading.

    Args:
        text: One line of a document.

    Returns:
        1-9, a smaller rank being further out (第一篇 1, 第一章 2, 第一节 3, 一、 4, （一） 5,
        1、 6, 1.1 7, 1.1.1 8, （1） 9; 前言 and the like 1), or None for no heading:
        a sentence, a figure, a line of a table of contents.
    """
    line = text.strip()
    if not line or line.endswith(_SENTENCE_END) or "。" in line or is_contents_line(line):
        return None
    if _NAMED.fullmatch(line):
        return 1
    for rank, pattern in _PATTERNS if _OPENS.match(line) else ():
        if found := pattern.match(line):
            return rank if _can_be_title(line[found.end() :], rank) else None
    return None


def _can_be_title(title: str, rank: int) -> bool:
    if not title:  # "第一章" alone on its line; a bare "1、" is no heading
        return rank <= 3
    if "\t" in title or not re.search(r"[㐀-鿿A-Za-z]{2}", re.sub(r"\s", "", title)):
        return False
    return len(title) <= (LONGEST if rank < LIST_RANK else LONGEST_DEEP)


def outline_rank(text: str) -> int | None:
    """``heading_level`` for an ``Outline``: named sections (前言, 董事长致辞) are STANDALONE."""
    level = heading_level(text)
    return STANDALONE if level is not None and _NAMED.fullmatch(text.strip()) else level


def is_contents_title(text: str) -> bool:
    """Whether the line is the title of a table of contents (目录)."""
    return _CONTENTS_TITLE.fullmatch(text.strip()) is not None


def is_contents_line(text: str) -> bool:
    """Whether the line belongs to a table of contents: dot leaders, then perhaps a page."""
    line = text.strip()
    # Most lines end in words: asking that first spares the search.
    ends = line[-1:].isdecimal() or line[-1:] in _ENDS
    return ends and _LEADERS.search(line) is not None


def contents_key(text: str) -> str:
    """The words of a contents line without leaders, page number and spaces."""
    return "".join(re.sub(r"[.．。·•…⋯‥_―—\s-]*\d{0,3}\s*$", "", text.strip()).split())


def ends_in_page(text: str) -> bool:
    """Whether a short line ends in what could be a page number, as contents lines do."""
    line = text.strip()
    if is_contents_line(line):
        return True
    return len(line) <= LONGEST and line[-1:].isdecimal() and bool(_PAGE_AT_END.search(line))


def demote_lists(ranks: list[int | None]) -> list[int | None]:
    """Take back headings which only count the items of a list.

    Args:
        ranks: Heading rank of every block in order, None for other blocks.

    Returns:
        The same with deep headings (1、 and below) that directly follow one another at the
        same rank, without text between them, set to None.
    """
    alone = list(ranks)
    for i, (first, second) in enumerate(pairwise(ranks)):
        if first is not None and first >= LIST_RANK and first == second:
            alone[i] = alone[i + 1] = None
    return alone


_INNERMOST = 99


class Outline:
    """The headings above the current place of a document, while it is walked."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    @property
    def path(self) -> tuple[str, ...]:
        """Headings above, outermost first, each on one line."""
        return tuple(title for _, title in self._open)

    def enter(self, title: str, rank: int) -> int:
        """Open a heading and close those it ends; returns its level, 1 = outermost."""
        while self._open and self._open[-1][0] >= rank:
            self._open.pop()
        # A chapter without a number may follow a preface unseen; its 4.1 is not the preface's.
        held = _INNERMOST if rank == STANDALONE else rank
        self._open.append((held, " ".join(title.split())))
        return len(self._open)
