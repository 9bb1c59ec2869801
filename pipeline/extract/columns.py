"""The lines and tables of a column of the page, top to bottom: tables without rules among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.charts import axes_of, in_chart
from pipeline.extract.layout import Span
from pipeline.extract.lines import Run, lines_of
from pipeline.extract.tables import Table, unruled
from pipeline.extract.unruled import Level, columns_of, read_levels, whites_of

_FAR = 4.0  # em between the baselines of two rows, at most
_CLOSE = 1.6  # em between the baselines of lines of a head, at most
_CLOSER = 1.35  # em, where a line holds words of but one column
_BETWEEN = 2  # lines without figures between two rows
_HEADS = 4  # lines of a head

_UNIT = re.compile(r"[(（]?(?:单位|金额单位|币种|unit)", re.IGNORECASE)

Entry = Level | Table


def in_order(items: Sequence[Run | Table]) -> list[Run | Table]:
    """Put runs together to lines, and lines with cells side by side to tables.

    Args:
        items: Runs and tables of one column, any order.

    Returns:
        Its lines and tables from top to bottom.
    """
    tables = [item for item in items if isinstance(item, Table)]
    runs = [item for item in items if isinstance(item, Run)]
    lines = lines_of(runs)
    if not _may_hold_tables(lines, tables):
        return sorted([*lines, *tables], key=_middle)
    levels = read_levels(runs)
    entries: list[Entry] = sorted([*levels, *tables], key=lambda entry: _middle(_plain(entry)))
    _flatten_charts(levels)
    out: list[Run | Table] = []
    first = 0
    for start, stop in _stretches(entries):
        start = _with_head(entries, first, start, stop)
        table = _table(entries[start:stop])
        if table is not None:
            out += [*map(_plain, entries[first:start]), table]
            first = stop
    return [*out, *map(_plain, entries[first:])]


def _middle(item: Run | Table) -> float:
    return (item.top + item.bottom) / 2


def _plain(entry: Entry) -> Run | Table:
    return entry.line if isinstance(entry, Level) else entry


def _may_hold_tables(lines: list[Run], tables: list[Table]) -> bool:
    tabbed = sum(line.tabbed for line in lines)
    return tabbed > 1 or (tabbed > 0 and any(table.runs for table in tables))


def _flatten_charts(levels: list[Level]) -> None:
    """Words and figures of a chart stand side by side, but not in cells.

    Some number of an axis stands alone; in a table with such a column none does.
    """
    lone = [level.line for level in levels if len(level.runs) == 1]
    axes = axes_of([run for level in levels for run in level.runs])
    axes = [axis for axis in axes if any(in_chart(line, [axis]) for line in lone)]
    for level in levels:
        if in_chart(level.line, axes):
            text = level.line.text.replace("\t", " ")
            level.line = replace(level.line, text=text, tabbed=False)


def _is_row(entry: Entry) -> bool:
    """Cells side by side, or a shaded row or some that a table may go on from."""
    if isinstance(entry, Level):
        return entry.line.tabbed
    return bool(entry.runs) and (len(entry.rows) > 1 or len(read_levels(list(entry.runs))) == 1)


def _stretches(entries: list[Entry]) -> list[tuple[int, int]]:
    """First row and the place after the last of what may be a table each."""
    found: list[tuple[int, int]] = []
    for i in (i for i, entry in enumerate(entries) if _is_row(entry)):
        if found and _goes_on(entries, *found[-1], i):
            found[-1] = found[-1][0], i + 1
        else:
            found.append((i, i + 1))
    return [(start, stop) for start, stop in found if stop - start > 1]


def _goes_on(entries: list[Entry], start: int, stop: int, row: int) -> bool:
    """Whether a row belongs to those above, with what stands between them."""
    between = entries[stop:row]
    if len(between) > _BETWEEN or not all(isinstance(entry, Level) for entry in between):
        return False
    if any(_is_apart(a, b, _FAR) for a, b in pairwise(entries[stop - 1 : row + 1])):
        return False
    if not between:
        return True
    rows = [entry for entry in entries[start : row + 1] if _is_row(entry)]
    whites = whites_of(_levels(rows))
    return bool(whites) and all(columns_of(level, whites) == {0} for level in _levels(between))


def _is_apart(above: Entry, below: Entry, most: float) -> bool:
    """Whether there is more than so many em between their baselines."""
    last, first = _levels([above])[-1].line, _levels([below])[0].line
    return first.base - last.base > most * first.size


def _levels(entries: Sequence[Entry]) -> list[Level]:
    found: list[Level] = []
    for entry in entries:
        if isinstance(entry, Level):
            found.append(entry)
        else:
            found += read_levels(list(entry.runs), entry.shades)
    return found


def _with_head(entries: list[Entry], first: int, start: int, stop: int) -> int:
    """Where a table begins with the lines above its rows that stand over its columns."""
    whites = whites_of(_levels(entries[start:stop]))
    top = start
    while top > max(first, start - _HEADS):
        above = entries[top - 1]
        if not isinstance(above, Level) or not _is_head(above, entries[top], whites):
            break
        top -= 1
    return top


def _is_head(level: Level, below: Entry, whites: list[Span]) -> bool:
    """Words over columns; a lone one may be a title or the unit of the figures: 单位：万元."""
    columns = columns_of(level, whites)
    if len(columns) > 1:
        return not _is_apart(level, below, _CLOSE)
    over = bool(columns - {0}) and not _UNIT.match(level.line.text)
    return over and not _is_apart(level, below, _CLOSER)


def _table(entries: list[Entry]) -> Table | None:
    """One table of all entries; None where they are none or but the one it was."""
    if not any(isinstance(entry, Level) for entry in entries):
        return None
    runs = [run for entry in entries for run in entry.runs]
    shades = tuple(box for entry in entries if isinstance(entry, Table) for box in entry.shades)
    return unruled(runs, shades, runs[0].page)
