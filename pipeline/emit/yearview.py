"""What both overviews show of a year: rows, what to ask for, distributions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from pipeline.cohort import Standing, standings
from pipeline.emit.charts import Bar, Box, box, histogram
from pipeline.emit.summary import Summary, Year, summarise
from pipeline.emit.words import FILE_STATUS
from pipeline.frameworks import Framework
from pipeline.records import Coverage, FileOutcome, FileStatus, Registration

INDUSTRIES = 15  # boxes drawn per framework; the industries with most reports


@dataclass(frozen=True, slots=True)
class YearRow:
    """A file of the year with whatever is known of it."""

    outcome: FileOutcome
    told: Registration
    summary: Summary | None
    shares: dict[str, Coverage]  # by framework id; empty where nothing was read
    standing: Standing | None = None  # of its quality; None where nothing was read


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one framework's coverage lies over the year's reports."""

    framework: Framework
    count: int
    mean: float
    whole: Box
    bins: tuple[Bar, ...]
    industries: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """All that is shown of a year."""

    year: Year
    rows: tuple[YearRow, ...]  # failed first, then partial, done, skipped; by file name
    counts: dict[FileStatus, int]
    distributions: tuple[Distribution, ...]
    dimensions: tuple[str, ...] = ()  # of quality, those that any report has

    def asks(self) -> list[YearRow]:
        """Rows of reports that failed or were read in part, in that order."""
        return [r for r in self.rows if r.outcome.status in ("failed", "partial")]


def _rows(year: Year) -> Iterable[YearRow]:
    told = {s.id: s.registration for s in year.submissions}
    for outcome in year.ordered():
        summary = year.summaries.get(outcome.submission)
        if summary is None and outcome.score is not None:
            summary = summarise(outcome.score)
        shares = {c.framework: c for c in summary.coverage} if summary else {}
        known = told.get(outcome.submission) or _told(summary)
        yield YearRow(outcome, known, summary, shares)


def _standing(rows: Sequence[YearRow]) -> Iterable[YearRow]:
    """Rows with their report's standing among those of the year and the industry."""
    read = [(row, row.summary) for row in rows if row.summary]
    found = standings(
        [s.quality for _, s in read],
        [s.characters for _, s in read],
        [row.told.industry for row, _ in read],
    )
    by_report = {s.submission: one for (_, s), one in zip(read, found, strict=True)}
    for row in rows:
        yield replace(row, standing=by_report.get(row.summary.submission)) if row.summary else row


def _dimensions(rows: Sequence[YearRow]) -> tuple[str, ...]:
    scored = (name for r in rows if r.summary for name, s in r.summary.dimensions if s is not None)
    return tuple(dict.fromkeys(scored))


def _told(summary: Summary | None) -> Registration:
    if summary is None:
        return Registration()
    return Registration(
        company=summary.company,
        industry=summary.industry,
        district=summary.district,
        year=summary.year,
    )


def _distribution(framework: Framework, rows: Sequence[YearRow]) -> Distribution | None:
    pairs = [
        (row.told.industry or "未登记", row.shares[framework.id].weighted)
        for row in rows
        if framework.id in row.shares
    ]
    if not pairs:
        return None
    shares = [share for _, share in pairs]
    return Distribution(
        framework=framework,
        count=len(shares),
        mean=round(mean(shares), 4),
        whole=box("全部", shares),
        bins=histogram(shares),
        industries=_industries(pairs),
    )


def _industries(pairs: Sequence[tuple[str, float]]) -> tuple[Box, ...]:
    by_industry: dict[str, list[float]] = {}
    for industry, share in pairs:
        by_industry.setdefault(industry, []).append(share)
    most = sorted(by_industry, key=lambda name: (-len(by_industry[name]), name))[:INDUSTRIES]
    ranked = sorted(most, key=lambda name: (-median(by_industry[name]), name))
    return tuple(box(name, by_industry[name]) for name in ranked)


def year_view(year: Year) -> YearView:
    """Gather what the overviews show; nothing depends on the order of ``outcomes``."""
    rank = {status: n for n, status in enumerate(FILE_STATUS)}
    rows = tuple(sorted(_standing(list(_rows(year))), key=lambda r: rank[r.outcome.status]))
    counted = Counter(r.outcome.status for r in rows)
    found = (_distribution(f, rows) for f in year.frameworks)
    return YearView(
        year=year,
        rows=rows,
        counts={status: counted[status] for status in FILE_STATUS},
        distributions=tuple(d for d in found if d),
        dimensions=_dimensions(rows),
    )
