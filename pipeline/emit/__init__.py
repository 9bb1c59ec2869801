"""Emit: findings become files people and programs can read (contract 1.1, docs/output.md).

Same records, same bytes: nothing here reads a clock, and every file is replaced whole.
"""

from pipeline.emit.contract import CONTRACT, Times, Versions
from pipeline.emit.documents import read_document
from pipeline.emit.findings import read_reviewed, read_score
from pipeline.emit.overview import write_overview
from pipeline.emit.report import write_report
from pipeline.emit.run import write_run, year_of
from pipeline.emit.summary import Orphans, Summary, Year, summarise

__all__ = [
    "CONTRACT",
    "Orphans",
    "Summary",
    "Times",
    "Versions",
    "Year",
    "read_document",
    "read_reviewed",
    "read_score",
    "summarise",
    "write_overview",
    "write_report",
    "write_run",
    "year_of",
]
