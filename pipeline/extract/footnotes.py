"""Notes at the foot of a page: set apart, so that a sentence goes on over the page break."""

from __future__ import annotations

import re

from pipeline.extract.lines import Run, levels_of, lines_of
from pipeline.extract.paragraphs import Paragraph

_SMALL = 0.92  # of the body's size, at most
_FOOT = 0.5  # of the height of the page, above which no note begins
_MARK = re.compile(
    r"[①-⑳*＊†]|[\[［]\d{1,2}[\]］]|\d{1,2}(?=[\s㐀-鿿“《])(?!\d|\s*[年月日])|注\s*\d{0,2}\s*[:：]"
)


def part_notes(runs: list[Run], height: float, body: float) -> tuple[list[Run], list[Paragraph]]:
    """Tell the notes at the foot of a page from its text.

    Args:
        runs: Of a page, without page furniture and tables.
        height: Of the page, points.
        body: Font size of the running text, points.

    Returns:
        The other runs; the notes from top to bottom.
    """
    levels = levels_of([run for run in runs if run.upright])
    first = len(levels)
    while first and _is_small(levels[first - 1], height, body):
        first -= 1
    while first < len(levels) and not _begins(levels[first]):
        first += 1
    if first in (0, len(levels)):
        return runs, []
    notes: list[Paragraph] = []
    for level in levels[first:]:
        if _begins(level):
            notes.append(Paragraph([], note=True))
        notes[-1].lines += lines_of(level)
    held = {id(run) for level in levels[first:] for run in level}
    return [run for run in runs if id(run) not in held], notes


def _is_small(level: list[Run], height: float, body: float) -> bool:
    return min(run.top for run in level) > _FOOT * height and all(
        run.size <= _SMALL * body for run in level
    )


def _begins(level: list[Run]) -> bool:
    text = min(level, key=lambda run: run.x0).text
    return _MARK.match(text) is not None and not text.endswith(("：", ":"))
