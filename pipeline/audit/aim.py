"""Where a line of an index points: pages and chapters turned into stretches of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.audit.cells import covers, pages
from pipeline.audit.chapters import Chapters
from pipeline.audit.find import Index
from pipeline.audit.paging import Paging, page_spans
from pipeline.audit.read import Entry
from pipeline.place import block_at
from pipeline.records import Document

Span = tuple[int, int]

_FRONT, _BACK = 0.04, 0.96  # where covers are in a report without pages
_NAME = re.compile(
    r"[\u4e00-\u9fff《“][\w\u4e00-\u9fff、，,·“”《》 ;/-]{1,22}[\u4e00-\u9fff”》]"
)  # what reads as the name of a chapter, and not as scraps of a scan


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a line points: stretches of text, and what is to be said of them in Chinese."""

    spans: tuple[Span, ...]
    note: str = ""
    missing: bool = False  # it names a page or chapter that the report does not have
    unknown: bool = False  # nothing tells where that is


class Aims:
    """Finds where the lines of a report's indexes point."""

    def __init__(self, document: Document, indexes: Sequence[Index], chapters: Chapters):
        self.document, self.chapters = document, chapters
        self.outside = [(index.start, index.end) for index in indexes]
        self.unread = {page.number for page in document.pages if not page.readable}
        named = [e.names for index in indexes for e in index.entries if e.names and not e.pages]
        known = sum(bool(self._chapter_spans(names)) for names in named)
        self._by_name = 2 * known >= len(named)  # else the words are topics, no chapters

    def aim(self, entry: Entry, paging: Paging | None) -> Aim:
        """Where an entry points under one counting of the pages."""
        words = " ".join(entry.pages)
        numbers = [n for n in pages(words) if n]
        at_pages = self._to_pages(numbers, paging) if numbers else None
        if at_pages and not (at_pages.unknown and entry.names):
            return at_pages
        if cover := covers(words):
            return Aim(self._covers(), f"指向{cover[0]}")
        if entry.names:
            return self._to_chapters(entry.names, paging)
        return Aim((), "索引未注明位置", unknown=True)

    def _to_pages(self, numbers: Sequence[int], paging: Paging | None) -> Aim:
        if paging is None:
            return Aim((), "文件不记录页码，无法按页核对", unknown=True)
        spans = tuple(dict.fromkeys(span for n in numbers for span in paging.spans.get(n, ())))
        if not spans:
            return _no_page(numbers, paging)
        files = sorted({paging.files[n] for n in numbers if n in paging.files})
        if files and set(files) <= self.unread:
            return Aim((), f"所指第{numbers[0]}页是图片，未能读取", missing=True)
        if all(paging.files.get(n, n) == n for n in numbers):
            return Aim(spans)
        guess = "" if paging.proved else "（推算）"
        return Aim(spans, f"印刷页码{numbers[0]}在文件第{_listed(files)}页{guess}")

    def _to_chapters(self, names: Sequence[str], paging: Paging | None) -> Aim:
        spans = self._chapter_spans(names)
        if not spans and paging:
            for page in self.chapters.pages("\n".join(names)):
                spans += paging.spans.get(page, ()) + paging.spans.get(page + 1, ())
        if spans:
            files = sorted({self._page(start) for start, _ in spans} - {0})
            return Aim(tuple(spans), f"所指章节在文件第{_listed(files)}页" if files else "")
        if self._by_name and _NAME.fullmatch(names[0]):
            return Aim((), f"没有找到名为“{names[0]}”的章节", missing=True)
        return Aim((), f"“{names[0]}”不像本报告的章节名，未能核对", unknown=True)

    def _chapter_spans(self, names: Sequence[str]) -> list[Span]:
        found = self.chapters.find("\n".join(names))
        return [s for s in found if not any(a <= s[0] < b for a, b in self.outside)]

    def _page(self, offset: int) -> int:
        lines = block_at(self.document, offset).lines
        return lines[0].page if lines else 0

    def _covers(self) -> tuple[Span, ...]:
        known = page_spans(self.document)
        numbers = sorted(known)
        if numbers and numbers[-1] > 0:
            return tuple(known[n] for n in sorted({*numbers[:2], *numbers[-2:]}))
        size = len(self.document.text)
        return ((0, round(size * _FRONT)), (round(size * _BACK), size))


def _no_page(numbers: Sequence[int], paging: Paging) -> Aim:
    if paging.last and min(numbers) > paging.last:
        note = f"没有第{numbers[0]}页，本报告到第{paging.last}页为止"
        return Aim((), note, missing=True)
    return Aim((), f"文件中看不出第{numbers[0]}页在何处，未能按页核对", unknown=True)


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:3])) + ("等" if len(numbers) > 3 else "")
