"""Reading order of a page: bands across the page, columns inside them, recursively.

Only white space decides. Bands that share a gutter form a group; the group is read column
by column where its sides hold text, and row by row where they hold the cells of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol, TypeVar

_GUTTER = 1.0  # em of white that parts columns
_PROSE = 9.0  # em of width from which a line is running text rather than a cell
_ALIGNED = 0.7  # share of lines with a partner on the other side in a table
_APART = 1.8  # em of white above a line that ends a group of columns below which it stands
_FAR = float("inf")

Span = tuple[float, float]


class Placed(Protocol):
    """Anything with a box and a font size."""

    x0: float
    top: float
    x1: float
    bottom: float
    size: float


P = TypeVar("P", bound=Placed)


def reading_order(items: list[P]) -> list[list[P]]:
    """Columns of a page in reading order.

    Args:
        items: Runs and table frames of one page, as shown, y downwards.

    Returns:
        Groups of items; within a group lines follow one another from top to bottom.
    """
    columns: list[list[P]] = []
    plain: list[P] = []  # items of neighbouring groups without columns
    for group in _groups(_bands(items)):
        sides = _sides(group)
        if sides is None:
            plain += group
            continue
        if plain:
            columns.append(plain)
            plain = []
        columns += reading_order(sides[0]) + reading_order(sides[1])
    return [*columns, plain] if plain else columns


def _bands(items: list[P]) -> list[list[P]]:
    """Items that overlap vertically, top to bottom."""
    bands: list[list[P]] = []
    bottom = float("-inf")
    for item in sorted(items, key=lambda i: i.top):
        if bands and item.top < bottom - 0.1 * item.size:
            bands[-1].append(item)
        else:
            bands.append([item])
        bottom = max(bottom, item.bottom)
    return bands


def _groups(bands: list[list[P]]) -> list[list[P]]:
    """Neighbouring bands that leave a common gutter free."""
    groups: list[tuple[list[P], _Extent]] = []
    gutters: list[Span] = []
    for band in bands:
        here, em = _Extent.of(band), _em(band)
        free = _free(band, _GUTTER * em)
        common = _common(gutters, free, _GUTTER * em)
        if groups and _goes_on(groups[-1][1], here, em, common):
            held, extent = groups[-1]
            held += band
            groups[-1] = held, extent.with_(here)
            gutters = common
        else:
            groups.append((list(band), here))
            gutters = free
    return [group for group, _ in groups]


@dataclass(slots=True)
class _Extent:
    """How far a group reaches; ``top`` and ``bottom`` are those of its last band."""

    least_x1: float
    most_x0: float
    most_x1: float
    top: float
    bottom: float

    @classmethod
    def of(cls, band: Sequence[Placed]) -> _Extent:
        if len(band) == 1:  # most lines stand alone
            only = band[0]
            return cls(only.x1, only.x0, only.x1, only.top, only.bottom)
        ends = [i.x1 for i in band]
        return cls(
            min(ends), max([i.x0 for i in band]), max(ends),
            min([i.top for i in band]), max([i.bottom for i in band]),
        )  # fmt: skip

    def with_(self, band: _Extent) -> _Extent:
        return _Extent(
            min(self.least_x1, band.least_x1), max(self.most_x0, band.most_x0),
            max(self.most_x1, band.most_x1), band.top, band.bottom,
        )  # fmt: skip

    def parted_by(self, spans: list[Span]) -> list[Span]:
        """Those with items on both sides."""
        first, last = self.least_x1 - 0.01, self.most_x0 + 0.01
        return [s for s in spans if s[0] >= first and s[1] <= last]


def _goes_on(held: _Extent, band: _Extent, em: float, common: list[Span]) -> bool:
    gutter = common and held.with_(band).parted_by(common)
    if not gutter:
        return False
    before, here = held.parted_by(common), band.parted_by(common)
    if not before and held.most_x1 <= gutter[0][0] + 0.01:
        return False  # a heading above the left column; it must not narrow the gutter
    # a lone line well below both columns belongs to what follows them
    return not (band.top - held.bottom > _APART * em and before and not here)


def _sides(group: list[P]) -> tuple[list[P], list[P]] | None:
    """Left and right of the widest gutter, where they are columns of text."""
    em = _em(group)
    inner = _Extent.of(group).parted_by(_free(group, em * _GUTTER))
    if not inner:
        return None
    a, b = max(inner, key=lambda span: span[1] - span[0])
    left = [i for i in group if i.x1 <= a + 0.01]
    right = [i for i in group if i.x0 >= b - 0.01]
    return (left, right) if _are_columns(left, right, em) else None


def _are_columns(left: list[P], right: list[P], em: float) -> bool:
    if min(_levels(left, em), _levels(right, em)) < 2:
        return False
    if min(_width(left), _width(right)) >= _PROSE * em:
        return True
    if _sizes_vary(left) and _sizes_vary(right):
        return True  # cards: a big figure above its label
    return _aligned(left, right, em) < _ALIGNED


def _em(items: list[P]) -> float:
    return items[0].size if len(items) == 1 else median([item.size for item in items])


def _free(items: list[P], least: float) -> list[Span]:
    """Horizontal stretches without items, the two outer ones included."""
    if len(items) == 1:
        return [(-_FAR, items[0].x0), (items[0].x1, _FAR)]
    spans = sorted([(i.x0, i.x1) for i in items])
    free, end = [], -_FAR
    for x0, x1 in spans:
        if x0 - end >= least:
            free.append((end, x0))
        end = max(end, x1)
    return [*free, (end, _FAR)]


def white_columns(items: list[P], least: float) -> list[Span]:
    """The white between the columns of a table, which no item reaches into.

    Args:
        items: All that stands in it.
        least: Its width in em.

    Returns:
        From left to right, in points.
    """
    return _free(items, least * _em(items))[1:-1]


def _common(first: list[Span], second: list[Span], least: float) -> list[Span]:
    found = []
    for a, b in first:
        for c, d in second:
            low, high = (a if a > c else c), (b if b < d else d)
            if high - low >= least:
                found.append((low, high))
    return found


def _levels(items: list[P], em: float) -> int:
    return len({round(i.bottom / (0.5 * em)) for i in items})


def _width(items: list[P]) -> float:
    return median(i.x1 - i.x0 for i in items)


def _sizes_vary(items: list[P]) -> bool:
    return max(i.size for i in items) > 1.25 * min(i.size for i in items)


def _aligned(left: list[P], right: list[P], em: float) -> float:
    """Share of the shorter side's lines that stand level with one of the other side."""
    few, many = sorted((left, right), key=lambda side: _levels(side, em))
    places = [i.bottom for i in many]
    return sum(any(abs(i.bottom - y) < 0.3 * em for y in places) for i in few) / len(few)
