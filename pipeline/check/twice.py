"""The same measure told twice with different values; off by 10, 100, ... it is a unit slip."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pipeline.check.headlines import headlines
from pipeline.check.told import Told
from pipeline.facts import Check
from pipeline.measure.tables import year_in
from pipeline.measure.units import plain
from pipeline.records import Document

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_FURTHEST = Decimal("1.5")  # times: two values further apart are of two different things
_POWERS = tuple(Decimal(10) ** n for n in range(1, 9))
_HEADLINES = frozenset(one.name for one in headlines())


def check_twice(document: Document, told: Iterable[tuple[str, Told]]) -> Iterator[Check]:
    """Pairs of values that one figure of the whole company cannot both have.

    ``told``: (what, value) of all that can be compared, see pipeline.check.told.
    """
    groups: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for what, one in told:
        groups[what, one.measure.period, one.measure.figure.unit].append(one)
    for (what, period, _), ones in groups.items():
        known = what in _HEADLINES or _in_both(what, ones)
        if known and (pair := _pair(document, ones)):
            yield _check(what, period, *pair)


def _in_both(what: str, ones: Sequence[Told]) -> bool:
    """Whether a table of years and the text use one and the same name: it is no chance then."""
    table = [bool(one.measure.figure.quote.cell) for one in ones]
    dated = any(year_in(told) for one in ones for told, _ in one.measure.compared)
    return len(what) > 2 and any(table) and not all(table) and dated


def _pair(document: Document, ones: Sequence[Told]) -> tuple[Told, Told] | None:
    """The two values; None where all agree, or where there are more than two to choose from."""
    first = ones[0]
    others = [one for one in ones if not _agree(first, one)]
    if not others or any(not _agree(others[0], one) for one in others):
        return None
    other = others[0]
    if first.who and other.who and first.who != other.who:
        return None
    if _in_row(document, first, other) or _in_row(document, other, first):
        return None
    return (first, other) if _power(first, other) or _near(first, other) else None


def _agree(one: Told, other: Told) -> bool:
    return one.amount.low <= other.amount.high and other.amount.low <= one.amount.high


def _in_row(document: Document, one: Told, other: Told) -> bool:
    """Whether the value stands in the table row of the other: as that of another year."""
    if other.measure.figure.quote.cell is None:
        return False
    at = other.amount.start
    start, end = document.text.rfind("\n", 0, at) + 1, document.text.find("\n", at)
    row = document.text[start : end if end >= 0 else None]
    numbers = (Decimal(found.replace(",", "")) for found in _NUMBER.findall(plain(row)))
    value, half = one.amount.value, one.amount.half + other.amount.half
    return any(abs(number * other.amount.factor - value) <= half for number in numbers)


def _near(one: Told, other: Told) -> bool:
    less, more = sorted((one.amount.value, other.amount.value))
    return less > 0 and more <= less * _FURTHEST


def _power(one: Told, other: Told) -> Decimal | None:
    """The power of ten that parts the two, if any."""
    less, more = sorted((one.amount, other.amount), key=lambda amount: amount.value)
    return next(
        (p for p in _POWERS if less.low * p <= more.high and more.low <= less.high * p), None
    )


def _check(what: str, period: str, one: Told, other: Told) -> Check:
    power = _power(one, other)
    first, second = one.amount.printed, other.amount.printed
    if power:
        less, more = sorted((one.amount, other.amount), key=lambda amount: amount.value)
        message = f"{period}年{what}两处所述相差{power:,}倍，疑为单位或小数点有误，请核实。"
        arithmetic = f"{less.printed}×{power:,}＝{more.printed}"
    else:
        message = f"{period}年{what}两处所述不一致（{first}、{second}），请核实。"
        arithmetic = f"{first} ≠ {second}"
    places = (one.measure.figure.quote, other.measure.figure.quote)
    return Check("unit" if power else "twice", "doubt", message, arithmetic, places)
