"""Audit the report's own content index: follow every line to where it points (内容索引核对)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.audit.aim import Aims
from pipeline.audit.chapters import Chapters
from pipeline.audit.evidence import Evidence
from pipeline.audit.find import Index, clusters, indexes
from pipeline.audit.follow import Follower
from pipeline.facts import IndexLine
from pipeline.records import Document, Reading

__all__ = ["index_lines", "index_spans"]


def index_lines(document: Document, readings: Sequence[Reading]) -> tuple[IndexLine, ...]:
    """Every line of the report's content indexes, followed to its page or chapter.

    Args:
        document: The report.
        readings: Of its passages, by the matcher; frameworks they name are in force.

    Returns:
        A line for each code, in reading order; empty where the report has no index.
    """
    chapters, found = _indexes(document)
    if not chapters or not found:
        return ()
    spans = [(index.start, index.end) for index in found]
    aims = Aims(document, found, chapters)
    follower = Follower(document, found, aims, Evidence(readings, spans))
    return tuple(
        line for index in found for entry in index.entries for line in follower.lines(entry)
    )


def index_spans(document: Document) -> tuple[tuple[int, int], ...]:
    """Stretches of text that are content indexes: they claim and disclose nothing.

    Returns:
        (start, end) in code points, from the first line with a code to the end of the last;
        the index's title and column names stay outside, for they tell that there is one.
    """
    return tuple((index.start, index.end) for index in _indexes(document)[1])


def _indexes(document: Document) -> tuple[Chapters | None, tuple[Index, ...]]:
    candidates = clusters(document)
    if not candidates:  # most reports: no chapter need be known
        return None, ()
    chapters = Chapters(document, [(one.rows[0].start, one.rows[-1].end) for one in candidates])
    return chapters, indexes(document, candidates, chapters.named)
