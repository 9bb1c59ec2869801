"""Sums in tables: totals of rows and of columns, subtotals within them.

Which rows make up a total is nowhere written. Every reading that tables know is tried, and a
total is doubted only where none of them fits; it is called wrong only where the reading that
fails here holds in another column of the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.check.amounts import Amount, adds_up, show, total, written_sum
from pipeline.check.grids import TOTAL, Line, by_columns, by_rows
from pipeline.facts import Check
from pipeline.measure import Table
from pipeline.place import quote
from pipeline.records import Document

_NOT_ADDITIVE = re.compile(
    r"率|比|均|每|占|增|减|变|年龄|得分|单价|强度|指数|排名|系数|满意|度$|序号"
)
_FURTHEST = Decimal("0.3")  # of the total, where nothing else shows that the parts make it up
_NO_SUM = frozenset({"%", "个百分点", "倍", "分", "‰"})

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A total that its parts do not make; ``sure`` where another column shows that they should."""

    parts: tuple[Amount, ...]
    whole: Amount
    sure: bool

    @property
    def cells(self) -> set[int]:
        """Offsets of the cells that take part."""
        return {one.start for one in (*self.parts, self.whole)}

    @property
    def off(self) -> Decimal:
        """By how much the parts miss the total."""
        return total(self.parts)[0] - self.whole.value

    @property
    def slack(self) -> Decimal:
        """How much of that rounding may have made."""
        return total(self.parts)[1] + self.whole.half


def check_table_sums(document: Document, tables: Sequence[Table]) -> Iterator[Check]:
    """Totals of tables that are not the sum of their parts, one check for each wrong cell."""
    for table in tables:
        rows, columns = by_rows(table), by_columns(table)
        broken = [*_broken(rows, columns), *_broken(columns, rows)]
        while broken:
            first = broken.pop(0)
            other = next((one for one in broken if _same_slip(first, one)), None)
            if other:
                broken.remove(other)
            yield _check(document, [first, other] if other else [first])


def _same_slip(one: Broken, other: Broken) -> bool:
    """Whether a single cell, misprinted, breaks both a row's and a column's total."""
    apart = abs(abs(one.off) - abs(other.off))
    return bool(one.cells & other.cells) and apart <= one.slack + other.slack


def _broken(lines: Sequence[Line], across: Sequence[Line]) -> Iterator[Broken]:
    ratios = {at for at, line in enumerate(across) if _NOT_ADDITIVE.search(line.name)}
    for at, line in enumerate(lines):
        if TOTAL.search(line.name):
            yield from _of_total(lines, at, ratios)


def _of_total(lines: Sequence[Line], at: int, ratios: set[int]) -> Iterator[Broken]:
    """Columns of a total row in which no reading fits, by the reading that fits most others."""
    readings = list(dict.fromkeys(_readings(lines, at)))
    numbers = set(range(len(lines[at].cells))) - ratios
    columns = sorted(column for column in numbers if _usable(lines, at, column))
    fits = {
        (rows, column): _fits(lines, rows, at, column) for rows in readings for column in columns
    }
    failing = [c for c in columns if not any(fits[rows, c] for rows in readings)]
    if not readings or not failing:
        return
    best = max(readings, key=lambda rows: sum(fits[rows, column] for column in columns))
    proofs = sum(fits[best, column] for column in columns) + _hundred(lines, best, at)
    alone = not proofs and len(columns) == 1 and best == readings[0]
    if 0 < proofs < len(failing):
        return  # chance: what fails so often was never a sum
    for column in failing:
        if _summable(lines, best, at, column) and (
            proofs or (alone and _near(lines, best, at, column))
        ):
            yield Broken(tuple(_parts(lines, best, column)), _whole(lines, at, column), proofs > 0)


def _hundred(lines: Sequence[Line], rows: Rows, at: int) -> bool:
    """Whether a column of shares shows that the rows make up the whole."""
    for column, whole in enumerate(lines[at].cells):
        if whole and whole.unit == "%" and whole.value == 100 and len(rows) > 1:
            parts = list(_parts(lines, rows, column))
            if len(parts) == len(rows) and {part.unit for part in parts} == {"%"}:
                return adds_up(parts, whole)
    return False


def _readings(lines: Sequence[Line], at: int) -> Iterator[Rows]:
    """Sets of rows that a total may sum up, the likeliest first."""
    above = _segment(lines, at)
    totals = [row for row in range(at) if TOTAL.search(lines[row].name)]
    since = tuple(row for row in above if not totals or row > totals[-1])
    apart = tuple(row for row in above if row not in totals)
    all_above = tuple(row for row in range(at) if row not in totals and not lines[row].blank)
    for rows in dict.fromkeys((since, apart, all_above)):
        yield from _with_parents(lines, rows)
    yield tuple(row for row in totals if row in above) + since
    yield tuple(totals)
    for start in range(1, len(since) - 1):
        yield since[start:]
    below = _below(lines, at)
    for end in range(len(below), 1, -1):
        yield below[:end]


def _segment(lines: Sequence[Line], at: int) -> Rows:
    """Rows above, up to the last heading inside the table."""
    start = at
    while start and not lines[start - 1].blank:
        start -= 1
    return tuple(range(start, at))


def _below(lines: Sequence[Line], at: int) -> Rows:
    end = at + 1
    while end < len(lines) and not lines[end].blank and not TOTAL.search(lines[end].name):
        end += 1
    return tuple(range(at + 1, end))


def _with_parents(lines: Sequence[Line], rows: Rows) -> Iterator[Rows]:
    """The rows, and the rows without those that go into one of them (其中, subtotals unnamed)."""
    yield rows
    kept = list(rows)
    for at in reversed(range(len(rows))):
        following = kept[kept.index(rows[at]) + 1 :]
        for end in range(len(following), 1, -1):
            if _goes_into(lines, following[:end], rows[at]):
                kept = [row for row in kept if row not in following[:end]]
                break
    yield tuple(kept)
    of_which = [at for at, row in enumerate(rows) if lines[row].name.startswith("其中")]
    if of_which:
        for end in range(of_which[0] + 1, len(rows)):
            yield rows[: of_which[0]] + rows[end:]


def _goes_into(lines: Sequence[Line], parts: Sequence[int], whole: int) -> bool:
    """Whether most columns show so: in one alone, of noughts perhaps, it may be chance."""
    columns = [at for at in range(len(lines[whole].cells)) if _usable(lines, whole, at)]
    fitting = sum(_fits(lines, tuple(parts), whole, column) for column in columns)
    return 2 * fitting > len(columns)


def _usable(lines: Sequence[Line], at: int, column: int) -> bool:
    cell = lines[at].cells[column]
    return cell is not None and cell.value > 0


def _fits(lines: Sequence[Line], rows: Rows, at: int, column: int) -> bool:
    if not _summable(lines, rows, at, column):
        return False
    return adds_up(list(_parts(lines, rows, column)), _whole(lines, at, column))


def _summable(lines: Sequence[Line], rows: Rows, at: int, column: int) -> bool:
    """Whether the cells are numbers of one unit that can be added at all."""
    if len(rows) < 2 or any(lines[row].odd[column] for row in rows):
        return False
    parts, whole = list(_parts(lines, rows, column)), _whole(lines, at, column)
    if len(parts) < 2 or whole.unit in _NO_SUM:
        return False
    if whole.value < max(part.value for part in parts):
        return False  # a mean
    return {part.unit for part in parts} == {whole.unit}


def _near(lines: Sequence[Line], rows: Rows, at: int, column: int) -> bool:
    whole = _whole(lines, at, column)
    return abs(total(list(_parts(lines, rows, column)))[0] - whole.value) <= whole.value * _FURTHEST


def _parts(lines: Sequence[Line], rows: Rows, column: int) -> Iterator[Amount]:
    return (cell for row in rows if (cell := lines[row].cells[column]))


def _whole(lines: Sequence[Line], at: int, column: int) -> Amount:
    cell = lines[at].cells[column]
    assert cell is not None  # asked for only where `_usable` said so
    return cell


def _check(document: Document, broken: Sequence[Broken]) -> Check:
    first = broken[0]
    summed = show(total(first.parts)[0], first.whole)
    cells = {one.start: one for equation in broken for one in (*equation.parts, equation.whole)}
    return Check(
        kind="sum",
        severity="error" if any(one.sure for one in broken) else "doubt",
        message=f"表中各项相加为{summed}，与所列合计{first.whole.printed}不一致，请核实。",
        arithmetic="；".join(written_sum(one.parts, one.whole) for one in broken),
        quotes=tuple(
            quote(document, one.start, one.end, one.cell) for _, one in sorted(cells.items())
        ),
    )
