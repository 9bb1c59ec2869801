"""Sums in sentences: parts and the total told beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.check.amounts import Amount, adds_up, show, total, written_sum
from pipeline.check.sentences import Sentence
from pipeline.facts import Check, Severity
from pipeline.place import quote
from pipeline.records import Document

_OF_WHICH = re.compile(r"其中|包括|包含|分别|分为|(?:^|[,，、(])含")
_IN_ALL = re.compile(
    r"(?:^|[,，、;])(?:以上|上述)?(?:各项|三项|两项)?(?:共计|合计|总计|总共|一共|共(?![同享建识青产有]))"
)
_STAFF = re.compile(r"就业|员工|职工|从业|在职|在册|在岗|团队|队伍|总人数")
_PERSON = re.compile(r"(?:人员|员工?|职工|师|工|干部|司机|专家|人才|经理)$")
_BREAK = re.compile(r"其中|包括|比上年|较|同比|增[长加]|减少|下降|\d{4}年")
_JOIN = re.compile(r"^[、，,及和与]|^以及")
_LEAD = re.compile(r"^(?:[、，,:：(]|以及|及|和|与|其中|包括|含|目前|现)+|[:：有共为达]+$")
_LONGEST = 14  # characters that name a part; more is a clause of its own
# Kinds that cut across one another: a woman may be a manager and hold a degree.
_FAMILIES = (
    re.compile(r"[男女]"),
    re.compile(r"博士|硕士|研究生|本科|专科|大专|中专|高中|学历|学位|初中"),
    re.compile(r"职称|高级|中级|初级|技师|教授|高工|助理"),
    re.compile(r"\d|[岁龄年]"),
    re.compile(r"党员|团员|民主党派|群众"),
    re.compile(r"独立|外部|职工代表|兼任|残疾|少数民族|退役|退伍|外籍|新增|首次"),
)
_ALL_KINDS = (
    ("男", "女"),
    ("发明", "实用新型", "外观"),
    ("境内", "境外"),
    ("国内", "国外"),
    ("线上", "线下"),
)
_TWICE = re.compile(r"兼|重复|交叉|同时")  # the report itself says that one is counted twice
_OPEN_ENDED = re.compile(r"以上|以下|及以|等")
_SLIVER = Decimal("0.98")
_FAR = Decimal("0.5")  # the same where 其中 says that they were
_FURTHEST = Decimal("0.2")  # of the total: parts further off were never meant to make it up


@dataclass(frozen=True, slots=True)
class Claim:
    """Figures of a sentence that are said to add up."""

    parts: tuple[int, ...]
    whole: int
    severity: Severity


def check_text_sums(document: Document, sentences: Sequence[Sentence]) -> Iterator[Check]:
    """Totals that are not the sum of the parts told with them.

    Three forms: a total and its parts (共有员工70人，其中管理人员10人，审核员63人), parts and a
    total that says it is one (…，合计70人), kinds of staff and the staff.
    """
    for sentence in sentences:
        for claim in _claims(sentence):
            yield _check(document, sentence, claim)


def _claims(sentence: Sentence) -> Iterator[Claim]:
    for owner, level in _levels(sentence):
        for run in _runs(sentence, level):
            yield from _announced(sentence, run, owner)
            yield from _summed_up(sentence, level, run)
            yield from _staff(sentence, level, run)


def _levels(sentence: Sentence) -> Iterator[tuple[int | None, list[int]]]:
    """Figures outside brackets, and those inside each pair with the figure before it."""
    outside = [n for n, item in enumerate(sentence.items) if not item.depth]
    yield None, outside
    inside: list[int] = []
    for number, item in enumerate(sentence.items):
        if item.depth:
            inside.append(number)
        if inside and (not item.depth or number + 1 == len(sentence.items)):
            yield (inside[0] - 1 if inside[0] else None), inside
            inside = []


def _runs(sentence: Sentence, level: Sequence[int]) -> Iterator[list[int]]:
    """Longest lists of figures of one unit; shares told beside them do not part them."""
    run: list[int] = []
    for number in level:
        unit = sentence.items[number].amount.unit
        if unit in ("%", "个百分点"):
            continue
        if run and unit != sentence.items[run[0]].amount.unit:
            yield run
            run = []
        run.append(number)
    yield run


def _announced(sentence: Sentence, run: list[int], owner: int | None) -> Iterator[Claim]:
    """A total, then its parts: only more than the total is wrong, for 其中 need not tell all."""
    for at, first in enumerate(run):
        words = sentence.before(first)
        whole = run[at - 1] if at else owner
        if whole is None or not (_OF_WHICH.search(words) or (owner is not None and not at)):
            continue
        parts = _list_from(sentence, run[at:])
        if _part_way(sentence, parts, whole):
            continue  # what follows the parts is told besides them
        if _may_sum(sentence, parts, whole, _FAR) and _exclusive(sentence, parts):
            summed, slack = _sum(sentence, parts)
            elsewhere = any(_fits(sentence, parts, other) for other in run[:at])
            more = summed - slack > sentence.items[whole].amount.high
            wrong = more or _closed(sentence, parts)
            if not elsewhere and (wrong or _nearly_all(sentence, parts, whole)):
                yield Claim(tuple(parts), whole, "error" if wrong else "note")


def _part_way(sentence: Sentence, parts: Sequence[int], whole: int) -> bool:
    return any(_fits(sentence, parts[:end], whole) for end in range(2, len(parts)))


def _closed(sentence: Sentence, parts: Sequence[int]) -> bool:
    """Whether there can be no part besides those told: men and women."""
    names = [_name(sentence, part) for part in parts]
    return any(
        len(names) == len(kinds) and all(any(kind in name for name in names) for kind in kinds)
        for kinds in _ALL_KINDS
    )


def _nearly_all(sentence: Sentence, parts: Sequence[int], whole: int) -> bool:
    """Whether three parts or more make all but a sliver of the whole, and end what is said."""
    ends = not re.match(r"[，,、(]?(?:等|以及|及|其[他余它])", sentence.after(parts[-1]))
    summed = _sum(sentence, parts)[0]
    return len(parts) > 2 and ends and summed >= sentence.items[whole].amount.value * _SLIVER


def _summed_up(sentence: Sentence, level: Sequence[int], run: list[int]) -> Iterator[Claim]:
    """Parts, then 合计 and the total."""
    for at, whole in enumerate(run):
        if at < 2 or not _IN_ALL.search(sentence.before(whole)):
            continue
        parts = _closest(sentence, run[:at], whole)
        if parts and _may_sum(sentence, parts, whole):
            yield Claim(tuple(parts), whole, "error")


def _staff(sentence: Sentence, level: Sequence[int], run: list[int]) -> Iterator[Claim]:
    """Kinds of staff, then how many people have work by it, with no word of a sum."""
    if not run or sentence.items[run[0]].amount.unit != "人" or len(run) < 3:
        return
    whole = run[-1]
    around = sentence.before(whole) + sentence.after(whole)[:8]
    if not _STAFF.search(around) or _IN_ALL.search(sentence.before(whole)):
        return
    parts = _closest(sentence, run[:-1], whole)
    people = all(_PERSON.search(_name(sentence, part)) for part in parts)
    if parts and people and _may_sum(sentence, parts, whole) and _exclusive(sentence, parts):
        yield Claim(tuple(parts), whole, "doubt")


def _list_from(sentence: Sentence, run: list[int]) -> list[int]:
    """The figures from the first on that are joined as a list."""
    parts = run[:1]
    for number in run[1:]:
        if not _joined(sentence, number):
            break
        parts.append(number)
    return parts


def _closest(sentence: Sentence, run: list[int], whole: int) -> list[int]:
    """Of the lists that end before the total the one nearest to it; none where one fits."""
    start = len(run) - 1
    while start and _joined(sentence, run[start]):
        start -= 1
    lists = [run[at:] for at in range(start, len(run) - 1)]
    if any(_fits(sentence, parts, whole) for parts in lists):
        return []
    goal = sentence.items[whole].amount.value
    return min(lists, key=lambda parts: abs(_sum(sentence, parts)[0] - goal), default=[])


def _joined(sentence: Sentence, number: int) -> bool:
    words = sentence.before(number)
    named = len(_name(sentence, number)) <= _LONGEST
    return bool(_JOIN.search(words)) and named and not _BREAK.search(words)


def _may_sum(
    sentence: Sentence, parts: Sequence[int], whole: int, furthest: Decimal = _FURTHEST
) -> bool:
    """Whether the figures could be parts of the whole: two at least, exact, each smaller."""
    items = [sentence.items[number] for number in (*parts, whole)]
    amounts = [item.amount for item in items]
    if len(parts) < 2 or any(item.about for item in items) or amounts[-1].value <= 0:
        return False
    if len({one.unit for one in amounts}) > 1 or not amounts[0].unit:
        return False
    if any(not 0 < one.value <= amounts[-1].value for one in amounts[:-1]):
        return False
    off = abs(_sum(sentence, parts)[0] - amounts[-1].value)
    return off <= amounts[-1].value * furthest and not _fits(sentence, parts, whole)


def _exclusive(sentence: Sentence, parts: Sequence[int]) -> bool:
    """Whether the names are of kinds that nothing can be two of."""
    names = [_name(sentence, part) for part in parts]
    if any(_OPEN_ENDED.search(name) for name in names) or len(set(names)) < len(names):
        return False
    if _TWICE.search(sentence.text):
        return False
    kinds = {
        next((at for at, family in enumerate(_FAMILIES) if family.search(name)), -1)
        for name in names
    }
    return len(kinds) == 1 and kinds != {len(_FAMILIES) - 1}


def _name(sentence: Sentence, number: int) -> str:
    words = re.split(r"[，,、:：(]", _LEAD.sub("", sentence.before(number)))
    return _LEAD.sub("", words[-1])


def _sum(sentence: Sentence, parts: Sequence[int]) -> tuple[Decimal, Decimal]:
    return total(_amounts(sentence, parts))


def _fits(sentence: Sentence, parts: Sequence[int], whole: int) -> bool:
    return adds_up(_amounts(sentence, parts), sentence.items[whole].amount)


def _amounts(sentence: Sentence, numbers: Sequence[int]) -> list[Amount]:
    return [sentence.items[number].amount for number in numbers]


def _check(document: Document, sentence: Sentence, claim: Claim) -> Check:
    parts, whole = _amounts(sentence, claim.parts), sentence.items[claim.whole].amount
    summed = show(total(parts)[0], whole)
    places = [quote(document, *sentence.clause(number)) for number in (*claim.parts, claim.whole)]
    hint = "如另有未列明的部分，请注明" if claim.severity == "note" else "请核实"
    return Check(
        kind="sum",
        severity=claim.severity,
        message=f"文中所列各项相加为{summed}，与所述总数{whole.printed}不一致，{hint}。",
        arithmetic=written_sum(parts, whole),
        quotes=tuple(places),
    )
