"""Follow the lines of an index to the pages and chapters they name, and say what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.audit.aim import Aim, Aims
from pipeline.audit.codes import Code
from pipeline.audit.evidence import Evidence
from pipeline.audit.find import Index
from pipeline.audit.paging import Paging, pagings
from pipeline.audit.read import Entry
from pipeline.audit.standards import targets, title
from pipeline.facts import IndexLine, LineState, Quote
from pipeline.place import quote
from pipeline.records import Document

Span = tuple[int, int]
Answer = tuple[LineState, Quote | None, str]

_SAYS = re.compile(r"没有|未(?:发生|违反|出现|作|做|有)|无(?:变化|重大|调整|重述)|不存在")
_OF_INDEX = re.compile(r"(?:内容|参考|指标|標準|标准)索引")  # a code that asks for the index itself


class Follower:
    """Follows the lines of a report's indexes."""

    def __init__(
        self, document: Document, indexes: Sequence[Index], aims: Aims, evidence: Evidence
    ):
        self.document, self.aims, self.evidence = document, aims, evidence
        choices = pagings(document)
        if len(choices) > 1:
            choices.sort(key=lambda choice: -self._fit(choice, indexes))
        self.paging = choices[0] if choices else None

    def lines(self, entry: Entry) -> Iterator[IndexLine]:
        """A line for each code of an entry."""
        aim = self.aims.aim(entry, self.paging)
        words = quote(self.document, entry.start, entry.end)
        for code in dict.fromkeys(entry.codes):
            state, found, note = self._answer(entry, code, aim, words)
            yield IndexLine(
                standard=code.standard,
                code=code.code,
                title=_own(entry) or title(code.standard, code.code),
                pointer=" ".join(entry.names + entry.pages + entry.outside + entry.denied),
                state=state,
                line=words,
                found=found,
                note=note,
            )

    def _fit(self, paging: Paging, indexes: Sequence[Index]) -> int:
        """How many lines lead to what they claim under this counting of the pages."""
        paged = [entry for index in indexes for entry in index.entries if entry.pages]
        return sum(
            self._search(entry, entry.codes[0], self.aims.aim(entry, paging).spans) is not None
            for entry in paged
        )

    def _search(self, entry: Entry, code: Code, spans: Sequence[Span] | None) -> Quote | None:
        wanted = targets(code.standard, code.code, self.evidence.in_force)
        said = [one for one in (_own(entry), title(code.standard, code.code)) if one]
        passage = self.evidence.best(wanted, said, spans)
        return quote(self.document, passage.start, passage.end) if passage else None

    def _answer(self, entry: Entry, code: Code, aim: Aim, words: Quote) -> Answer:
        if entry.denied and not entry.pages and not entry.names:
            return "not_applicable", None, f"报告自述：{entry.denied[0]}"
        if here := self._itself(entry, code, aim):
            return "found", words, here
        if aim.spans and (found := self._search(entry, code, aim.spans)):
            return "found", found, aim.note
        return _not_there(entry, aim, self._search(entry, code, None))

    def _itself(self, entry: Entry, code: Code, aim: Aim) -> str:
        """Why the line itself is what it claims; "" where it is not."""
        if _OF_INDEX.search(_own(entry) + title(code.standard, code.code)):
            return "所指即本索引"
        says = not aim.spans and _SAYS.search("".join(entry.names))
        return "索引行自身作了说明" if says else ""


def _not_there(entry: Entry, aim: Aim, anywhere: Quote | None) -> Answer:
    """The answer where the place pointed to, if any, holds nothing of the kind."""
    if entry.outside and not aim.spans:
        note = f"指向本报告以外的文件（{entry.outside[0]}）"
        return ("elsewhere" if anywhere else "page_missing"), anywhere, note
    if aim.missing:
        return "page_missing", anywhere, aim.note
    if aim.unknown and anywhere:
        return "found", anywhere, f"{aim.note}；在全文中检索到"
    return ("elsewhere" if anywhere else "not_found"), anywhere, aim.note


def _own(entry: Entry) -> str:
    """The line's own words for what its one code asks for."""
    return "".join(entry.title) if len(entry.codes) == 1 else ""
