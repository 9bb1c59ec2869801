"""Measures of running text: sentence by sentence, each figure named by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.measure.names import Naming, clean, name_of, strip_tail
from pipeline.measure.numbers import Number, parse_figures
from pipeline.measure.periods import period, scope
from pipeline.measure.units import has_digit
from pipeline.records import Block, Document

_SENTENCE = re.compile(r"[^。；;！？!?\n]+")
_FUTURE = re.compile(
    r"预算|计划|规划|力争|争取|预计|有望|(?<![虚模])拟(?![合人定])|目标(?:为|是|值)|将(?:达|增|投|建|新|实现|完成|超)|不得|应当|规定|限值|下同"
)
_BASE = re.compile(
    r"(?:由|从|(?<=比|较))(?P<when>原来|上年度?|去年|年初|20\d\d\s?年度?)?(?:初|末|底|同期)?的?$"
)
_REACHED = re.compile(
    r"^[^，,]{0,6}?(?:提高|增加|下降|降低|减少|提升|上升|增长|扩大|缩短|压缩|增|降|升|到)(?:了)?(?:[到至为]|$)"
)
_OPENED = re.compile(r"[《“][^》”]*$")
_CLOSED = re.compile(r"[^《“，。]*[》”]")
_GOALS = re.compile(
    r"(?:目标|展望|工作计划|未来规划)$"
)  # a heading under which nothing is done yet
_BOUND = re.compile(
    r"(?:不超过|不低于|不少于|不高于|不大于|不小于|低于|高于|小于|大于|优于|[≤≥<>＜＞])\s?$"
)
_ALWAYS = re.compile(r"^(?:24\s?(?:个)?小时|365\s?天|7\s?天|100\s?年)")
_STOP = re.compile(r"[，,、（(）)：:]")
_AND = re.compile(r"\s?[、,，和及与]\s?")
_BASIS = re.compile(
    r"\s?(?:为基数|为依据|为准|以上的?(?:企业|股东|项目)|股份|(?:级|型|系列|直驱|的?机组|风机|微燃机|超超临界|及以上))"
)
_MONEY_WORDS = re.compile(
    r"收入|投入|资金|利润|捐|金额|投资|经费|费用?|税|奖金|补助|善款|总额|资产|贷款|薪酬"
)
_MAIN = {"text", "caption", "footnote", "heading"}


@dataclass(slots=True)
class Draft:
    """A measure in the making; ``number`` has offsets into the document."""

    name: str
    number: Number
    period: str
    scope: str = ""
    compared: list[tuple[str, Number]] = field(default_factory=list)


def prose(document: Document, year: str) -> Iterator[Draft]:
    """Drafts of all running text, in reading order; ``year``: the report's."""
    own = document.text[:1500]
    for block in document.blocks:
        if block.kind in _MAIN:
            yield from in_block(document.text, block, block.start, block.end, year, own)


def in_block(text: str, block: Block, start: int, end: int, year: str, own: str) -> Iterator[Draft]:
    """Drafts of the words ``start``-``end``, which stand in ``block``."""
    for match in _SENTENCE.finditer(text, start, end):
        if has_digit(match[0]) or "零" in match[0] or "余" in match[0]:
            yield from _Sentence(match[0], match.start(), block, year, own).drafts()


class _Sentence:
    """One sentence, read from left to right; a figure may be told by the one before it."""

    def __init__(self, words: str, offset: int, block: Block, year: str, own: str):
        self._words, self._offset, self._block = words, offset, block
        self._year, self._own = year, own
        self._last: Draft | None = None
        self._base: tuple[str, str, Number] | None = None  # name, when, value that changed
        self._goals = bool(block.path and _GOALS.search(block.path[-1]))
        self._related = False  # whether the figure just read was a comparison

    def drafts(self) -> list[Draft]:
        numbers = parse_figures(self._words)
        found: list[Draft] = []
        at = place = 0
        while place < len(numbers):
            run = self._run(numbers, place)
            before = self._words[at : numbers[place].start]
            if len(run) > 1 and "分别" in before:
                found += self._respective(run, before, found)
            else:
                run = run[:1]
                found += self._one(numbers, place, before)
            at, place = run[-1].end, place + len(run)
        return found

    def _one(self, numbers: tuple[Number, ...], place: int, before: str) -> list[Draft]:
        number = numbers[place]
        until = numbers[place + 1].start if place + 1 < len(numbers) else len(self._words)
        held = self._last
        draft = self._read(number, before, self._words[number.end : until])
        # a later 同比 must not be laid to a figure further back than the one before it
        self._last = draft or (held if self._related else None)
        return [draft] if draft else []

    def _run(self, numbers: tuple[Number, ...], place: int) -> tuple[Number, ...]:
        """The figures from ``place`` on that nothing but 、 or 和 parts: 6.2%、8.2%和7.4%."""
        last = place
        while last + 1 < len(numbers) and _AND.fullmatch(
            self._words[numbers[last].end : numbers[last + 1].start]
        ):
            last += 1
        return numbers[place : last + 1]

    def _respective(self, run: tuple[Number, ...], before: str, found: list[Draft]) -> list[Draft]:
        """A、B分别为x、y: as many names as figures, or as many figures before; else nothing."""
        self._last = None
        left, _, right = before.rpartition("分别")
        words = strip_tail(re.split(r"[，,；]", left)[-1])
        if name_of(f"，{words}{right}", "", False).relation:
            if len(found) >= len(run):
                for draft, number in zip(found[-len(run) :], run, strict=True):
                    draft.compared.append((strip_tail(words + right), self._moved(number)))
            return []
        names = [clean(strip_tail(one)) for one in re.split(r"[、和及与]", words)]
        if len(names) != len(run) or any(number.span for number in run):
            return []
        names = [name + strip_tail(right) for name in names]
        drafts = [self._draft(*pair) for pair in zip(names, run, strict=True)]
        return [draft for draft in drafts if draft]

    def _read(self, number: Number, before: str, after: str) -> Draft | None:
        self._related = False
        if number.span or self._planned(number) or _BASIS.match(after):
            return None
        if _ALWAYS.match(number.printed) or _BOUND.search(before):
            return None
        if base := _BASE.search(before):
            name = clean(strip_tail(re.split(r"[，,、]", before[: base.start()])[-1]))
            self._base = (name, base["when"] or "原来", number)
            return None
        if self._base and _REACHED.match(before):
            return self._changed(number)
        heading = self._block.path[-1] if self._block.path else ""
        counts = number.kind in {"people", "event", "item", "organisation"}
        naming = name_of(before, after, counts, heading)
        if naming.relation:
            return self._relate(number, naming)
        return self._draft(self._joined(naming.name, before), number)

    def _joined(self, name: str, before: str) -> str:
        """资助5家市外企业40万元: both figures are of 资助市外企业."""
        last = self._last.name if self._last and name and not _STOP.search(before) else ""
        return last if last.endswith(name) else name

    def _planned(self, number: Number) -> bool:
        """Whether the figure is a plan, a rule or a bound, and no performance."""
        clauses = re.split(r"[，,]", self._words[: number.start])
        rest = self._words[number.end : number.end + 12]
        quoted = _OPENED.search(clauses[-1]) and _CLOSED.match(rest)  # a title, no statement
        return bool(quoted or self._goals or _FUTURE.search("，".join(clauses[-2:])))

    def _changed(self, number: Number) -> Draft | None:
        """由A降至B: B is the measure, A what it is compared with."""
        if not self._base:
            return None
        name, when, old = self._base
        self._base = None
        draft = self._draft(name, number, old.end)
        if draft and old.unit == number.unit:
            draft.compared.append((when, self._moved(old)))
        return draft

    def _relate(self, number: Number, naming: Naming) -> Draft | None:
        """同比增长12%: a comparison of the figure before; 占比12%: a share of it."""
        if not self._last:
            return None
        if naming.relation.startswith(("占", "比例", "约占", "共占")):
            return self._draft(self._last.name + naming.relation, number)
        self._last.compared.append((naming.relation, self._moved(number)))
        self._related = True
        return None

    def _draft(self, name: str, number: Number, since: int = 0) -> Draft | None:
        """A measure called ``name``; a year told before ``since`` is not its own."""
        if not name or (not number.unit and not _MONEY_WORDS.search(name)):
            return None
        if not number.unit:
            number = replace(number, unit="元", kind="money")
        before = self._words[since : number.start]
        when = period(before, self._words, self._block.path, self._year)
        whose = scope(self._words.strip(), self._own)
        name = name.removeprefix(whose) if whose else name
        return Draft(name, self._moved(number), when, whose) if len(name) > 1 else None

    def _moved(self, number: Number) -> Number:
        """``number`` with offsets into the document."""
        return replace(number, start=number.start + self._offset, end=number.end + self._offset)
