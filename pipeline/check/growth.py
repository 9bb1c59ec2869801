"""Growth rates against the two values they compare, in sentences and in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.check.amounts import Amount, last_digit, overlap
from pipeline.check.grids import Line, by_rows, tight
from pipeline.check.sentences import Sentence
from pipeline.facts import Check
from pipeline.measure import Table
from pipeline.measure.tables import year_in
from pipeline.place import quote
from pipeline.records import Document

_DOWN = re.compile(r"下降|减少|降低|降幅|减幅|跌幅|缩减|下滑|回落|减排|下跌")
_UP = re.compile(r"增长|增加|上升|提高|提升|增幅|升幅|涨幅|增速|上涨|扩大|上浮")
_RATE = re.compile(
    r"^[,，、(]?(?:同比|环比|比例|幅度|增长率|率|增速|增幅|升幅|涨幅|降幅|减幅|跌幅|"
    r"增长|增加|上升|提高|提升|上涨|下降|减少|降低|下滑|大幅|约|为|达到|达|了|:)+$"
)
_FROM = re.compile(r"(?:由|从)[^,，、到至]{0,14}$")
_TO = re.compile(r"(?:到|至|为)$")
_THAN = re.compile(r"^[,，(]?(?:比|较)(?:(?!增|升|涨|减|降|跌|提)[^,，]){0,12}$")
_BY = re.compile(
    r"^[,，(]?(?:同比|(?:比|较)[^,，]{1,12}?)(?:净|共|大幅)?"
    r"(?:增长|增加|上升|提高|提升|上涨|减少|下降|降低|下跌)了?$"
)
_CHANGE = re.compile(r"同比|变化|变动|增减|增长|增幅|升降")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of two values: the rate printed, which way, and how it came about.

    ``low``/``high`` bound the rate that the values give, in percent.
    """

    before: Amount
    now: Amount
    rate: Amount
    low: Decimal
    high: Decimal
    difference: Amount | None = None  # printed instead of the earlier value


def check_text_growth(document: Document, sentences: Sequence[Sentence]) -> Iterator[Check]:
    """Rates in sentences that tell both values, or one and the difference."""
    for sentence in sentences:
        for at in range(len(sentence.items) - 2):
            first, second, rate = sentence.items[at : at + 3]
            if any(item.about for item in (first, second, rate)) or rate.amount.unit != "%":
                continue
            change = _told(sentence, at)
            if change and not holds(change, sentence.before(at + 2) + sentence.before(at + 1)):
                start, end = sentence.clause(at)[0], sentence.start + rate.end
                yield of_change(document, change, [(start, end, None)])


def _told(sentence: Sentence, at: int) -> Change | None:
    """The change that three figures in a row tell: two of one unit, and a rate."""
    one, two, rate = (sentence.items[number].amount for number in (at, at + 1, at + 2))
    if one.unit != two.unit or not one.unit or one.unit in ("%", "个百分点"):
        return None
    if not _RATE.search(sentence.before(at + 2)) or min(one.value, two.value) <= 0:
        return None
    second = sentence.before(at + 1)
    if _FROM.search(sentence.before(at)) and _TO.search(second):
        return between(one, two, rate)
    if _BY.search(second):
        return _by(one, two, rate, falling=bool(_DOWN.search(second)))
    return between(two, one, rate) if _THAN.search(second) else None


def between(before: Amount, now: Amount, rate: Amount) -> Change | None:
    """The change between two printed values; None where the earlier one may be nothing."""
    if before.low <= 0:
        return None
    low = (now.low / before.high - 1) * _HUNDRED
    high = (now.high / before.low - 1) * _HUNDRED
    return Change(before, now, rate, low, high)


def _by(now: Amount, difference: Amount, rate: Amount, falling: bool) -> Change | None:
    sign = -1 if falling else 1
    least, most = now.low - sign * difference.value, now.high - sign * difference.value
    least, most = least - difference.half, most + difference.half
    if least <= 0:
        return None
    ends = [
        sign * value / base * _HUNDRED
        for value in (difference.low, difference.high)
        for base in (least, most)
    ]
    return Change(difference, now, rate, min(ends), max(ends), difference)


def holds(change: Change, words: str) -> bool:
    """Whether the printed rate may be the change; its direction is told in words or by sign."""
    rate = change.rate
    falling = rate.value < 0 or (bool(_DOWN.search(words)) and not _UP.search(words))
    low, high = (
        (-change.high, -change.low) if falling and rate.value > 0 else (change.low, change.high)
    )
    return overlap(low, high, rate)


def check_table_growth(document: Document, tables: Sequence[Table]) -> Iterator[Check]:
    """Change columns of tables against the two years before them.

    A table proves by its other rows what its change column means: only where most rows fit
    is one that does not an error.
    """
    for table in tables:
        for earlier, later, change in _year_pairs(table):
            rows = [_row(line, earlier, later, change) for line in by_rows(table)]
            known = [one for one in rows if one]
            wrong = [one for one in known if not _fits_cell(one)]
            if wrong and len(known) >= 2 * len(wrong) + 1:
                for one in wrong:
                    yield of_change(
                        document,
                        one,
                        [(a.start, a.end, a.cell) for a in (one.before, one.now, one.rate)],
                    )


def _year_pairs(table: Table) -> Iterator[tuple[int, int, int]]:
    """0-based columns (earlier year, later year, change) of a table."""
    width = len(table.rows[0]) if table.rows else 0
    names = [tight(table.column_name(at + 1)) for at in range(width)]
    years = {
        year_in(name): at
        for at, name in enumerate(names)
        if year_in(name) and not _CHANGE.search(name)
    }
    changes = [at for at, name in enumerate(names) if _CHANGE.search(name)]
    if len(years) >= 2 and len(changes) == 1:
        *_, earlier, later = sorted(years)
        if int(later) - int(earlier) == 1:
            yield years[earlier], years[later], changes[0]


def _row(line: Line, earlier: int, later: int, change: int) -> Change | None:
    before, now, rate = line.cells[earlier], line.cells[later], line.cells[change]
    if before is None or now is None or rate is None or before.unit != now.unit:
        return None
    return between(before, now, rate) if now.value > 0 else None


def _fits_cell(change: Change) -> bool:
    """Whether a change cell may be the rate or the plain difference, signed or not."""
    rate, moved = change.rate, change.now.value - change.before.value
    slack = change.now.half + change.before.half + rate.half
    if (
        abs(abs(moved) - abs(rate.value)) <= slack
        or abs(abs(moved) / change.now.factor - abs(rate.value)) <= slack
    ):
        return True
    return overlap(change.low, change.high, rate) or (
        rate.value > 0 and overlap(-change.high, -change.low, rate)
    )


def of_change(
    document: Document, change: Change, places: Sequence[tuple[int, int, tuple[int, int] | None]]
) -> Check:
    """The check of a rate that the two values do not give; ``places`` are its quotes."""
    middle = (change.low + change.high) / 2
    found = f"{abs(middle):.{change.rate.places + 1}f}%"
    way = "下降" if middle < 0 else "增长"
    return Check(
        kind="growth",
        severity="note" if last_digit(middle, change.rate) else "error",
        message=f"按所列两个数值计算，应为{way}约{found}，与所述{change.rate.printed}不一致，请核实。",
        arithmetic=_written(change, middle),
        quotes=tuple(quote(document, *place) for place in places),
    )


def _written(change: Change, found: Decimal) -> str:
    """The sum; a fall printed without a sign is written as a positive fall."""
    now, before, rate = change.now.printed, change.before.printed, change.rate
    fall = found < 0 < rate.value
    result = f"{-found if fall else found:.{rate.places + 1}f}% ≠ {rate.printed}"
    if change.difference:
        sign, moved = "－" if change.low >= 0 else "＋", change.difference.printed
        return f"{moved}÷（{now}{sign}{moved}）≈{result}"
    return (
        f"（{before}－{now}）÷{before}≈{result}"
        if fall
        else f"（{now}－{before}）÷{before}≈{result}"
    )
