"""The year's papers (年度材料): committee list, certificates, award candidates, bulletin.

Pure: from what was concluded on each report to lists and figures; nothing is decided here.
"""

from pipeline.papers.awards import shortlist
from pipeline.papers.committee import committee
from pipeline.papers.entries import entry
from pipeline.papers.records import Candidate, Entry, Member, Statistic
from pipeline.papers.statistics import cohort, grades, statistics

__all__ = [
    "Candidate",
    "Entry",
    "Member",
    "Statistic",
    "cohort",
    "committee",
    "entry",
    "grades",
    "shortlist",
    "statistics",
]
