"""A panel as the trends need it: columns of reports, a table a framework; and who came again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.trends.estimates import Floats, Mask

Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Told:
    """One framework's conclusions on all reports; NaN where a report was not reviewed by it.

    Attributes:
        id: Framework id.
        name: Its short Chinese name.
        coverage: Weighted coverage, 0-1 (reports,).
        depth: Mean level of the disclosed indicators, 0-4 (reports,).
        codes: Indicators.
        titles: Their names.
        disclosed: 1 disclosed, 0 not; NaN where not applicable or unreadable (reports x codes).
        level: Level 0-4 of what is disclosed, else NaN (reports x codes).
    """

    id: str
    name: str
    coverage: Floats
    depth: Floats
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    disclosed: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class Years:
    """All reports of a panel, each company at most once a year, by year and company."""

    report: Names  # ids, as the panel has them
    company: Names
    year: NDArray[np.int64]
    industry: Names  # "" where unknown
    district: Names
    sha256: Names  # of the report's file, by which its text is found
    length: Floats  # characters
    frameworks: tuple[Told, ...]
    dimensions: dict[str, Floats]  # quality 0-100, the total first; NaN where not scored
    texts: dict[str, Floats]  # substance, boilerplate, copied: shares 0-1
    notes: tuple[str, ...] = ()  # Chinese: what limits the comparison of years

    @property
    def all(self) -> tuple[int, ...]:
        """The years, first to last."""
        return tuple(int(one) for one in np.unique(self.year))

    def of(self, year: int) -> Mask:
        """Reports of a year."""
        return self.year == year


@dataclass(frozen=True, slots=True)
class Came:
    """Which reports are of companies that reported the year before, or never before.

    The year before is the panel's last one before: a programme may leave out a year. Of the
    panel's first year neither can be told; a company that left out a year came back.
    """

    again: Mask
    new: Mask
    back: Mask
    always: Mask  # of companies with a report in every year of the panel


def came(years: Years) -> Came:
    """Tell reports of survivors (连续参评) and entrants (新进) apart."""
    had = set(zip(years.company.tolist(), years.year.tolist(), strict=True))
    first: dict[str, int] = {}
    for company, year in sorted(had, key=lambda one: one[1]):
        first.setdefault(company, year)
    begun = years.all[0] if years.all else 0
    pairs = list(zip(years.company.tolist(), years.year.tolist(), strict=True))
    before = dict(zip(years.all[1:], years.all[:-1], strict=True))
    again = np.array([(c, before.get(y)) in had for c, y in pairs], bool)
    new = np.array([first[c] == y != begun for c, y in pairs], bool)
    always = {c for c in first if all((c, y) in had for y in years.all)}
    return Came(
        again=again,
        new=new,
        back=(years.year != begun) & ~again & ~new,
        always=np.array([c in always for c, _ in pairs], bool),
    )
