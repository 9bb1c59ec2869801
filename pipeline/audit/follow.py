"""Follow the lines of an index to the pages and chapters they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.audit.cells import covers, pages
from pipeline.audit.chapters import Chapters
from pipeline.audit.codes import Code
from pipeline.audit.evidence import Evidence, Hit
from pipeline.audit.find import Index
from pipeline.audit.paging import Paging, page_spans, pagings
from pipeline.audit.read import Entry
from pipeline.audit.standards import Target, targets, title
from pipeline.facts import IndexLine, LineState, Quote
from pipeline.place import block_at, quote
from pipeline.records import Document

Span = tuple[int, int]
_FRONT, _BACK = 0.04, 0.96  # where covers are in a report without pages


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a line points: stretches of text, and what is to be said of them in Chinese."""

    spans: tuple[Span, ...]
    note: str = ""
    missing: bool = False  # it names a page or chapter that the report does not have
    unknown: bool = False  # the file knows no pages by which to follow it


class Follower:
    """Follows the lines of a report's indexes."""

    def __init__(
        self, document: Document, indexes: Sequence[Index], chapters: Chapters, evidence: Evidence
    ):
        self.document, self.chapters, self.evidence = document, chapters, evidence
        self.outside = [(index.start, index.end) for index in indexes]
        self.unread = {page.number for page in document.pages if not page.readable}
        choices = pagings(document)
        self.paging = max(choices, key=lambda p: self._fit(p, indexes)) if choices else None

    def lines(self, entry: Entry) -> Iterator[IndexLine]:
        """A line for each code of an entry."""
        aim = self.aim(entry, self.paging)
        words = quote(self.document, entry.start, entry.end)
        for code in dict.fromkeys(entry.codes):
            yield self._line(entry, code, aim, words)

    def aim(self, entry: Entry, paging: Paging | None) -> Aim:
        """Where an entry points under one counting of the pages."""
        numbers = [n for n in pages(" ".join(entry.pages)) if n]
        if numbers and paging:
            return self._to_pages(numbers, paging)
        if cover := covers(" ".join(entry.pages)):
            return Aim(self._covers(), f"指向{cover[0]}")
        if entry.names:
            return self._to_chapters(entry.names, paging)
        if numbers:
            return Aim((), "文件不记录页码，无法按页核对", unknown=True)
        return Aim((), "索引未注明位置", unknown=True)

    def _fit(self, paging: Paging, indexes: Sequence[Index]) -> int:
        """How many lines lead to what they claim under this counting of the pages."""
        if paging.files and paging.proved:
            return 1
        found = 0
        for entry in (entry for index in indexes for entry in index.entries if entry.pages):
            code = entry.codes[0]
            spans = self.aim(entry, paging).spans
            found += self._search(entry, code, spans) is not None
        return found

    def _to_pages(self, numbers: Sequence[int], paging: Paging) -> Aim:
        spans = tuple(span for n in numbers for span in paging.spans.get(n, ()))
        files = sorted({paging.files[n] for n in numbers if n in paging.files})
        if not spans:
            if not paging.last or min(numbers) <= paging.last:
                return Aim((), f"文件中看不出第{numbers[0]}页在何处，未能按页核对", unknown=True)
            note = f"没有第{numbers[0]}页，本报告到第{paging.last}页为止"
            return Aim((), note, missing=True)
        if files and set(files) <= self.unread:
            return Aim((), f"所指第{numbers[0]}页是图片，未能读取", missing=True)
        shifted = any(paging.files.get(n, n) != n for n in numbers)
        return Aim(spans, f"印刷页码{numbers[0]}在文件第{_listed(files)}页" if shifted else "")

    def _to_chapters(self, names: Sequence[str], paging: Paging | None) -> Aim:
        words = "\n".join(names)
        spans = [span for span in self.chapters.find(words) if not self._in_index(span)]
        if not spans and paging:
            for page in self.chapters.pages(words):
                spans += paging.spans.get(page, ()) + paging.spans.get(page + 1, ())
        if spans:
            files = sorted({block_page(self.document, start) for start, _ in spans} - {0})
            return Aim(tuple(spans), f"所指章节在文件第{_listed(files)}页" if files else "")
        return Aim((), f"没有找到名为“{names[0]}”的章节", missing=True)

    def _in_index(self, span: Span) -> bool:
        return any(start <= span[0] < end for start, end in self.outside)

    def _covers(self) -> tuple[Span, ...]:
        known = page_spans(self.document)
        numbers = sorted(known)
        if numbers and numbers[-1] > 0:
            ends = {*numbers[:2], *numbers[-2:]}
            return tuple(known[n] for n in sorted(ends))
        size = len(self.document.text)
        return ((0, round(size * _FRONT)), (round(size * _BACK), size))

    def _search(self, entry: Entry, code: Code, spans: Sequence[Span] | None) -> Hit | None:
        wanted: frozenset[Target] = targets(code.standard, code.code, self.evidence.in_force)
        own = "".join(entry.title) if len(entry.codes) == 1 else ""
        said = [one for one in (own, title(code.standard, code.code)) if one]
        return self.evidence.best(wanted, said, spans)

    def _line(self, entry: Entry, code: Code, aim: Aim, words: Quote) -> IndexLine:
        state, hit, note = self._state(entry, code, aim)
        own = "".join(entry.title) if len(entry.codes) == 1 else ""
        return IndexLine(
            standard=code.standard,
            code=code.code,
            title=own or title(code.standard, code.code),
            pointer=" ".join(entry.names + entry.pages + entry.outside + entry.denied),
            state=state,
            line=words,
            found=quote(self.document, hit.passage.start, hit.passage.end) if hit else None,
            note=note,
        )

    def _state(self, entry: Entry, code: Code, aim: Aim) -> tuple[LineState, Hit | None, str]:
        if entry.denied and not entry.pages and not entry.names:
            return "not_applicable", None, f"报告自述：{entry.denied[0]}"
        if aim.spans and (hit := self._search(entry, code, aim.spans)):
            return "found", hit, aim.note
        anywhere = self._search(entry, code, None)
        if entry.outside and not aim.spans:
            note = f"指向本报告以外的文件（{entry.outside[0]}）"
            return ("elsewhere" if anywhere else "page_missing"), anywhere, note
        if aim.missing:
            return "page_missing", anywhere, aim.note
        if aim.unknown and anywhere:
            return "found", anywhere, f"{aim.note}；在全文中检索到"
        return ("elsewhere" if anywhere else "not_found"), anywhere, aim.note


def block_page(document: Document, offset: int) -> int:
    """Page of the file on which the block at ``offset`` begins; 0 where there are none."""
    lines = block_at(document, offset).lines
    return lines[0].page if lines else 0


def _listed(pages_: Sequence[int]) -> str:
    return "、".join(map(str, pages_[:3])) + ("等" if len(pages_) > 3 else "")
