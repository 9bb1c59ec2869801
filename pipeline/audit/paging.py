"""Where printed pages are: learnt from the page numbers that the report prints itself.

A PDF's pages are counted from its cover, the printed ones from anywhere, and a page of a
PDF may show two printed ones side by side. Texts that record no pages still hold the
printed numbers, between which the pages lie, or at least a table of contents.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.audit.codes import plain
from pipeline.records import Document

Span = tuple[int, int]

_NUMBER = re.compile(r"[-~·|\s第Pp.]*0{0,2}(\d{1,3})[-~·|\s页.]*")
_AT_END = re.compile(r"0{0,2}(\d{1,3})[\s|/\\]+\D.{3,}|\D.{3,}?[\s|/\\]+0{0,2}(\d{1,3})")
_CONTENTS = re.compile(
    r"\s*(\S.{0,38}?\S)[\s.·…_-]*(?:\t|…|[.·…_\s-]{3,})\s*[Pp]?0{0,2}(\d{1,3})\s*"
)
_ZEROS = str.maketrans("〇○O", "000")
_WINDOW, _STEP = 60, 60  # candidates looked back at; pages whose numbers may be lost between
_NEAR = 6  # pages: a number farther from both neighbours is no page number
_WIDEST = 200  # characters of a line of contents, its dots included
_AGREED = 3  # chapters in their place that prove where the numbers stand
_FRONT = 6000  # characters among which a table of contents stands
_CLOSE = 12  # characters between numbers that stand side by side
_SPREAD = 2  # numbers that may: those of a spread
_LOST = 3  # steps between two numbers that still tell where a page is
_FEWEST = 4  # printed numbers in a row that prove a count
_WHOLE = 0.97  # share of the text at which the last printed number must stand
_GUESSES = range(-2, 9)  # how far printed and file pages may lie apart where nothing tells


@dataclass(frozen=True)
class Paging:
    """Printed pages of a report.

    Attributes:
        spans: Printed page number -> stretches of text.
        files: Printed page number -> page of the file, where the file knows pages.
        last: The last printed page; 0 where more may follow whose numbers are lost.
        proved: The report's own page numbers tell; otherwise it is a guess.
    """

    spans: dict[int, tuple[Span, ...]]
    files: dict[int, int]
    last: int
    proved: bool


def pagings(document: Document) -> list[Paging]:
    """Possible countings of the printed pages, likeliest first; none where nothing tells."""
    if document.pages and any(line.page for block in document.blocks for line in block.lines):
        return _of_file(document)
    chain, anchors = _chain(_numbers(document)), _chapters(document)
    if len(chain) >= _FEWEST:
        choices = [_between(document, chain, footer) for footer in (True, False)]
        agree = [_agreement(choice, anchors) for choice in choices]
        if max(agree) >= _AGREED and agree[0] != agree[1]:
            return [choices[agree.index(max(agree))]]
        return choices
    return [_between(document, anchors, False)] if len(anchors) >= _FEWEST else []


def _agreement(paging: Paging, anchors: Sequence[tuple[int, int]]) -> int:
    """How many chapters stand on the page that the table of contents gives them."""
    return sum(
        any(a <= offset < b for a, b in paging.spans.get(page, ())) for offset, page in anchors
    )


def contents(document: Document) -> list[tuple[str, int, int]]:
    """Lines of the table of contents: name, printed page, offset."""
    found = []
    front = max(_FRONT, len(document.text) // 7)
    for block in document.blocks:
        if block.start > front:
            break
        for start, words in _lines(plain(document.text[block.start : block.end]), block.start):
            if len(words) <= _WIDEST and (match := _CONTENTS.fullmatch(words)):
                found.append((match[1].strip(" .·…"), int(match[2]), start))
    return found if len(found) >= _FEWEST else []


def page_spans(document: Document) -> dict[int, Span]:
    """Stretch of text of each page of the file."""
    spans: dict[int, Span] = {}
    for block in document.blocks:
        for line in block.lines:
            start, end = spans.get(line.page, (line.start, line.end))
            spans[line.page] = (min(start, line.start), max(end, line.end))
    return spans


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    for words in text.split("\n"):
        yield start, words
        start += len(words) + 1


def _numbers(document: Document) -> list[tuple[int, int]]:
    """(offset, number) of what may be a printed page number, in reading order."""
    found = []
    for block in document.blocks:
        if block.kind in ("running", "text") and block.end - block.start < 60:
            words = plain(document.text[block.start : block.end]).translate(_ZEROS).strip()
            match = _NUMBER.fullmatch(words)
            if not match and block.kind == "running":
                match = _AT_END.fullmatch(words)
            if match and not _CONTENTS.fullmatch(words):
                found.append((block.start, int(match[1] or match[2])))
    return _without_columns(found)


def _without_columns(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The numbers without columns of them: those of a table of contents, or of a chart."""
    runs: list[list[tuple[int, int]]] = []
    for mark in found:
        if runs and mark[0] - runs[-1][-1][0] <= _CLOSE:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return [mark for run in runs if len(run) <= _SPREAD for mark in run]


def _of_file(document: Document) -> list[Paging]:
    spans = page_spans(document)
    page_of = {a: page for page, (a, _) in spans.items()}
    starts = sorted(page_of)
    votes: Counter[tuple[int, int]] = Counter()
    for offset, number in _numbers(document):
        page = page_of[starts[max(bisect_right(starts, offset) - 1, 0)]]
        # Two to a page: it is the left or the right one, which the other number will tell.
        votes.update([(1, number - page), (2, number - 2 * page), (2, number - 1 - 2 * page)])
    shift = max(votes, key=lambda s: (votes[s], -s[0], -(s[1] % 2), -abs(s[1])), default=(1, 0))
    if votes[shift] >= _FEWEST and votes[shift] * 5 >= len(spans):
        return [_shifted(spans, *shift, proved=True)]
    return [_shifted(spans, 1, guess, proved=False) for guess in (0, *_GUESSES)]


def _shifted(spans: dict[int, Span], per: int, shift: int, proved: bool) -> Paging:
    """Printed pages ``per * page + shift`` (and the one after, two to a page of the file)."""
    printed = {per * page + shift + side: page for page in spans for side in range(per) if page > 0}
    files = {number: page for number, page in printed.items() if number > 0}
    where: dict[int, tuple[Span, ...]] = {n: (spans[page],) for n, page in files.items()}
    last = max(files, default=0) if proved else max(spans) + max(_GUESSES)
    return Paging(where, files, last, proved)


def _chain(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of rising numbers: years, counts and table cells fall out of it."""
    best = [1.0] * len(found)
    before = [-1] * len(found)
    for here, (offset, number) in enumerate(found):
        for there in range(max(0, here - _WINDOW), here):
            step = number - found[there][1]
            if not 0 < step <= _STEP or offset <= found[there][0]:
                continue
            if (worth := best[there] + 4 / (3 + step)) > best[here]:
                best[here], before[here] = worth, there
    chain = []
    here = max(range(len(found)), key=best.__getitem__, default=-1)
    while here >= 0:
        chain.append(found[here])
        here = before[here]
    return _without_strays(chain[::-1])


def _without_strays(chain: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The chain without numbers that stand alone between far neighbours."""
    numbers = [number for _, number in chain]
    return [
        mark
        for place, mark in enumerate(chain)
        if any(abs(other - mark[1]) <= _NEAR for other in numbers[max(0, place - 1) : place])
        or any(abs(other - mark[1]) <= _NEAR for other in numbers[place + 1 : place + 2])
    ]


def _chapters(document: Document) -> list[tuple[int, int]]:
    """(offset, page) of headings that the table of contents gives a page."""
    listed = contents(document)
    pages = {_plain(name): page for name, page, _ in listed}
    last = max((offset for _, _, offset in listed), default=0)
    found: list[tuple[int, int]] = []
    for block in document.blocks:
        page = pages.get(_plain(document.text[block.start : block.end]))
        rises = not found or page is None or page >= found[-1][1]
        if page and rises and block.start > last and block.kind in ("heading", "text"):
            found.append((block.start, page))
    return found


def _plain(words: str) -> str:
    return re.sub(r"\s", "", plain(words))


def _between(document: Document, marks: Sequence[tuple[int, int]], footer: bool) -> Paging:
    """Pages between printed numbers that stand below (footer) or above their page."""
    sheets = _sheets(marks)
    spans: dict[int, tuple[Span, ...]] = {}
    for place, (offset, low, high) in enumerate(sheets):
        before = sheets[place - 1] if place else (0, low - 1, low - 1)
        after = sheets[place + 1] if place + 1 < len(sheets) else (len(document.text), high + 1, 0)
        start, end = (before[0], offset) if footer else (offset, after[0])
        gap = low - before[2] if footer else after[1] - high
        if gap <= _LOST:
            first, last = (before[2] + 1, high) if footer else (low, after[1] - 1)
            spans |= dict.fromkeys(range(first, last + 1), ((start, end),))
    whole = marks[-1][0] > _WHOLE * len(document.text)
    return Paging(spans, {}, sheets[-1][2] + 1 if whole else 0, True)


def _sheets(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(offset, first page, last page): two numbers side by side belong to one spread."""
    found: list[tuple[int, int, int]] = []
    for offset, number in marks:
        near = found and offset - found[-1][0] <= _CLOSE
        if near and number == found[-1][2] + 1:
            found[-1] = (found[-1][0], found[-1][1], number)
        else:
            found.append((offset, number, number))
    return found
