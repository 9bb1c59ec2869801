"""Read the lines of a content index: code, title, and where the line says to look."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.audit.cells import kind, trailing_pages
from pipeline.audit.codes import Code, codes

_BETWEEN = re.compile(r"[\s,，、/;；和及()（）%.~至到*-]{0,6}")  # of codes listed together
_WORDY = re.compile(r"[\u4e00-\u9fffA-Z]")
_SECTION = re.compile(r"[(（]?[A-Z]\d")  # a heading of the standard: (G1)责任战略
_GENERAL = "一般披露"  # of an aspect as a whole: says no more than its code
_SAME = 3  # lines with the same words: those are where to look, not what for
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
    guessed: bool = False  # its chapters are no names that the report knows
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
        fresh = _row_entries(row, weak, named)
        since = 0 if fresh else since + 1
        if found and not fresh:
            _go_on(found[-1], row, named, since)
        if found and fresh and _same_again(found[-1], fresh[0]):
            fresh[0].title = found.pop().title + fresh[0].title
        found += fresh
    _repeated_titles(found)
    return found


def _same_again(before: Entry, entry: Entry) -> bool:
    """Whether a heading of an aspect is followed by the line of the aspect itself."""
    return not before.points and [c.code for c in before.codes] == [entry.codes[0].code]


def _repeated_titles(found: Sequence[Entry]) -> None:
    """Words that stand where titles do, but for several codes alike, are names of chapters."""
    waiting = [e for e in found if not e.points and len(e.title) == 1 and e.title[0] != _GENERAL]
    times = Counter(entry.title[0] for entry in waiting)
    rare = [entry for entry in waiting if times[entry.title[0]] < _SAME]
    alone = sum(bool(e.names) and not e.title and not e.pages for e in found)
    for entry in waiting:
        if entry not in rare or len(rare) <= alone + len(waiting) - len(rare):
            entry.names, entry.title, entry.guessed = entry.title, [], True


def points(row: Row) -> bool:
    """Whether a row ends in pages or a denial."""
    return kind(row.text.split("\t")[-1]) in ("pages", "denied")


def _row_entries(row: Row, weak: frozenset[str], named: Named) -> list[Entry]:
    found: list[Entry] = []
    groups = list(_groups(row.text, codes(row.text, weak)))
    head = row.text[: groups[0][0].start] if groups else ""
    for group, after in itertools.zip_longest(groups, groups[1:]):
        stop = after[0].start if after else len(row.text)
        begin = max(code.end for code in group)
        entry = Entry(group, row.start + group[0].start, row.start + stop)
        _take(entry, row.text[begin:stop], named)
        entry.end = row.start + begin + len(row.text[begin:stop].rstrip())
        if group[0].standard == "exchange" and not entry.title:
            entry.title = [c.strip() for c in head.split("\t") if kind(c) == "words"][-1:]
        found.append(entry)
    _share_pages(found)
    if head.strip() and not any(e.points or set(e.title) - {_GENERAL} for e in found):
        for entry in found:
            _take_head(entry, head, row.start + _lead(row.text), named)
    return found


def _share_pages(found: Sequence[Entry]) -> None:
    """Pages that stand after the codes of two standards are for both."""
    for here, after in itertools.pairwise(found):
        other = here.codes[-1].standard[:3] != after.codes[0].standard[:3]
        if other and after.pages and not (here.pages or here.denied or after.title):
            here.pages += after.pages


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
    if entry.pages or (len(words) > 1 and not _WORDY.search("".join(entry.denied))):
        entry.denied.clear()  # a dash or hollow mark beside a place denies nothing
    attached = bool(tail) and not tail.startswith("\t") and bool(words)
    _name(entry, words, named, attached)
    entry.names += [words for words in entry.remarks if named(words) and not _SECTION.match(words)]


def _cells(tail: str) -> list[str]:
    """Cells of what follows a code; words with spaces between are cells of a plain line."""
    return tail.split("\t") if "\t" in tail else re.split(r"\s+", tail)


def _put(entry: Entry, words: list[str], part: str, named: Named) -> None:
    what = kind(part)
    if what == "words":
        told = entry.pages or entry.denied  # what stands after them is a remark
        placed = entry.marks and words  # after title and mark comes the place
        where = entry.remarks if told else entry.names if placed else words
        where.append(part.strip(_TITLE_JUNK))
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
    alone = len(words) == 1 and not attached and not entry.pages
    # What several codes share is no title: it says where to look.
    first_is_title = not (alone and (len(entry.codes) > 1 or named(words[0])))
    if first_is_title and not entry.title:
        entry.title.append(words.pop(0))
    names = [one for one in words if named(one)]
    if not names and not entry.points:
        names = [one for one in words[-1:] if len(one) <= _LONGEST_NAME]
        entry.guessed = bool(names)
    entry.names += names
    entry.title += [one for one in words if one not in names]


def _take_head(entry: Entry, head: str, start: int, named: Named) -> None:
    """An index by chapter: what stands before the codes says where to look."""
    entry.by_chapter, entry.start = True, start
    words: list[str] = []
    for cell in filter(None, (c.strip() for c in head.split("\t"))):
        cut = trailing_pages(cell) if kind(cell) == "words" else len(cell)
        for part in (cell[:cut], cell[cut:]):
            what = kind(part)
            if what in ("pages", "words"):
                (entry.pages if what == "pages" else words).append(part.strip(_TITLE_JUNK))
    # Where none is a chapter's name, the first says most: topics, boundaries and such follow.
    entry.names += [one for one in words if named(one)] or words[:1]


def _go_on(entry: Entry, row: Row, named: Named, since: int) -> None:
    """A row without codes: the rest of the entry above, where that lacks something."""
    if entry.by_chapter:
        return
    more = Entry(entry.codes, row.start, row.end)
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
        (entry.denied, [one for one in more.denied if _WORDY.search(one)]),
        (entry.outside, more.outside),
    ):
        mine += theirs
    if entry.points:
        entry.end = row.end
