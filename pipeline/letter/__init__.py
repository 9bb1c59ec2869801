"""The letter to the company (修改建议函): what is well told, what is missing, what to clear up.

Pure: from the conclusions on a report, with the experts' decisions in them, to suggestions.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.frameworks import Framework
from pipeline.letter.missing import missing
from pipeline.letter.records import Ask, Kind, Suggestion
from pipeline.letter.slips import slips
from pipeline.letter.strengths import strengths
from pipeline.programmes import Programme
from pipeline.records import ReportScore

__all__ = ["Ask", "Kind", "Suggestion", "suggestions"]


def suggestions(
    score: ReportScore, frameworks: Sequence[Framework], programme: Programme
) -> tuple[Suggestion, ...]:
    """All that there is to tell: strengths, what is missing, what to clear up.

    Args:
        score: Conclusions on the report, decisions of experts applied.
        frameworks: Those it was reviewed by; findings of others are left out.
        programme: Order of the guidelines and weights of the quality dimensions.

    Returns:
        Suggestions with unique ids; within a kind the most important first.
    """
    return (
        *strengths(score, frameworks, programme),
        *missing(score, frameworks, programme),
        *slips(score, programme),
    )
