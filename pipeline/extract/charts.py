"""Charts: told by their axis, so that their grid is no table and their figures are no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from pipeline.extract.lines import Run
from pipeline.facts import Box

_NUMBER = re.compile(r"([-−–(（]?)\s*(\d[\d,]*(?:\.\d+)?)\s*[)）]?\s*[%％]?")
_FEWEST = 4  # numbers of an axis
_FLUSH = 2.5  # points by which the ends of neighbouring numbers may differ: (5) hangs over
_EVEN = 0.1  # share by which its steps may differ
_APART = 60.0  # points between an axis and the grid of its chart, at most
_OVER = 0.5  # share of the grid's height that the axis stands beside
_YEARS = (1900, 2100)

Mark = tuple[float, Run]  # a number and where it stands


def axes_of(runs: list[Run]) -> list[Box]:
    """Places of upright axes: numbers below one another that fall by even steps, evenly apart.

    Args:
        runs: Of a page.

    Returns:
        Their boxes, points.
    """
    marks = [(value, run) for run in runs if (value := _value(run.text)) is not None]
    if len(marks) < _FEWEST:
        return []
    return [
        box for side in ("x1", "x0") for column in _columns(marks, side) for box in _axes(column)
    ]


def _value(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    number = float(found[2].replace(",", ""))
    return -number if found[1] else number


def _columns(marks: list[Mark], side: str) -> Iterator[list[Mark]]:
    """Numbers that are flush on a side, top to bottom."""
    place = attrgetter(side)
    column: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: place(mark[1])):
        if column and place(mark[1]) - place(column[-1][1]) > _FLUSH:
            yield sorted(column, key=lambda mark: mark[1].base)
            column = []
        column.append(mark)
    yield sorted(column, key=lambda mark: mark[1].base)


def _axes(column: list[Mark]) -> Iterator[Box]:
    first = 0
    for last in range(1, len(column) + 1):
        if last == len(column) or not _goes_on(column[first : last + 1]):
            axis = column[first:last]
            if len(axis) >= _FEWEST and not _are_years(axis):
                yield _hull([run for _, run in axis])
            first = max(last - 1, first)


def _goes_on(axis: list[Mark]) -> bool:
    """Whether the last step is like the first: down the page and down in value."""
    (a, top), (b, below) = axis[:2]
    (c, above), (d, bottom) = axis[-2:]
    falls, steps = (a - b, c - d), (below.base - top.base, bottom.base - above.base)
    return min(*falls, *steps) > 0 and _is_even(*falls) and _is_even(*steps)


def _is_even(one: float, other: float) -> bool:
    return abs(one - other) <= _EVEN * max(one, other)


def _are_years(axis: list[Mark]) -> bool:
    return all(_YEARS[0] <= value <= _YEARS[1] and value % 1 == 0 for value, _ in axis)


def _hull(runs: list[Run]) -> Box:
    x0, x1 = min(run.x0 for run in runs), max(run.x1 for run in runs)
    return x0, runs[0].top, x1, runs[-1].bottom


def is_chart(frame: Box, axes: list[Box]) -> bool:
    """Whether a grid is that of a chart: beside it, and outside, an axis stands."""
    x0, top, x1, bottom = frame
    return any(
        (x0 - _APART < right <= x0 + _FLUSH or x1 - _FLUSH <= left < x1 + _APART)
        and min(bottom, last) - max(top, first) > _OVER * (bottom - top)
        for left, first, right, last in axes
    )


def categories(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """Tell the names below the bars of a chart, set downwards, from titles at the side.

    Args:
        runs: Of a page, all set downwards or sideways.

    Returns:
        Rows of such names as one line each; the other runs.
    """
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.top, run.x0)):
        if rows and run.top - rows[-1][-1].top < _FLUSH:
            rows[-1].append(run)
        else:
            rows.append([run])
    rows = [row for row in rows if len(row) >= _FEWEST]
    named = {id(run) for row in rows for run in row}
    return [_line(row) for row in rows], [run for run in runs if id(run) not in named]


def _line(row: list[Run]) -> Run:
    row = sorted(row, key=lambda run: run.x0)
    x0, top, x1 = row[0].x0, row[0].top, row[-1].x1
    text, bottom = " ".join(run.text for run in row), max(run.bottom for run in row)
    return replace(row[0], text=text, x0=x0, top=top, x1=x1, bottom=bottom, upright=True, parts=())


def in_chart(run: Run, axes: list[Box]) -> bool:
    """Whether a run is level with an axis."""
    middle = (run.top + run.bottom) / 2
    return any(first <= middle <= last for _, first, _, last in axes)
