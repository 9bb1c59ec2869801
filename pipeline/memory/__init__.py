"""A company over years: this report held against the one before (与上年相比).

Pure: two reports with what was concluded of them in, what changed out. Finding last year's
report of a company is ``pipeline.past``.
"""

from __future__ import annotations

from pipeline.check.years import check_last_year
from pipeline.facts import Memory
from pipeline.memory.copied import copied, copied_share
from pipeline.memory.figures import figure_changes
from pipeline.memory.promises import promises
from pipeline.memory.sentences import sentences
from pipeline.memory.shifts import shifts
from pipeline.records import Document, ReportScore

__all__ = ["Reviewed", "compare_years"]

Reviewed = tuple[ReportScore, Document]


def compare_years(last: Reviewed, this: Reviewed) -> Memory:
    """What changed from last year's report of a company to this year's.

    Args:
        last: Last year's report, as concluded and as read.
        this: This year's; ``facts.measures`` of both are compared.

    Returns:
        Changes with quotes of both; those of last year's say so and have no offsets.
    """
    (before, earlier), (after, document) = last, this
    told, year = before.submission.registration, after.submission.registration.year
    here, there = sentences(document), sentences(earlier)
    of_year = str(year or "")
    return Memory(
        company=told.company,
        year=told.year,
        sha256=before.submission.sha256,
        shifts=shifts(before.findings, after.findings),
        figures=figure_changes(before, after),
        restated=tuple(
            check_last_year(document, after.facts.measures, before.facts.measures, of_year)
        ),
        promises=promises(last, this),
        copied_share=copied_share(here, there),
        copied=copied(document, here, earlier, there),
    )
