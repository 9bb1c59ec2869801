"""Read the lines of a content index: code, title, and where the line says to look."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.audit.cells import kind, trailing_pages
from pipeline.audit.codes import Code, codes

_BETWEEN = re.compile(r"[\s,，、/;；和及()（）%.~至到*-]{0,6}")  # of codes listed together
_LONGEST_NAME = 24  # characters of words that may name a chapter nobody can find
_TITLE_JUNK = " \t\n:：.。、-)）(（/"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or a printed line or paragraph; ``text`` is plain."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Entry:
    """What one line of the index says of one or more codes; offsets into the document."""

    codes: list[Code]
    start: int
    end: int
    title: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # chapters
    pages: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # words after the pages
    marks: int = 0  # cells that say no more than that it is disclosed
    by_chapter: bool = False  # the chapter stands before the codes, not after
    values: int = 0  # cells that hold a figure: a table of data, not an index

    @property
    def points(self) -> bool:
        """Whether it says where to look, or that there is nothing to look for."""
        return bool(self.pages or self.names or self.denied or self.outside)


Named = Callable[[str], bool]  # whether words are the name of a chapter


def entries(rows: Sequence[Row], weak: frozenset[str], named: Named) -> list[Entry]:
    """The entries of an index's rows.

    Args:
        rows: From the first row with a code to the last, and what follows it.
        weak: Kinds of bare numbers that are codes here, see `codes.codes`.
        named: Tells names of chapters from titles.
    """
    found: list[Entry] = []
    since = 0  # rows since the last code
    for row in rows:
        fresh = list(_row_entries(row, weak, named))
        since = 0 if fresh else since + 1
        if not fresh and found:
            _go_on(found[-1], row, named, since)
        found += fresh
    return found


def points(row: Row) -> bool:
    """Whether a row ends in pages or a denial."""
    return kind(row.text.split("\t")[-1]) in ("pages", "denied")


def _row_entries(row: Row, weak: frozenset[str], named: Named) -> Iterator[Entry]:
    groups = list(_groups(row.text, codes(row.text, weak)))
    head = row.text[: groups[0][0].start] if groups else ""
    for group, after in itertools.zip_longest(groups, groups[1:]):
        stop = after[0].start if after else len(row.text)
        begin = max(code.end for code in group)
        entry = Entry(group, row.start + group[0].start, row.start + stop)
        _take(entry, row.text[begin:stop], named)
        if not (entry.points or after or entry.title):
            _take_head(entry, head)
        entry.end = row.start + begin + len(row.text[begin:stop].rstrip())
        if entry.names and not entry.pages:
            entry.start = min(entry.start, row.start + _lead(row.text))
        yield entry


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


def _groups(text: str, found: Sequence[Code]) -> Iterator[list[Code]]:
    """Codes that share what follows: a list in one cell, or cells of different standards."""
    group: list[Code] = []
    for code in found:
        if group and not _together(group[-1], code, text):
            yield group
            group = []
        group.append(code)
    if group:
        yield group


def _together(a: Code, b: Code, text: str) -> bool:
    between = text[a.end : b.start]
    if not _BETWEEN.fullmatch(between):
        return False
    families = {"letter": "hkex", "gri": "gri_g4", "gri_g3": "gri_g4"}
    apart = families.get(a.standard, a.standard) != families.get(b.standard, b.standard)
    return "\t" not in between or (apart and not between.strip())


def _take(entry: Entry, tail: str, named: Named) -> None:
    """Sort the cells after a code into title, chapters, pages and denials."""
    words: list[str] = []
    for cell in _cells(tail):
        cut = trailing_pages(cell) if kind(cell) == "words" else len(cell)
        for part in (cell[:cut], cell[cut:]):
            part = part.strip(_TITLE_JUNK) if cut < len(cell) else part.strip()
            _put(entry, words, part, named)
    if entry.pages and entry.denied:
        entry.denied.clear()  # a hollow mark beside pages denies nothing
    attached = bool(tail) and not tail.startswith("\t") and bool(words)
    _name(entry, words, named, attached)
    entry.names += [words for words in entry.remarks if named(words)]


def _cells(tail: str) -> list[str]:
    """Cells of what follows a code; words with spaces between are cells of a plain line."""
    return tail.split("\t") if "\t" in tail else re.split(r"\s+", tail)


def _put(entry: Entry, words: list[str], part: str, named: Named) -> None:
    what = kind(part)
    if what == "words":
        told = entry.pages or entry.denied  # what stands after them is a remark
        (entry.remarks if told else words).append(part.strip(_TITLE_JUNK))
    elif what == "section" and named(part):
        entry.names.append(part)
    elif what in ("value", "section", "mark"):
        entry.marks += what == "mark"
        entry.values += what != "mark"
    elif what == "pages":
        entry.pages.append(part.strip(" .…·"))
    elif what == "denied":
        entry.denied.append(part)
    elif what == "outside":
        entry.outside.append(part)


def _name(entry: Entry, words: list[str], named: Named, attached: bool) -> None:
    """Tell the title from chapters: the title comes first, chapters are known by name."""
    words = [w for w in words if w]
    if not words:
        return
    first_is_title = attached or len(words) > 1 or bool(entry.pages) or not named(words[0])
    if first_is_title and not entry.title:
        entry.title.append(words.pop(0))
    for one in words:
        is_name = named(one) or (not entry.points and len(one) <= _LONGEST_NAME)
        (entry.names if is_name else entry.title).append(one)


def _take_head(entry: Entry, head: str) -> None:
    """An index by chapter: what stands before the codes says where to look."""
    entry.by_chapter = True
    for cell in filter(None, (c.strip() for c in head.split("\t"))):
        cut = trailing_pages(cell) if kind(cell) == "words" else len(cell)
        for part in (cell[:cut], cell[cut:]):
            what = kind(part)
            if what in ("pages", "words"):
                (entry.pages if what == "pages" else entry.names).append(part.strip(_TITLE_JUNK))


def _go_on(entry: Entry, row: Row, named: Named, since: int) -> None:
    """A row without codes: the rest of the entry above, where that lacks something."""
    if entry.by_chapter:
        return
    more = Entry([], row.start, row.end)
    _take(more, "\t" + row.text.lstrip("\t"), named)
    if entry.points:
        alone = len(row.text.split()) == 1
        fits = (more.pages and entry.pages) or (more.names and entry.names)
        if not (alone and fits and since == 1):
            return
    elif since > 2:
        return
    for mine, theirs in (
        (entry.title, more.title if not entry.title or more.points else []),
        (entry.names, more.names),
        (entry.pages, more.pages),
        (entry.denied, more.denied),
        (entry.outside, more.outside),
    ):
        mine += theirs
    if more.points:
        entry.end = row.end
