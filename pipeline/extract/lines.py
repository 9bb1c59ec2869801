"""Printed lines: characters -> runs -> the lines of a column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pipeline.extract.amounts import side_by_side
from pipeline.extract.frame import turn_boxes
from pipeline.extract.glyphs import Glyphs
from pipeline.extract.spelling import CJK_CODES, LAST_CODE, is_cjk
from pipeline.facts import Box

ASCENT = 0.88  # of an em above the baseline; the rest below: one box for all fonts of a line
_BREAK = 1.2  # em of empty space that ends a run
_OVERLAP = 0.6  # em a character may reach back into its neighbour
_RAISED = 0.25  # em the baseline may move within a run
_LEVEL = 0.5  # em between baselines of one line
_RAISED_SIZE = 0.85  # of the larger type; smaller type need only overlap it to be on its line
_TAB = 1.5  # em of empty space that parts cells rather than words
_WIDE_SPACE = 0.45  # em between Chinese characters that is a space somebody meant


@dataclass(slots=True)
class Run:
    """Characters printed one after the other; also a whole line once runs are put together."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    bold: bool
    upright: bool = True  # False: characters stand one below the other
    tabbed: bool = False  # cells side by side
    column: int = 0  # number of the column on its page, set by layout
    cell: int = -1  # number of the table cell it stands in
    parts: tuple[Run, ...] = ()  # its pieces, where white space inside it may hold other runs

    @property
    def box(self) -> Box:
        """Place on the page, rounded to a hundredth of a point."""
        return round(self.x0, 2), round(self.top, 2), round(self.x1, 2), round(self.bottom, 2)


def runs_of(glyphs: Glyphs, page: int, cells: np.ndarray | None = None) -> list[Run]:
    """Runs of a page in the file's own order.

    Args:
        glyphs: Characters of the page.
        page: Its number.
        cells: Shape (characters,): number of the table cell each one stands in, -1 for none.

    Returns:
        The runs; none reaches from one cell into another.
    """
    if not glyphs.text:
        return []
    if cells is None:
        cells = np.full(len(glyphs.text), -1)
    if not glyphs.turns.any():
        return _stack(_runs(_Page.of(glyphs, cells, page), _edges(glyphs, cells)))
    runs = []
    for quarters in range(4):
        which = np.flatnonzero(glyphs.turns == quarters)
        some, theirs = glyphs.pick(which), cells[which]
        runs += _turned(some, theirs, page, quarters) if quarters else runs_of(some, page, theirs)
    return runs


def _turned(glyphs: Glyphs, cells: np.ndarray, page: int, quarters: int) -> list[Run]:
    """Runs of text that stands upright once the page is turned so far, places as shown."""
    if not glyphs.text:
        return []
    boxes = turn_boxes(glyphs.boxes, quarters, 0.0, 0.0)
    base = boxes[:, 3] - (1 - ASCENT) * glyphs.size
    level = replace(glyphs, boxes=boxes, base=base, turns=np.zeros_like(glyphs.turns))
    runs = runs_of(level, page, cells)
    sides = np.array([(run.x0, run.top, run.x1, run.bottom) for run in runs])
    for run, shown in zip(runs, turn_boxes(sides, 4 - quarters, 0.0, 0.0).tolist(), strict=True):
        run.x0, run.top, run.x1, run.bottom = shown
        run.base, run.upright, run.parts = run.bottom, False, ()
    return runs


def _edges(glyphs: Glyphs, cells: np.ndarray) -> np.ndarray:
    """Shape (runs, 2): first character of each run, and the one after its last."""
    size = np.maximum(glyphs.size[1:], glyphs.size[:-1])
    step = glyphs.boxes[1:, 0] - glyphs.boxes[:-1, 2]
    level = np.abs(np.diff(glyphs.base)) < _RAISED * size
    goes_on = level & (step > -_OVERLAP * size) & (step < _BREAK * size)
    goes_on &= glyphs.boxes[1:, 0] >= glyphs.boxes[:-1, 0] - 0.1 * size
    goes_on &= cells[1:] == cells[:-1]
    return _pairs(0, np.flatnonzero(~goes_on) + 1, len(glyphs.text))


def _pairs(first: int, cuts: np.ndarray, last: int) -> np.ndarray:
    ends = np.concatenate([[first], cuts, [last]])
    return np.stack([ends[:-1], ends[1:]], axis=1)


@dataclass(frozen=True, slots=True)
class _Page:
    """What all runs of a page are cut from.

    Attributes:
        glyphs: Its characters.
        cells: Shape (n,): the table cell of each.
        number: Of the page.
        text: The characters with the spaces that a reader sees.
        places: Shape (n,): where each of them stands in ``text``.
    """

    glyphs: Glyphs
    cells: np.ndarray
    number: int
    text: str
    places: np.ndarray

    @classmethod
    def of(cls, glyphs: Glyphs, cells: np.ndarray, number: int) -> _Page:
        """Put a space where one is meant: not where only lines were stretched."""
        codes = np.frombuffer(glyphs.text.encode("utf-32-le"), np.uint32)
        at = np.flatnonzero(glyphs.spaced[1:]) + 1
        wide = glyphs.boxes[at, 0] - glyphs.boxes[at - 1, 2] > _WIDE_SPACE * glyphs.size[at]
        sides = CJK_CODES[np.minimum(codes[[at - 1, at]], LAST_CODE)]
        at = at[wide | ~(sides[0] | sides[1])]
        steps = np.ones(len(codes), np.int64)
        steps[at] = 2
        places = np.cumsum(steps) - 1
        spelt = np.full(len(codes) + len(at), 32, np.uint32)
        spelt[places] = codes
        return cls(glyphs, cells, number, spelt.tobytes().decode("utf-32-le"), places)


def _runs(page: _Page, edges: np.ndarray) -> list[Run]:
    """Runs of a page from their first characters and those after their last, shape (n, 2)."""
    glyphs, first, ends = page.glyphs, edges[:, 0], edges[:, 1]
    sizes = _run_sizes(glyphs.size, edges)
    columns = (
        _reduce(np.minimum, glyphs.boxes[:, 0], edges),
        _reduce(np.maximum, glyphs.boxes[:, 2], edges),
        glyphs.base[first],
        sizes,
        2 * _reduce(np.add, glyphs.bold.astype(np.int64), edges) > ends - first,
        page.cells[first],
        page.places[first],
        page.places[ends - 1] + 1,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    runs = [
        Run(
            page.number, page.text[a:b], x0, base - ASCENT * size, x1,
            base - ASCENT * size + size, base, size, bold, cell=cell,
        )
        for x0, x1, base, size, bold, cell, a, b in rows
    ]  # fmt: skip
    _part(page, edges, runs, sizes)
    return runs


def _reduce(how: np.ufunc, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """``how`` applied to the values of each run."""
    ends = np.append(values, values[-1:])  # reduceat takes no index after the last
    return how.reduceat(ends, edges.ravel())[::2]


def _run_sizes(size: np.ndarray, edges: np.ndarray) -> np.ndarray:
    sizes = size[edges[:, 0]]
    for i in np.flatnonzero(sizes != size[edges[:, 1] - 1]).tolist():
        sizes[i] = np.median(size[slice(*edges[i])])
    return sizes


def _part(page: _Page, edges: np.ndarray, runs: list[Run], sizes: np.ndarray) -> None:
    """Give the runs with wide white space inside them their parts."""
    boxes, first, ends = page.glyphs.boxes, edges[:, 0], edges[:, 1]
    step = boxes[1:, 0] - boxes[:-1, 2]
    at = np.flatnonzero(step > _WIDE_SPACE * sizes.min()) + 1
    owner = np.maximum(np.searchsorted(first, at, side="right") - 1, 0)
    cut = (at > first[owner]) & (at < ends[owner]) & (step[at - 1] > _WIDE_SPACE * sizes[owner])
    if not cut.any():
        return
    held = np.unique(owner[cut])
    starts = np.sort(np.concatenate([first[held], at[cut]]))
    stops = np.sort(np.concatenate([ends[held], at[cut]]))
    whole = (np.searchsorted(first, starts, side="right") - 1).tolist()
    parts = _runs(page, np.stack([starts, stops], axis=1))
    for i, part in zip(whole, parts, strict=True):
        runs[i].parts += (part,)


def _stack(runs: list[Run]) -> list[Run]:
    """Put characters that stand one below the other (side titles) together."""
    out: list[Run] = []
    for run in runs:
        if out and len(run.text) == 1 and _below(out[-1], run):
            out[-1] = _lengthen(out[-1], run)
        else:
            out.append(run)
    return out


def _below(above: Run, run: Run) -> bool:
    if above.upright and len(above.text) > 1:
        return False
    em = run.size
    return (
        is_cjk(run.text)
        and above.cell == run.cell
        and abs(above.size - em) < 0.1 * em
        and abs(above.x0 - run.x0) < 0.2 * em
        and 0.8 * em < run.base - above.base < 1.6 * em
    )


def _lengthen(above: Run, run: Run) -> Run:
    return Run(
        run.page, above.text + run.text, min(above.x0, run.x0), above.top,
        max(above.x1, run.x1), run.bottom, run.base, run.size, run.bold,
        upright=False, cell=run.cell,
    )  # fmt: skip


def lines_of(runs: list[Run]) -> list[Run]:
    """Lines of one column, top to bottom, each put together from the runs on its level."""
    return [line_of(across(level)) for level in levels_of(runs)]


def levels_of(runs: list[Run]) -> list[list[Run]]:
    """Runs that stand on one level, top to bottom."""
    levels: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.base if r.upright else r.top + r.size, r.x0)):
        if levels and run.upright and _same_level(levels[-1], run):
            levels[-1].append(run)
        else:
            levels.append([run])
    return levels


def across(level: list[Run]) -> list[Run]:
    """Runs of a level from left to right.

    Those that others stand inside of are taken apart: figures and formulas drawn afterwards.
    """
    if len(level) == 1:
        return level
    out: list[Run] = []
    for run in level:
        held = run.parts and any(r.x0 > run.x0 and r.x1 < run.x1 for r in level)
        out += run.parts if held else (run,)
    return sorted(out, key=lambda r: r.x0)


def _same_level(level: list[Run], run: Run) -> bool:
    last = level[-1]
    if not last.upright:
        return False
    small, large = sorted((last, run), key=lambda r: r.size)
    if small.size < _RAISED_SIZE * large.size:  # a raised figure, or a big one beside its label
        return min(last.bottom, run.bottom) - max(last.top, run.top) > 0.5 * small.size
    return abs(last.base - run.base) < _LEVEL * large.size


def line_of(runs: list[Run]) -> Run:
    """One line of the runs on a level, left to right; tabs where cells stand side by side."""
    if len(runs) == 1:
        return runs[0]
    main = max(runs, key=lambda r: len(r.text))
    text, tabbed = runs[0].text, False
    for before, run in pairwise(runs):
        gap = (run.x0 - before.x1) / main.size
        tabbed = tabbed or gap > _TAB
        text += _between(before.text, run.text, gap) + run.text
    if tabbed:
        text = "\t".join(side_by_side(text))
    return Run(
        main.page, text, runs[0].x0, min(r.top for r in runs), max(r.x1 for r in runs),
        max(r.bottom for r in runs), main.base, main.size, main.bold, tabbed=tabbed,
    )  # fmt: skip


def _between(before: str, after: str, gap: float) -> str:
    if gap > _TAB:
        return "\t"
    if is_cjk(before[-1]) or is_cjk(after[0]):
        return " " if gap > _WIDE_SPACE else ""
    return " " if gap > 0.15 else ""
