"""sheet.html: the coverage sheet of one report, each finding opening in context."""

from __future__ import annotations

from collections import Counter

from pipeline.emit.charts import level_bars, stacked
from pipeline.emit.context import contexts
from pipeline.emit.html import page
from pipeline.emit.panels import panels
from pipeline.emit.view import View
from pipeline.emit.words import FLAGS, LEVELS
from pipeline.records import Document


def sheet_html(view: View, document: Document) -> bytes:
    """The page as UTF-8; about 0.2 MB and the text around the evidence, once."""
    quality = view.score.facts.quality
    rows = [row for section in view.sections for row in section.rows]
    return page(
        "sheet",
        view=view,
        score=view.score,
        entry=view.score.submission,
        counts=Counter(row.finding.status for row in rows),
        total=len(rows),
        levels=level_bars(view.score.levels),
        stacks=[stacked(s.coverage) for s in view.sections],
        quality=quality,
        alarms=quality.alarms if quality else (),
        data=contexts(document, view) | {"panels": panels(view), "levels": LEVELS, "flags": FLAGS},
    )
