"""Figures of the whole company under the names that reports and forms give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.facts import Measure
from pipeline.resources import read_yaml, shipped

# words that may stand in a figure's name without making it another figure
_AROUND = re.compile(
    r"^(?:(?:本|我|全)?(?:公司|集团|企业|行|司)|全年度?|年度|报告期内?|20\d\d年度?|共计?|累计|合计|总计|现?有|拥有|实现|完成|"
    r"组织|开展|举办|在职|在岗|在册|截至|年末|年底|期末|报告|目前|的)+|[:：*]+$"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that a report may tell but once: its name, units, and what it is called."""

    name: str
    units: frozenset[str]
    said: re.Pattern[str]
    titles: frozenset[str]  # of form columns, units and spaces aside


@lru_cache
def headlines() -> tuple[Headline, ...]:
    """All of data/lexicon/headlines.yaml."""
    data = read_yaml(shipped("data", "lexicon", "headlines.yaml"))
    return tuple(
        Headline(
            row["name"],
            frozenset(row["units"]),
            re.compile(row["said"]),
            frozenset({row["name"], *row.get("form", ())}),
        )
        for row in data["headlines"]
    )


def plain_name(name: str) -> str:
    """A measure's name without the words that change nothing."""
    return _AROUND.sub("", "".join(name.split()))


def headline_of(measure: Measure) -> Headline | None:
    """The headline that a measure of the whole company tells; None for all others."""
    if measure.scope:
        return None
    return headline_named(plain_name(measure.name), measure.figure.unit)


def headline_named(name: str, unit: str) -> Headline | None:
    """The headline of that plain name and base unit."""
    return next(
        (one for one in headlines() if unit in one.units and one.said.fullmatch(name)), None
    )
