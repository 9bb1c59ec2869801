"""Paragraphs: which printed lines go on with one another, across columns and pages too."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.extract.lines import Run
from pipeline.extract.numbering import heading_level, is_contents_line
from pipeline.extract.spelling import joint
from pipeline.extract.tables import Table

_SENTENCE_END = "。！？；!?;：:…"
_OPEN_END = "，、（《“「,/"
_START = re.compile(
    r"[●•■◆▪▲►▶➢➤❖★☆※○◇□·√✓➊-➓\uf000-\uf0ff][\s]*"
    r"|[-–—]\s+[^\s\-–—]|[zlnuØü§]\s\S"
    r"|[(（]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-zA-Z])\s*[)）]"
    r"|[一二三四五六七八九十]{1,3}[、.．]|[①-⑳]"
    r"|第\s*[一二三四五六七八九十\d]{1,3}\s*[章节部]"
    r"|[\da-zA-Z][\d]?[)）]|\d{1,2}、|\d{1,2}[.．](?!\d)|【"
)
_FIGURE = re.compile(r"[-−–+(（]?[\d.,]+[)）%％]*")
_SIZE = 0.12  # share by which the font size of one paragraph may vary
_SHORT = 1.6  # em a line may end before the margin and still be full
_INDENT = 1.2  # em
_HANGING = 4.0  # em; the lines of a list item stand to the right of its mark
_PARTED = 1.4  # times the usual distance of lines
_FAR = 2.6  # em between baselines that no paragraph has
_BLOCK = 3  # lines from which a stretch of text has a right margin of its own
_NARROWEST = 12.0  # em of such a stretch


@dataclass(slots=True)
class Paragraph:
    """Lines of one block in reading order, with the joints before each of them."""

    lines: list[Run]
    table: bool = False  # lines are rows: joined by newlines
    note: bool = False  # at the foot of the page

    @property
    def text(self) -> str:
        """The words as they will stand in the document."""
        return "".join(self.pieces())

    def pieces(self) -> list[str]:
        """Alternating joints and lines: "", line, joint, line, ..."""
        parts = ["", self.lines[0].text]
        for before, line in pairwise(self.lines):
            parts += ["\n" if self.table else joint(before.text, line.text), line.text]
        return parts


@dataclass(slots=True)
class _Margins:
    """Left and right edge of the stretch of text that a line belongs to."""

    left: float
    right: float
    step: float  # usual distance of baselines, points
    lines: int
    after: dict[int, Run]  # the line below each line, by ``id``


def paragraphs(flow: list[Run | Table]) -> list[Paragraph | Table]:
    """Put the lines of a document together.

    Args:
        flow: Lines and tables of all pages in reading order, page furniture left out.

    Returns:
        Paragraphs and tables; a paragraph may go on behind a table that stands inside it.
    """
    margins = _margins([item for item in flow if isinstance(item, Run)])
    out: list[Paragraph | Table] = []
    last: Paragraph | None = None
    for item in flow:
        if isinstance(item, Table):
            out.append(item)
            continue
        if last is not None and _joins(last, item, margins, out[-1] is last):
            last.table = last.table or item.tabbed
            last.lines.append(item)
        else:
            last = Paragraph([item], table=item.tabbed)
            out.append(last)
    return out


def _joins(para: Paragraph, line: Run, margins: dict[int, _Margins], adjacent: bool) -> bool:
    before = para.lines[-1]
    same_column = (before.page, before.column) == (line.page, line.column)
    if before.tabbed or line.tabbed:
        return _joins_row(before, line, same_column and adjacent)
    if para.table or not _alike(before, line) or is_contents_line(before.text):
        return False
    if len(para.lines) == 1 and _FIGURE.fullmatch(before.text):
        return False  # of a chart: no paragraph begins so
    if _START.match(line.text) and before.text[-1] not in _OPEN_END:
        return False
    if heading_level(para.lines[0].text) is not None and len(para.lines) == 1:
        return same_column and before.bold == line.bold and _joins_below(para, line, margins)
    if same_column and line.base > before.base:
        return _joins_below(para, line, margins) if adjacent else False
    return _joins_over(para, line, margins)


def _joins_row(before: Run, line: Run, near: bool) -> bool:
    """Rows of a table without rules."""
    return near and before.tabbed and line.tabbed and line.base - before.base < 4 * line.size


def _alike(before: Run, line: Run) -> bool:
    return abs(before.size - line.size) <= _SIZE * line.size and before.upright == line.upright


def _full(before: Run, line: Run, margin: _Margins) -> bool:
    """Whether only the margin ended the line: the next word would not have fitted."""
    word = re.match(r"[A-Za-z0-9.,%/:-]{2,24}", line.text)
    room = _SHORT * before.size
    if word:
        room = max(room, (0.6 * len(word.group()) + 1) * before.size)
    return before.x1 >= margin.right - room


def _joins_below(para: Paragraph, line: Run, margins: dict[int, _Margins]) -> bool:
    before, em = para.lines[-1], line.size
    margin = margins[id(before)]
    step = line.base - before.base
    ended = before.text[-1] in _SENTENCE_END
    if step > _FAR * em or (ended and step > _PARTED * margin.step):
        return False
    if not _full(before, line, margin):
        return False
    if len(para.lines) > 1:
        return line.x0 - before.x0 <= _INDENT * em
    after = margins[id(line)].after.get(id(line))
    if _START.match(before.text):
        item = after is None or after.x0 >= line.x0 - 0.5 * em or bool(_START.match(after.text))
        return item and line.x0 - before.x0 < _HANGING * em
    return not _opens(before, line, margin, after)


def _opens(before: Run, line: Run, margin: _Margins, after: Run | None) -> bool:
    """Whether the second line of a would-be paragraph is the indented first line of the next."""
    em = line.size
    if line.x0 - margin.left <= _INDENT * em:
        return False
    if line.x0 - margin.left > _HANGING * em and margin.lines >= _BLOCK:
        return True  # set to the right or centred: signatures, dates
    back = after is not None and after.x0 < line.x0 - 0.5 * em
    return back or (line.x0 - before.x0 > _INDENT * em and after is None)


def _joins_over(para: Paragraph, line: Run, margins: dict[int, _Margins]) -> bool:
    """Whether a sentence goes on at the top of the next column or page."""
    before = para.lines[-1]
    if before.text[-1] in _SENTENCE_END or not _full(before, line, margins[id(before)]):
        return False
    if line.page > before.page + 1 or heading_level(line.text) is not None:
        return False
    if len(before.text) < 6 or before.bold != line.bold:
        return False
    return line.x0 - margins[id(line)].left <= _INDENT * line.size


def _margins(lines: list[Run]) -> dict[int, _Margins]:
    """Margins by ``id`` of the line."""
    columns: dict[tuple[int, int], list[Run]] = defaultdict(list)
    for line in lines:
        columns[line.page, line.column].append(line)
    found: dict[int, _Margins] = {}
    for column in columns.values():
        whole = _edges(column)
        for stretch in _stretches(column):
            own = _edges(stretch) if len(stretch) >= _BLOCK else whole
            kept = own.right - own.left >= _NARROWEST * stretch[0].size
            found |= {id(line): own if kept else whole for line in stretch}
    return found


def _stretches(column: list[Run]) -> list[list[Run]]:
    """Lines of a column that follow one another closely and look alike."""
    stretches: list[list[Run]] = []
    for line in column:
        if stretches and _follows(stretches[-1][-1], line):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _follows(before: Run, line: Run) -> bool:
    return _alike(before, line) and 0 < line.base - before.base <= _FAR * line.size


def _edges(lines: list[Run]) -> _Margins:
    pairs = [(a, b) for a, b in pairwise(lines) if _follows(a, b)]
    steps = [b.base - a.base for a, b in pairs]
    return _Margins(
        min([line.x0 for line in lines]),
        _right_edge(lines),
        median(steps) if steps else 2 * lines[0].size,
        len(lines),
        {id(a): b for a, b in pairs},
    )


def _right_edge(lines: list[Run]) -> float:
    """Where lines end that the margin ended: a single line that ends beyond is an accident."""
    ends = sorted((line.x1 for line in lines), reverse=True)
    if len(ends) >= _BLOCK and ends[0] - ends[1] > _SHORT * lines[0].size > ends[1] - ends[2]:
        return ends[1]
    return ends[0]
