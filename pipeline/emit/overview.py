"""overview.xlsx and overview.html: a row for each report, and what to ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.emit.escape import clean
from pipeline.emit.files import put
from pipeline.emit.html import page
from pipeline.emit.overview_book import overview_xlsx
from pipeline.emit.summary import Year
from pipeline.emit.words import FILE_STATUS
from pipeline.emit.yearview import YearRow, YearView, year_view


def write_overview(out: Path, year: Year) -> None:
    """Write overview.xlsx and overview.html into ``out``; OSError if the disk refuses."""
    shown = year_view(year)
    put(out / "overview.xlsx", overview_xlsx(shown))
    put(out / "overview.html", overview_html(shown))


def overview_html(view: YearView) -> bytes:
    """The page as UTF-8; about 0.4 kB a report, rows drawn a hundred at a time."""
    read = [row.summary for row in view.rows if row.summary]
    return page(
        "overview",
        view=view,
        year=view.year,
        total=len(view.rows),
        reports=len(read),
        doubtful=sum(s.needs_expert for s in read),
        alarmed=sum(s.alarms > 0 for s in read),
        contradicting=sum(dict(s.checks).get("error", 0) > 0 for s in read),
        data=_data(view),
    )


def _data(view: YearView) -> dict[str, Any]:
    ids = [d.framework.id for d in view.distributions]
    return {
        "frameworks": [[d.framework.short, d.framework.draft] for d in view.distributions],
        "dimensions": view.dimensions,
        "statuses": FILE_STATUS,
        "rows": [_row(row, ids) + _facts(row, view.dimensions) for row in view.rows],
    }


def _row(row: YearRow, ids: list[str]) -> list[Any]:
    """A row as overview.js names its places; shares are [weighted, low, high] or null."""
    outcome, told, found = row.outcome, row.told, row.summary
    shares = [row.shares.get(i) for i in ids]
    return [
        outcome.status,
        outcome.submission,
        clean(outcome.file),
        clean(told.company),
        clean(told.industry),
        clean(told.district),
        told.year,
        found.pages if found else None,
        found.characters if found else None,
        found.needs_expert if found else None,
        found.levels if found else None,
        [None if c is None else [c.weighted, c.low, c.high] for c in shares],
        clean(outcome.reason),
    ]


def _facts(row: YearRow, dimensions: Sequence[str]) -> list[Any]:
    """The second half of a row: what is known of quality and checks, null where nothing is."""
    found, standing = row.summary, row.standing
    if found is None or standing is None:
        return [None, "", [None] * len(dimensions), None, None, None, None, None, None]
    checks, scores = dict(found.checks), dict(found.dimensions)
    return [
        found.quality,
        clean(found.band),
        [scores.get(name) for name in dimensions],
        checks.get("error", 0),
        checks.get("doubt", 0),
        found.alarms,
        standing.percentile,
        standing.in_industry,
        standing.beyond,
    ]
