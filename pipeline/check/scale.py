"""Values that cannot be of the same scale as the year before: a unit or a point misplaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.check.amounts import Amount, amount
from pipeline.check.headlines import plain_name
from pipeline.facts import Check, Measure
from pipeline.measure.tables import year_in
from pipeline.place import quote
from pipeline.records import Document

_LEAST = 1000  # times; a company may grow tenfold in a year, a figure that small may be a pilot's
_SPREAD = 2  # about the power of ten: 12.3 and 12,100 are a slip, 12.3 and 50,000 may be two things


def check_scale(document: Document, measures: Sequence[Measure]) -> Iterator[Check]:
    """Figures about 1000, 10,000 ... times what the same row tells of the year before."""
    for measure in measures:
        now = amount(measure.figure)
        if now is None or not measure.period or measure.figure.unit == "%":
            continue
        for what, figure in measure.compared:
            before = amount(figure)
            if before is None or figure.unit != measure.figure.unit or not year_in(what):
                continue
            power = _power(now, before)
            if power and abs(int(year_in(what)) - int(measure.period)) == 1:
                yield _check(document, measure, year_in(what), before, now, power)


def _power(one: Amount, other: Amount) -> int | None:
    less, more = sorted((abs(one.value), abs(other.value)))
    if less <= 0 or more / less < _LEAST / _SPREAD:
        return None
    ratio = more / less
    power = 10 ** round(float(ratio.log10()))
    return power if power >= _LEAST and Decimal(1) / _SPREAD <= ratio / power <= _SPREAD else None


def _check(
    document: Document, measure: Measure, year: str, before: Amount, now: Amount, power: int
) -> Check:
    name = plain_name(measure.name)
    return Check(
        kind="unit",
        severity="doubt",
        message=(
            f"{name}{year}年为{before.printed}，{measure.period}年为{now.printed}，"
            f"相差约{power:,}倍，疑为单位或小数点有误，请核实。"
        ),
        arithmetic=f"{before.printed} 与 {now.printed} 相差约{power:,}倍",
        quotes=tuple(quote(document, one.start, one.end, one.cell) for one in (before, now)),
    )
