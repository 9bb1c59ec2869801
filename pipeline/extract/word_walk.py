"""Walk WordprocessingML in document order and give its pieces of text.

The final text is read as it is printed: insertions kept, deletions dropped, hidden text left
out, the numbers that Word counts by itself put before their paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.extract.build import Piece
from pipeline.extract.numbering import is_contents_line, outline_rank
from pipeline.extract.word_look import Fonts, Look, paragraph_look
from pipeline.extract.word_numbers import Numbers
from pipeline.extract.word_styles import Styles, outline_level
from pipeline.records import BlockKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = {f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "rt")} | {
    f"{_MC}Fallback"  # the same content again, for older readers
}
_WRAPPERS = {f"{_W}{name}" for name in ("sdtContent", "ins", "moveTo", "customXml", "smartTag")} | {
    f"{_W}sdt",
    f"{_MC}AlternateContent",
    f"{_MC}Choice",
}
_CHARACTERS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_NOTES = {f"{_W}footnoteReference": "footnote", f"{_W}endnoteReference": "endnote"}
_STYLED = -10  # styled levels 1-9 get ranks -9..-1: always further out than numbers in the text
_LONGEST_HEADING = 80  # characters; a "heading" beyond is a paragraph in the wrong style

Run = tuple[str, int]  # text and the page it stands on


@dataclass(slots=True)
class Walker:
    """The state of one walk: where it is, what it gathered.

    Attributes:
        styles: From ``style_levels``.
        fonts: From ``word_look.style_fonts``.
        numbers: Of automatic lists.
        notes: Footnotes and endnotes by ``(kind, id)``.
        paged: Whether the file records rendered page breaks; without them no page is known,
            since hard breaks alone do not tell where the other pages end.
        pieces: The pieces found so far, in document order.
        looks: The type of each piece, None for other than plain paragraphs.
    """

    styles: Styles
    fonts: Fonts
    numbers: Numbers
    notes: dict[tuple[str, str], etree._Element]
    paged: bool
    pieces: list[Piece] = field(default_factory=list)
    looks: list[Look | None] = field(default_factory=list)
    _page: int = 1
    _broken: bool = False  # a hard break was met and no text since
    _merged: list[Run] = field(default_factory=list)  # of a paragraph whose end was deleted
    _aside: list[etree._Element] = field(default_factory=list)  # boxes, notes, nested tables

    def walk(self, parent: etree._Element, kind: BlockKind = "text") -> None:
        """Add the paragraphs and tables below ``parent``; ``kind`` is that of plain text."""
        for child in _content(parent):
            if child.tag == f"{_W}p":
                self._paragraph(child, kind)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            self._walk_aside()

    def _walk_aside(self) -> None:
        """What is anchored in a block follows it; its page breaks do not move the walk."""
        aside, self._aside = self._aside, []
        for element in aside:
            page = self._page
            if element.tag == f"{_W}tbl":
                self._table(element)
            else:
                is_box = element.tag == f"{_W}txbxContent"
                self.walk(element, "text" if is_box else "footnote")
            self._page = page

    def _paragraph(self, p: etree._Element, kind: BlockKind) -> None:
        runs = self._merged + list(self._runs(p))
        self._merged = []
        if p.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            self._merged = runs
            return
        lines = _lines(_labelled(self.numbers.label(p), runs))
        text = "".join(words for words, _ in lines)
        if not text:
            return
        level = self._level(p)
        rank = None if kind == "footnote" else _rank(text, level)
        if level == 0 or is_contents_line(text):
            self._add(Piece("running", lines, joint="none"))
        else:
            kind = kind if rank is None else "heading"
            look = paragraph_look(p, self.fonts) if kind == "text" else None
            self._add(Piece(kind, lines, rank=rank, joint="none"), look)

    def _add(self, piece: Piece, look: Look | None = None) -> None:
        self.pieces.append(piece)
        self.looks.append(look)

    def _level(self, p: etree._Element) -> int | None:
        direct = p.find(f"{_W}pPr/{_W}outlineLvl")
        if direct is not None:
            return outline_level(direct)
        style = p.find(f"{_W}pPr/{_W}pStyle")
        return None if style is None else self.styles.get(style.get(f"{_W}val"))

    def _runs(self, parent: etree._Element) -> Iterator[Run]:
        """Text below ``parent`` with its page; sets aside the boxes and notes it meets."""
        for child in parent:
            tag = child.tag
            if tag in _DROPPED or _is_hidden(child):
                continue
            if tag in _TEXTS:
                self._broken = self._broken and not (child.text or "").strip()
                yield child.text or "", self._number()
            elif self._turn_page(child) or self._set_aside(child):
                continue
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag], self._number()
            else:
                yield from self._runs(child)

    def _number(self) -> int:
        return self._page if self.paged else 0

    def _turn_page(self, element: etree._Element) -> bool:
        """Count a page break. Word renders a hard break and records it again after it."""
        if element.tag == f"{_W}lastRenderedPageBreak":
            self._page += not self._broken
            self._broken = False
            return True
        if element.tag == f"{_W}br" and element.get(f"{_W}type") == "page":
            self._page += 1
            self._broken = True
            return True
        return False

    def _set_aside(self, element: etree._Element) -> bool:
        """Keep a text box or the note referred to for after the block."""
        if element.tag == f"{_W}txbxContent":
            self._aside.append(element)
            return True
        kind = _NOTES.get(element.tag, "")
        note = self.notes.get((kind, element.get(f"{_W}id", "")))
        if note is not None:
            self._aside.append(note)
        return bool(kind)

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in _content(table) if row.tag == f"{_W}tr" and not _is_deleted(row)]
        cells = [[cell for cell in _content(row) if cell.tag == f"{_W}tc"] for row in rows]
        if sum(map(len, cells)) == 1:  # a frame around ordinary text
            self.walk(next(row[0] for row in cells if row))
            return
        lines = tuple(line for row in cells if (line := self._row(row))[0].strip())
        if lines:
            self._add(Piece("table", lines))

    def _row(self, cells: list[etree._Element]) -> Run:
        page, last, texts = self._page, self._page, []
        for cell in cells:
            self._page = page  # each cell of a row that crosses a page records the same break
            texts += [self._cell(cell), *[""] * (_span(cell) - 1)]
            last = max(last, self._page)
        self._page = last
        return "\t".join(texts).rstrip("\t"), page if self.paged else 0

    def _cell(self, cell: etree._Element) -> str:
        if _is_merged_above(cell):
            return ""
        paragraphs = []
        for child in _content(cell):
            if child.tag == f"{_W}p":
                words = self.numbers.label(child) + "".join(text for text, _ in self._runs(child))
                paragraphs.append(" ".join(words.split()))
            elif child.tag == f"{_W}tbl":
                self._aside.append(child)
        return " ".join(filter(None, paragraphs))


def _rank(text: str, level: int | None) -> int | None:
    if not level:
        return outline_rank(text)
    if len(text) > _LONGEST_HEADING or text.endswith(("。", "；")):
        return None
    return _STYLED + level


def _content(parent: etree._Element) -> Iterator[etree._Element]:
    """Children in document order, those of content controls and insertions included."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _content(child)
        elif child.tag not in _DROPPED:
            yield child


def _labelled(label: str, runs: list[Run]) -> list[Run]:
    """Runs of a paragraph behind its number, which stands where its first words do."""
    held = [run for run in runs if run[0].strip()]
    return [(label, held[0][1]), *runs] if label and held else runs


def _lines(runs: list[Run]) -> tuple[Run, ...]:
    """The paragraph's text, trimmed, parted where a line break stands or the page turns."""
    lines: list[Run] = []
    for text, page in runs:
        if lines and (page == lines[-1][1]) and not lines[-1][0].endswith("\n"):
            lines[-1] = (lines[-1][0] + text, page)
        elif text:
            lines.append((text, page))
    return _trim(lines)


def _trim(lines: list[Run]) -> tuple[Run, ...]:
    while lines and not lines[0][0].strip():
        lines.pop(0)
    while lines and not lines[-1][0].strip():
        lines.pop()
    if lines:
        lines[0] = (lines[0][0].lstrip(), lines[0][1])
        lines[-1] = (lines[-1][0].rstrip(), lines[-1][1])
    return tuple(lines)


def _is_hidden(run: etree._Element) -> bool:
    """Hidden text is not printed: what the reader cannot see is no disclosure."""
    hidden = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false", "off")


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{_W}trPr/{_W}del") is not None


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = "" if span is None else span.get(f"{_W}val", "")
    return min(int(value), 64) if value.isdecimal() and int(value) else 1


def _is_merged_above(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"
