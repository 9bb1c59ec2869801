"""Values that cannot be of the same scale as the year before: a unit or a point misplaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.check.amounts import Amount, amount
from pipeline.check.headlines import headline_of
from pipeline.facts import Check, Measure
from pipeline.measure.tables import year_in
from pipeline.place import quote
from pipeline.records import Document

_LEAST = 1000  # times; a company may grow tenfold in a year, a figure that small may be a pilot's
_SPREAD = 2  # about the power of ten: 12.3 and 12,100 are a slip, 12.3 and 50,000 may be two things


def check_scale(document: Document, measures: Sequence[Measure]) -> Iterator[Check]:
    """Headlines about 1000, 10,000 ... times what the same row tells of the year before.

    Headlines only: other lines of an account do swing a thousandfold.
    """
    for measure in measures:
        now, headline = amount(measure.figure), headline_of(measure)
        if now is None or headline is None or not measure.period:
            continue
        for what, figure in measure.compared:
            before = amount(figure)
            if before is None or figure.unit != measure.figure.unit or not year_in(what):
                continue
            power = _power(now, before)
            if power and abs(int(year_in(what)) - int(measure.period)) == 1:
                years = (year_in(what), measure.period)
                yield _check(document, headline.name, years, before, now, power)


def _power(one: Amount, other: Amount) -> int | None:
    less, more = sorted((abs(one.value), abs(other.value)))
    if less <= 0 or more / less < _LEAST / _SPREAD:
        return None
    ratio = more / less
    power = 10 ** round(float(ratio.log10()))
    return power if power >= _LEAST and Decimal(1) / _SPREAD <= ratio / power <= _SPREAD else None


def _check(
    document: Document, name: str, years: tuple[str, str], before: Amount, now: Amount, power: int
) -> Check:
    return Check(
        kind="unit",
        severity="doubt",
        message=(
            f"{name}{years[0]}年为{before.printed}，{years[1]}年为{now.printed}，"
            f"相差约{power:,}倍，疑为单位或小数点有误，请核实。"
        ),
        arithmetic=f"{before.printed} 与 {now.printed} 相差约{power:,}倍",
        quotes=tuple(quote(document, one.start, one.end, one.cell) for one in (before, now)),
    )
