"""Indicators of several frameworks that ask for one thing, so that it is asked but once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.frameworks import Crosswalk, Framework, crosswalks

_PLAIN = re.compile(r"[\s、，与和及的（）()“”]+")


def concepts(frameworks: Sequence[Framework]) -> dict[tuple[str, str], str]:
    """The concept of every indicator, by (framework, code).

    An indicator stands for the first row of the crosswalks that holds it; one that is in none
    shares the concept of those of its very name. Rows are not joined through an indicator
    that stands in several: what asks for everything would then be one concept.
    """
    found = _crossed({framework.id for framework in frameworks})
    by_name: dict[str, str] = {}
    pairs = [((f.id, one.code), one) for f in frameworks for one in f.indicators]
    for place, one in pairs:
        if place in found:
            by_name.setdefault(plain(one.name), found[place])
    return {
        place: found.get(place) or by_name.setdefault(plain(one.name), plain(one.name))
        for place, one in pairs
    }


def plain(name: str) -> str:
    """A name without the characters that tell no two names apart."""
    return _PLAIN.sub("", name)


def _crossed(wanted: set[str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for table in crosswalks():
        for row in table.rows:
            for name, codes in row.codes.items():
                if name in wanted:
                    for code in codes:
                        found.setdefault((name, code), f"{_family(table)}.{row.concept}")
    return found


def _family(table: Crosswalk) -> str:
    """Tables that begin with one framework share its concepts (gbt36000_gri, gbt36000_sdg)."""
    return table.id.partition("_")[0]
