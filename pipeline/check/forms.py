"""The registration's statistics form against the report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.check.amounts import Amount, amount, show
from pipeline.check.headlines import Headline, headlines
from pipeline.check.told import Told
from pipeline.facts import Check, Figure, Quote
from pipeline.measure.units import read_unit
from pipeline.records import Registration

_TITLE = re.compile(r"^(?P<name>[^(（]+)(?:[(（](?P<unit>[^)）]+)[)）])?$")
_VALUE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def check_forms(told: Sequence[tuple[str, Told]], registration: Registration) -> Iterator[Check]:
    """Fields of the form that no value of the report for that year agrees with.

    A field of which the report says nothing, or not of the year registered, yields nothing;
    nor does one whose title (docs/registration.md) or unit is not known.
    """
    year = str(registration.year or "")
    for title, value in registration.statistics:
        field = field_of(title, value)
        if field is None:
            continue
        headline, given = field
        said = [
            one
            for what, one in told
            if what == headline.name and one.measure.period == year and _alike(one, given)
        ]
        if said and not any(_agree(one.amount, given) for one in said):
            yield _check(headline.name, title, value, said[0], given)


def field_of(title: str, value: str) -> tuple[Headline, Amount] | None:
    """What a column asks for and the value given, in base units."""
    found = _TITLE.match("".join(unicodedata.normalize("NFKC", title).split()))
    number = _VALUE.fullmatch(value.strip().rstrip("%％"))
    if not found or not number:
        return None
    headline = next((one for one in headlines() if found["name"] in one.titles), None)
    unit = read_unit((found["unit"] or "").split("/年")[0])
    if headline is None or unit is None:
        return None
    digits = number.group().replace(",", "")
    base = float(Decimal(digits) * unit.factor)
    place = Quote(None, 0, 0, 0, f"{title}：{value}", source="form")
    known = amount(Figure(base, unit.base, f"{digits}{found['unit']}", place))
    return (headline, known) if known else None


def _alike(one: Told, given: Amount) -> bool:
    """Whether the units may stand for one another: tons of CO2 are told in two ways."""
    units = {one.amount.unit, given.unit}
    return len(units) == 1 or units == {"吨", "tCO2e"}


def _agree(one: Amount, other: Amount) -> bool:
    return one.low <= other.high and other.low <= one.high


def _check(what: str, title: str, value: str, told: Told, given: Amount) -> Check:
    said = told.amount
    reported = show(said.value, given, _places(said, given))
    return Check(
        kind="form",
        severity="doubt",
        message=f"申报表所填“{title}”为{value}，报告中{what}为{said.printed}，两者不一致，请核实。",
        arithmetic=f"{given.printed}（申报表）≠ {reported}（报告）",
        quotes=(
            Quote(None, 0, 0, 0, f"{title}：{value}", source="form"),
            told.measure.figure.quote,
        ),
    )


def _places(said: Amount, given: Amount) -> int:
    """Decimals to write the report's value with in the form's unit."""
    last = said.factor.scaleb(-said.places) / given.factor
    return max(given.places, -last.normalize().adjusted(), 0)
