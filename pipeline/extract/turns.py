"""Pages on which most of the text is printed sideways: read as one reads them, the page turned.

Wide tables stand so on upright pages. Everything is laid out on the turned page; the places
are put back to the page as shown at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipeline.extract.frame import Frame, turn_boxes
from pipeline.extract.glyphs import Glyphs
from pipeline.extract.lines import ASCENT, Run
from pipeline.extract.paragraphs import Paragraph
from pipeline.extract.tables import Table

_MOST = 0.5  # share of the characters

Item = Paragraph | Table | Run


@dataclass(frozen=True, slots=True)
class Turn:
    """Quarters clockwise by which a page is turned to be read, and its size as shown."""

    quarters: int
    width: float
    height: float

    @classmethod
    def of(cls, glyphs: Glyphs, frame: Frame) -> Turn:
        """What sets most of the text of a page upright."""
        counts = np.bincount(glyphs.turns, minlength=4) if glyphs.text else np.zeros(4)
        most = int(counts.argmax())
        quarters = most if counts[most] > _MOST * counts.sum() else 0
        return cls(quarters, frame.width, frame.height)

    def back(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes (n, 4) of the turned page on the page as shown."""
        size = (self.width, self.height)
        wide, high = reversed(size) if self.quarters % 2 else size
        return turn_boxes(boxes, (4 - self.quarters) % 4, wide, high)


def shown(runs: list[Run], turn: Turn) -> list[Run]:
    """Copies of the runs of a page with their places as shown."""
    if not turn.quarters or not runs:
        return runs
    boxes = turn.back(np.array([(r.x0, r.top, r.x1, r.bottom) for r in runs])).tolist()
    return [
        replace(run, x0=x0, top=top, x1=x1, bottom=bottom, base=bottom - (1 - ASCENT) * run.size)
        for run, (x0, top, x1, bottom) in zip(runs, boxes, strict=True)
    ]


def put_back(flow: Iterable[Item], turns: Mapping[int, Turn]) -> list[Item]:
    """The blocks of a document with their places as shown; ``turns`` by page."""
    return [_put_back(item, turns) for item in flow] if turns else list(flow)


def _run_back(run: Run, turns: Mapping[int, Turn]) -> Run:
    return shown([run], turns[run.page])[0] if run.page in turns else run


def _put_back(item: Item, turns: Mapping[int, Turn]) -> Item:
    if isinstance(item, Run):
        return _run_back(item, turns)
    if isinstance(item, Paragraph):
        return replace(item, lines=[_run_back(line, turns) for line in item.lines])
    rows = []
    for row in item.rows:
        if turn := turns.get(row.page):
            box = turn.back(np.array([row.box])).round(2).tolist()[0]
            row = replace(row, box=tuple(box))
        rows.append(row)
    return replace(item, rows=tuple(rows))
