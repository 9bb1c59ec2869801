"""Check a report against itself, its form and last year's report (核查)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.check.forms import forms
from pipeline.check.growth import table_growth, text_growth
from pipeline.check.rates import measured_growth
from pipeline.check.sentences import sentences
from pipeline.check.shares import table_shares, text_shares
from pipeline.check.table_sums import table_sums
from pipeline.check.text_sums import text_sums
from pipeline.check.twice import twice
from pipeline.check.years import last_year as against_last_year
from pipeline.facts import Check, Measure
from pipeline.measure import tables
from pipeline.records import Document, Submission

__all__ = ["checks"]

_SEVERITIES = ("error", "doubt", "note")


def checks(
    document: Document,
    measures: Sequence[Measure],
    submission: Submission,
    last_year: Sequence[Measure] = (),
) -> tuple[Check, ...]:
    """What does not agree: sums, shares, growth, values told twice, units, form, last year.

    Args:
        document: The report.
        measures: Its measures (pipeline.measure).
        submission: Its registration gives the statistics form.
        last_year: Measures of the company's report of the year before; none: nothing to compare.

    Returns:
        Checks, the most severe first, then in the order of the report; none twice. The rules
        and their tolerances are told in docs/checks.md.
    """
    year = str(submission.registration.year or "") or _year(measures)
    said, grids = list(sentences(document)), tables(document)
    found = [
        *table_sums(document, grids),
        *text_sums(document, said),
        *table_shares(document, grids),
        *text_shares(document, said),
        *table_growth(document, grids),
        *text_growth(document, said),
        *measured_growth(document, measures),
        *twice(document, measures, grids, year),
        *forms(document, measures, submission.registration),
        *against_last_year(document, measures, last_year, year),
    ]
    return tuple(sorted(_once(found), key=_rank))


def _year(measures: Sequence[Measure]) -> str:
    """The year that most figures are of; "" where none is dated."""
    years = Counter(measure.period for measure in measures if measure.period)
    return min(years, key=lambda year: (-years[year], year), default="")


def _once(found: Sequence[Check]) -> list[Check]:
    """One check of a kind for the same sum, and for the same words of the report."""
    kept: dict[tuple[str, str], Check] = {}
    for check in found:
        kept.setdefault((check.kind, check.arithmetic), check)
    return list(kept.values())


def _rank(check: Check) -> tuple[int, int]:
    place = min((quote.start for quote in check.quotes if quote.source == "report"), default=0)
    return _SEVERITIES.index(check.severity), place
