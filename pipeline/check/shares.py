"""Shares against what they are a share of, and shares that should add up to 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.check.amounts import Amount, adds_up, last_digit, overlap, show, total, written_sum
from pipeline.check.grids import Line, by_columns, by_rows
from pipeline.check.sentences import Sentence
from pipeline.facts import Check, Severity
from pipeline.measure import Table
from pipeline.place import quote
from pipeline.records import Document

_OF = re.compile(
    r"^[,，、(]?约?占(?P<whole>[^%\d,，]{0,18}?)的?(?:比例|比重|比率|占比|百分比|比)?(?:约|为|达到|达)*$"
)
# what may stand around the name of a whole without making it another whole
_AROUND = re.compile(
    r"公司|集团|本行|我行|全行|全部|全体|全年|总数|总量|总人数|总额|数量|人数|合计|总计|截[至止]|目前|年末|年底|"
    r"实现|拥有|共有|现有|在职|在岗|在册|报告期内|报告期末|\d+[年月日]?|[的总为达共有现底末其比了]"
)
_OF_WHICH = re.compile(r"其中")
_SHARE = re.compile(r"占比|比例|比重|百分比|构成比|^%$|[（(]%[)）]$")
_TOTAL = re.compile(r"合计|总计|小计|总数")
_NEAR = 20  # points: further off, the rows are no parts of one whole
_ONE_HUNDRED = Decimal(100)


def check_text_shares(document: Document, sentences: Sequence[Sentence]) -> Iterator[Check]:
    """``X人，占员工总数的Y%`` where the same sentence, or the one before, tells the whole."""
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1] if number else None
        for at in range(len(sentence.items) - 1):
            told = _OF.search(sentence.before(at + 1))
            part, share = sentence.items[at], sentence.items[at + 1]
            if not told or share.amount.unit != "%" or part.about or share.about:
                continue
            yield from _against(document, sentence, before, at, told["whole"])


def _against(
    document: Document, sentence: Sentence, before: Sentence | None, at: int, whole: str
) -> Iterator[Check]:
    part, share = sentence.items[at].amount, sentence.items[at + 1].amount
    own = list(_wholes(sentence, at, part))
    near = before is not None and sentence.start - before.start - len(before.text) <= 2
    wholes = own + (list(_wholes(before, len(before.items), part)) if before and near else [])
    known = [one for _, one, about in wholes if not about]
    if any(_is_share(part, one, share) for one in known) or len(known) < len(wholes):
        return
    named = [one for words, one, _ in wholes if _means(whole, words)]
    told = [one for words, one in _announced(sentence, at) if _AROUND.sub("", whole) in words]
    named = told or (named if whole else [])
    if len({one.value for one in named}) == 1:
        yield _check(document, part, named[0], share, sentence.clause(at)[0])


def _announced(sentence: Sentence, at: int) -> Iterator[tuple[str, Amount]]:
    """The figure that the list with this one is told to be parts of (其中), and its name."""
    unit, first = sentence.items[at].amount.unit, at
    while first and not _OF_WHICH.match(sentence.before(first).lstrip(",，、(;；。")):
        first -= 1
        if sentence.items[first].amount.unit not in (unit, "%"):
            return
    whole = sentence.items[first - 1].amount if first else None
    if whole and whole.unit == unit and whole.value >= sentence.items[at].amount.value:
        yield sentence.before(first - 1), whole


def _wholes(sentence: Sentence, until: int, part: Amount) -> Iterator[tuple[str, Amount, bool]]:
    """Figures that the part may be a share of, each with the words that name it."""
    for number in range(until):
        item = sentence.items[number]
        if item.amount.unit == part.unit and item.amount.value >= part.value:
            words = re.split(r"[，,;:：(]", sentence.before(number))[-1]
            yield words, item.amount, item.about


def _means(whole: str, words: str) -> bool:
    """Whether ``words`` name the whole that the share is said to be of."""
    key = _AROUND.sub("", whole)
    return len(key) >= 2 and key == _AROUND.sub("", words)


def _is_share(part: Amount, whole: Amount, share: Amount) -> bool:
    if whole.low <= 0:
        return False
    low, high = part.low / whole.high, part.high / whole.low
    return overlap(low * _ONE_HUNDRED, high * _ONE_HUNDRED, share)


def check_table_shares(document: Document, tables: Sequence[Table]) -> Iterator[Check]:
    """Columns of counts with a column of shares beside them; shares of a total of 100 %."""
    for table in tables:
        rows, columns = by_rows(table), by_columns(table)
        for at in range(1, len(columns)):
            if _SHARE.search(columns[at].name) and not _SHARE.search(columns[at - 1].name):
                for segment in _segments(rows):
                    yield from _beside(document, segment, at)


def _segments(rows: Sequence[Line]) -> Iterator[list[Line]]:
    """Rows between headings inside the table, and rows of one group (性别, 年龄)."""
    run: list[Line] = []
    for row in rows:
        if row.blank or (run and row.group and row.group != run[-1].group):
            yield run
            run = []
        if not row.blank:
            run.append(row)
    yield run


def _beside(document: Document, rows: Sequence[Line], at: int) -> Iterator[Check]:
    """Rows whose share is not their count's of the total, where most rows' shares are."""
    totals = [row.cells[at - 1] for row in rows if _TOTAL.search(row.name)]
    parts = [
        (count, share)
        for row in rows
        if not _TOTAL.search(row.name)
        and (count := row.cells[at - 1])
        and (share := row.cells[at])
        and share.unit in ("%", "")
        and count.unit != "%"
    ]
    for whole in totals[:1]:
        if whole is None:
            continue
        wrong = [pair for pair in parts if not _is_share(pair[0], whole, pair[1])]
        if 0 < 2 * len(wrong) <= len(parts):
            for count, share in wrong:
                yield _check(document, count, whole, share)


def check_hundred(document: Document, tables: Sequence[Table]) -> Iterator[Check]:
    """Columns of shares that a total of 100 % closes, and that add up to something near it."""
    for table in tables:
        rows = by_rows(table)
        for at in range(1, len(rows[0].cells) if rows else 0):
            for segment in _segments(rows):
                yield from _hundred(document, segment, at)


def _hundred(document: Document, rows: Sequence[Line], at: int) -> Iterator[Check]:
    totals = [row.cells[at] for row in rows if _TOTAL.search(row.name)]
    parts = [cell for row in rows if not _TOTAL.search(row.name) and (cell := row.cells[at])]
    whole = totals[0] if len(totals) == 1 else None
    if whole is None or whole.unit != "%" or whole.value != 100 or len(parts) < 2:
        return
    if any(row.odd[at] for row in rows) or {part.unit for part in parts} != {"%"}:
        return
    if adds_up(parts, whole) or abs(total(parts)[0] - 100) > _NEAR:
        return
    places = (*parts, whole)
    yield Check(
        kind="share",
        severity="doubt",
        message=f"表中各项占比相加为{show(total(parts)[0], parts[0])}，不等于100%，请核实。",
        arithmetic=written_sum(parts, whole),
        quotes=tuple(quote(document, one.start, one.end, one.cell) for one in places),
    )


def _check(
    document: Document,
    part: Amount,
    whole: Amount,
    share: Amount,
    start: int | None = None,
) -> Check:
    found = f"{part.value / whole.value * 100:.{max(share.places + 1, 1)}f}%"
    first = part.start if start is None else start
    exact = part.value / whole.value * 100
    severity: Severity = "note" if last_digit(exact, share) else "error"
    if part.cell:
        places = [(one.start, one.end, one.cell) for one in (part, whole, share)]
    else:
        places = [(whole.start, whole.end, None), (first, share.end, None)]
    return Check(
        kind="share",
        severity=severity,
        message=f"{part.printed}占{whole.printed}的比例应为约{found}，与所述{share.printed}不一致，请核实。",
        arithmetic=f"{part.printed}÷{whole.printed}≈{found} ≠ {share.printed}",
        quotes=tuple(quote(document, *place) for place in places),
    )
