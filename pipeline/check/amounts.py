"""Printed figures as intervals: all that a number may have been before it was rounded.

``12.3`` was anything from 12.25 to 12.35; 73 people were 73. Nothing here is a setting: every
tolerance follows from the digits as they stand in the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipeline.facts import Figure
from pipeline.measure import Number
from pipeline.measure.units import plain

# what is counted, not measured: a whole number of them is exact
COUNTED = frozenset({"人", "人次", "次", "件", "家", "项", "个", "份", "台", "株"})
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_TOLERABLE = Decimal("1e-9")  # of the value: what float arithmetic upstream may have left


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure and how far its printed digits let it be off.

    Attributes:
        value: In ``unit``, the base unit of the figure.
        half: Half of the last printed place, in ``unit``; 0 for whole counts.
        factor: What 1 as printed is in ``unit`` (10000 for 万元).
        places: Decimals printed.
        unit: Base unit, "" where none is printed.
        suffix: The printed unit.
        start: Where it stands in the document.
        end: Behind its last character.
        cell: Its place in a table, 1-based.
    """

    value: Decimal
    half: Decimal
    factor: Decimal
    places: int
    unit: str
    suffix: str
    start: int
    end: int
    cell: tuple[int, int] | None = None

    @property
    def low(self) -> Decimal:
        """The least it may be."""
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        """The most it may be."""
        return self.value + self.half

    @property
    def printed(self) -> str:
        """Number and unit as printed, without the spaces of the typesetter."""
        return show(self.value, self)


def amount(figure: Figure, counted: bool = False) -> Amount | None:
    """A figure of a table or measure as an interval.

    Args:
        figure: A figure of pipeline.measure.
        counted: Whole numbers are exact although the report names no unit.

    Returns:
        None where the number is printed in words (三百人): how exact it is, nobody can say.
    """
    place = figure.quote
    known = _interval(figure.printed, figure.value, figure.unit, counted)
    return known and Amount(*known, place.start, place.end, place.cell)


def number_amount(number: Number, offset: int) -> Amount | None:
    """A number of the text as an interval; ``offset`` is where the parsed text starts."""
    known = _interval(number.printed, number.value, number.unit, False)
    return known and Amount(*known, offset + number.start, offset + number.end)


def _interval(
    printed: str, value: float, unit: str, counted: bool
) -> tuple[Decimal, Decimal, Decimal, int, str, str] | None:
    found = _NUMBER.search(plain(printed))
    if not found:
        return None
    digits = re.sub("[,，]", "", found.group())
    number, exact = Decimal(digits), Decimal(f"{value:.15g}")
    # 9 digits: the quotient of two floats is no more than near the factor of the lexicon
    factor = Decimal(f"{float(abs(exact) / number):.9g}") if number and exact else Decimal(1)
    places = len(digits.partition(".")[2])
    whole = not places and factor == 1 and (counted or unit in COUNTED)
    half = Decimal(0) if whole else factor.scaleb(-places) / 2
    suffix = "".join(printed[found.end() :].split()).strip(")）")
    return exact, half, factor, places, unit, suffix


def total(parts: Sequence[Amount]) -> tuple[Decimal, Decimal]:
    """Sum of the parts and how far their rounding lets it be off."""
    return sum((one.value for one in parts), Decimal(0)), sum(
        (one.half for one in parts), Decimal(0)
    )


def adds_up(parts: Sequence[Amount], whole: Amount) -> bool:
    """Whether the parts may sum to the whole."""
    summed, slack = total(parts)
    return abs(summed - whole.value) <= slack + whole.half + abs(whole.value) * _TOLERABLE


def overlap(low: Decimal, high: Decimal, printed: Amount) -> bool:
    """Whether a value between ``low`` and ``high`` may have been printed so.

    One more half place on the side of zero: many cut digits off where they should round.
    """
    below, above = (1, 2) if printed.value >= 0 else (2, 1)
    least = printed.value - below * printed.half
    most = printed.value + above * printed.half
    return low <= most and high >= least


def last_digit(value: Decimal, printed: Amount) -> bool:
    """Whether ``value`` misses what is printed by little more than its last digit."""
    return abs(abs(value) - abs(printed.value)) <= 3 * printed.half


def show(value: Decimal, like: Amount, places: int | None = None) -> str:
    """``value`` (base unit) as ``like`` is printed: ``73人``, ``6,480.0万元``."""
    exponent = Decimal(1).scaleb(-(like.places if places is None else places))
    number = (value / like.factor).quantize(exponent, ROUND_HALF_UP)
    return f"{number:,}{like.suffix}"


def written_sum(parts: Sequence[Amount], whole: Amount) -> str:
    """``10人＋63人＝73人 ≠ 70人``."""
    summed, _ = total(parts)
    places = max(_places_in(part, whole) for part in (*parts, whole))
    terms = "＋".join(part.printed for part in parts)
    return f"{terms}＝{show(summed, whole, places)} ≠ {whole.printed}"


def _places_in(part: Amount, whole: Amount) -> int:
    """Decimals that ``part`` needs when it is written in the unit of ``whole``."""
    last = part.factor.scaleb(-part.places) / whole.factor
    return max(0, -last.normalize().adjusted())
