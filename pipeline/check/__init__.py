"""Check a report against itself, its form and last year's report (核查)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.check.forms import check_forms
from pipeline.check.growth import check_table_growth, check_text_growth
from pipeline.check.harm import check_harm
from pipeline.check.rates import check_measured_growth
from pipeline.check.scale import check_scale
from pipeline.check.sentences import sentences
from pipeline.check.shares import check_hundred, check_table_shares, check_text_shares
from pipeline.check.table_sums import check_table_sums
from pipeline.check.text_sums import check_text_sums
from pipeline.check.told import comparable, headcounts, in_words
from pipeline.check.twice import check_twice
from pipeline.check.years import check_last_year
from pipeline.facts import Check, Measure
from pipeline.measure import Table, tables
from pipeline.records import Document, Submission

__all__ = ["checks"]

_SEVERITIES = ("error", "doubt", "note")


def checks(
    document: Document,
    measures: Sequence[Measure],
    submission: Submission,
    last_year: Sequence[Measure] = (),
    grids: Sequence[Table] | None = None,
) -> tuple[Check, ...]:
    """What does not agree: sums, shares, growth, values told twice, units, form, last year.

    Args:
        document: The report.
        measures: Its measures (pipeline.measure).
        submission: Its registration gives the statistics form.
        last_year: Measures of the company's report of the year before; none: nothing to compare.
        grids: Its tables, where they have been read already.

    Returns:
        Checks, the most severe first, then in the order of the report; none twice. The rules
        and their tolerances are told in docs/checks.md.
    """
    year = str(submission.registration.year or "") or _year(measures)
    said = list(sentences(document))
    grids = tables(document) if grids is None else grids
    told = [
        *comparable(document, measures),
        *in_words(document, said, year),
        *headcounts(document, grids, year),
    ]
    found = [
        *check_table_sums(document, grids),
        *check_text_sums(document, said),
        *check_table_shares(document, grids),
        *check_text_shares(document, said),
        *check_hundred(document, grids),
        *check_table_growth(document, grids),
        *check_text_growth(document, said),
        *check_measured_growth(document, measures),
        *check_scale(document, measures),
        *check_twice(document, told),
        *check_harm(document),
        *check_forms(told, submission.registration),
        *check_last_year(document, measures, last_year, year),
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
