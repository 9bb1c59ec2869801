"""All that is concluded about one report, from the readings of its passages: no files, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.audit import index_lines
from pipeline.check import checks
from pipeline.conform import Said, conditions, contribution, performance, themes
from pipeline.facts import Facts
from pipeline.frameworks import Framework
from pipeline.measure import measures, tables
from pipeline.memory import Reviewed, compare_years
from pipeline.programmes import Programme
from pipeline.quality import quality
from pipeline.records import Document, Reading, ReportScore, Submission
from pipeline.score import Policy, score


def conclude(
    submission: Submission,
    document: Document,
    readings: Sequence[Reading],
    frameworks: Sequence[Framework],
    programme: Programme,
    policy: Policy,
    last: Reviewed | None = None,
) -> ReportScore:
    """Findings and coverage, and the facts beside them.

    Args:
        submission: Whose report it is, completed with what the report says of itself.
        document: The report.
        readings: The matcher's reading of its passages, in document order.
        frameworks: Frameworks to report on, in the order of the sheet.
        programme: Weights of the quality score, conditions, themes.
        policy: Thresholds of the findings.
        last: The company's report of the year before, where there is one to compare with.

    Returns:
        The score with its facts.
    """
    concluded = score(submission, document, readings, frameworks, policy)
    grids = tables(document)
    figures, index = measures(document, readings, grids), index_lines(document, readings)
    judged = quality(document, readings, concluded, figures, index, programme)
    row, said = submission.registration, Said.of(document, readings)
    goals = contribution(concluded.findings) if programme.sdg else ()
    found = Facts(
        measures=figures,
        checks=checks(document, figures, submission, last[0].facts.measures if last else (), grids),
        quality=judged,
        index=index,
        conditions=conditions(programme, row, said, judged.alarms),
        themes=themes(programme, said),
        performance=(*performance(programme, row, said, figures), *goals),
    )
    whole = replace(concluded, facts=found)
    if last is None:
        return whole
    return replace(whole, facts=replace(found, memory=compare_years(last, (whole, document))))
