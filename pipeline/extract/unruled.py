"""Tables without rules: rows by their lines, columns by the white that their lines leave free.

A row may be printed on several lines: the head, whose cells are stacked, and labels that the
margin broke. Shaded rows say which lines are one; without them the words do, or how close the
lines stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pipeline.extract.amounts import is_amount, is_money, side_by_side
from pipeline.extract.layout import Span, white_columns
from pipeline.extract.lines import Run, across, levels_of, line_of
from pipeline.extract.spelling import is_cjk
from pipeline.facts import Box

_WHITE = 0.8  # em of white between two columns
_MOST_HEADS = 3  # lines at the top that may reach over several columns
_CLOSE = 1.6  # em between the baselines of lines of one cell, at most
_TIGHT = 0.92  # of the usual distance of rows, from which lines stand close together
_MARGIN = 1.0  # em before the margin that a broken label may end
_OPEN = re.compile(
    r"[,，、（(《“「&/—-]$|[的和及与或]$"
    r"|\b(?:a|an|and|as|at|by|for|from|in|of|on|or|the|than|to|with|which|that)$"
)
_GOES_ON = re.compile(r"[a-z)）》”」，、]")


@dataclass(slots=True)
class Level:
    """What is printed on one level.

    Attributes:
        runs: Its pieces from left to right.
        line: The same as one line.
        zone: Number of the shaded row it stands in, or of the space between two; -1 for none.
    """

    runs: list[Run]
    line: Run
    zone: int = -1

    @property
    def base(self) -> float:
        """Its baseline, points."""
        return self.line.base


@dataclass(slots=True)
class _Row:
    cells: list[str]
    levels: list[Level]

    @property
    def last(self) -> Level:
        return self.levels[-1]

    def with_(self, below: _Row) -> _Row:
        cells = [_stacked(a, b) for a, b in zip(self.cells, below.cells, strict=True)]
        return _Row(cells, self.levels + below.levels)

    @property
    def labelled(self) -> bool:
        return bool(self.cells[0])

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells[1:] if cell]


def read_levels(runs: list[Run], shades: tuple[Box, ...] = ()) -> list[Level]:
    """Levels of some runs, top to bottom, each with the shade it stands in."""
    found = []
    for level in map(across, levels_of(runs)):
        found.append(Level(_pieces(level), line_of(level), _zone(level[0], shades)))
    return found


def _zone(run: Run, shades: tuple[Box, ...]) -> int:
    middle = (run.top + run.bottom) / 2
    if not shades or not shades[0][1] <= middle < shades[-1][3]:
        return -1
    return sum((middle >= box[1]) + (middle >= box[3]) for box in shades)


def _pieces(level: list[Run]) -> list[Run]:
    """Runs of a level, amounts side by side apart and signs of money with their amounts."""
    out: list[Run] = []
    for piece in (piece for run in level for piece in _amounts(run)):
        if out and is_money(out[-1].text, piece.text):
            sign = out.pop()
            piece = replace(piece, text=f"{sign.text} {piece.text}", x0=sign.x0, parts=())
        out.append(piece)
    return out


def _amounts(run: Run) -> list[Run]:
    """Amounts that almost touch were printed as one; digits are about equally wide."""
    words = side_by_side(run.text)
    if len(words) == 1:
        return [run]
    wide, x0, out = (run.x1 - run.x0) / len(run.text), run.x0, []
    for word in words:
        out.append(replace(run, text=word, x0=x0, x1=x0 + wide * len(word), parts=()))
        x0 += wide * (len(word) + 1)
    return out


def rows_of(levels: list[Level]) -> list[tuple[list[str], Box]] | None:
    """Rows of a table.

    Args:
        levels: All that is printed in it, top to bottom.

    Returns:
        For each row its cells, blank ones included, and its box; None where it is no table.
    """
    whites = whites_of(levels)
    rows = [_Row(_cells(level, whites), [level]) for level in levels]
    several = sum(sum(map(bool, row.cells)) > 1 for row in rows)
    if not whites or several < 2 or several < len(rows) / 2:
        return None
    return [(row.cells, _hull(row)) for row in _whole(rows)]


def whites_of(levels: list[Level]) -> list[Span]:
    """The white between the columns of a table; heads over several of them do not count."""
    best: list[Span] = []
    for first in range(min(_MOST_HEADS, len(levels))):
        runs = [run for level in levels[first:] for run in level.runs]
        found = white_columns(runs, _WHITE)
        best = found if len(found) > len(best) else best
    return best


def columns_of(level: Level, whites: list[Span]) -> set[int]:
    """Numbers of the columns that the pieces of a level stand in; none where one reaches over."""
    pieces = [part for run in level.runs for part in _parted(run, whites)]
    if any(_reaches_over(piece, whites) for piece in pieces):
        return set()
    return {_column(piece, whites) for piece in pieces}


def _cells(level: Level, whites: list[Span]) -> list[str]:
    """Texts of the columns; what reaches over several stands in the first of them."""
    cells: list[list[Run]] = [[] for _ in range(len(whites) + 1)]
    for piece in (part for run in level.runs for part in _parted(run, whites)):
        cells[_column(piece, whites)].append(piece)
    return [line_of(cell).text.replace("\t", " ") if cell else "" for cell in cells]


def _parted(run: Run, whites: list[Span]) -> tuple[Run, ...]:
    """The pieces of a run that reaches over the white between columns."""
    return run.parts if run.parts and _reaches_over(run, whites) else (run,)


def _reaches_over(run: Run, whites: list[Span]) -> bool:
    return any(run.x0 < a and b < run.x1 for a, b in whites)


def _column(run: Run, whites: list[Span]) -> int:
    """Words may be wider than the figures below; heads of several columns begin in the first."""
    place = run.x0 if _reaches_over(run, whites) else (run.x0 + run.x1) / 2
    return sum(place > (a + b) / 2 for a, b in whites)


def _whole(lines: list[_Row]) -> list[_Row]:
    """Lines of one row put together."""
    style = _Style.of(lines)
    rows = lines[:1]
    for line in lines[1:]:
        if style.are_one(rows[-1], line):
            rows[-1] = rows[-1].with_(line)
        else:
            rows.append(line)
    return rows


@dataclass(frozen=True, slots=True)
class _Style:
    """How the rows of a table are printed, by which lines of one row are told.

    Attributes:
        step: Usual distance of the baselines of rows, points.
        margin: Where labels end that a margin broke; infinite where none is seen.
        bold: Whether figures are printed bold.
        shared: Zones that hold the figures of several lines.
    """

    step: float
    margin: float
    bold: bool
    shared: frozenset[int]

    @classmethod
    def of(cls, lines: list[_Row]) -> _Style:
        """Read off the lines of a table."""
        full = [line.labelled and bool(line.filled) for line in lines]
        pairs = zip(pairwise(lines), pairwise(full), strict=True)
        steps = [b.last.base - a.last.base for (a, b), both in pairs if all(both)]
        figures = [line for line in lines if any(map(is_amount, line.filled))]
        zones = [line.last.zone for line in lines if line.filled]
        return cls(
            median(steps) if steps else 0.0,
            _margin(lines),
            sum(map(_is_bold, figures)) > len(figures) / 2,
            frozenset(zone for zone in zones if zones.count(zone) > 1),
        )

    def are_one(self, above: _Row, line: _Row) -> bool:
        """Whether a line goes on with the row above it."""
        zone = line.last.zone
        if zone >= 0 or above.last.zone >= 0:
            if zone != above.last.zone:
                return False
            if zone not in self.shared:
                return True
        step = line.last.base - above.last.base
        if step > _CLOSE * line.last.line.size:
            return False
        if above.labelled:
            return self._is_broken(above, line)
        return self._is_head(above, line, step)

    def _is_head(self, above: _Row, line: _Row, step: float) -> bool:
        """Words stacked over a column, in lines close together or all bold."""
        if any(map(is_amount, above.filled + line.filled)):
            return False
        pairs = list(zip(above.cells[1:], line.cells[1:], strict=True))
        if any(a and not b for a, b in pairs):
            return False
        alike = all(bool(a) == bool(b) for a, b in pairs)
        bold = not self.bold and _is_bold(above) and _is_bold(line)
        return step < _TIGHT * self.step or (alike and bold)

    def _is_broken(self, above: _Row, line: _Row) -> bool:
        """A label that goes on; its figures stand on one of its lines."""
        if not line.labelled or (above.filled and line.filled):
            return False
        before, after = above.cells[0], line.cells[0]
        if _OPEN.search(before) or (not is_cjk(before[-1]) and _GOES_ON.match(after)):
            return True
        return not above.filled and is_cjk(before[-1]) and _end(above) >= self.margin


def _end(row: _Row) -> float:
    return row.last.runs[0].x1


def _margin(lines: list[_Row]) -> float:
    """Where labels end that a margin broke: two at least end there without figures."""
    ends = [_end(line) for line in lines if line.labelled]
    margin = max(ends, default=0.0) - _MARGIN * lines[0].last.line.size
    full = [line for line in lines if line.labelled and not line.filled and _end(line) >= margin]
    return margin if len(full) > 1 else float("inf")


def _is_bold(row: _Row) -> bool:
    """Whether what stands beside the label is bold."""
    runs = [run for level in row.levels for run in level.runs[row.labelled :]]
    return bool(runs) and all(run.bold for run in runs)


def _stacked(above: str, below: str) -> str:
    """Two lines of a cell as one."""
    if not above or not below:
        return above or below
    chinese = is_cjk(above[-1]) or is_cjk(below[0])
    return above + ("" if chinese or above[-1] == "-" else " ") + below


def _hull(row: _Row) -> Box:
    lines = [level.line for level in row.levels]
    return (
        round(min(line.x0 for line in lines), 2), round(min(line.top for line in lines), 2),
        round(max(line.x1 for line in lines), 2), round(max(line.bottom for line in lines), 2),
    )  # fmt: skip
