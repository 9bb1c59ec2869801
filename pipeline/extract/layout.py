"""Reading order of a page: bands across the page, columns inside them, recursively.

Only white space decides. Bands that share a gutter form a group; the group is read column
by column where its sides hold text, and row by row where they hold the cells of a table.
"""

from __future__ import annotations

from statistics import median
from typing import Protocol, TypeVar

_GUTTER = 1.0  # em of white that parts columns
_PROSE = 9.0  # em of width from which a line is running text rather than a cell
_ALIGNED = 0.7  # share of lines with a partner on the other side in a table
_APART = 1.8  # em of white above a line that ends a group of columns below which it stands

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
    groups: list[list[list[P]]] = []
    gutters: list[Span] = []
    for band in bands:
        least = _GUTTER * _em(band)
        free = _free(band, least)
        common = _common(gutters, free, least)
        if groups and _goes_on(groups[-1], band, common):
            groups[-1].append(band)
            gutters = common
        else:
            groups.append([band])
            gutters = free
    return [[item for band in group for item in band] for group in groups]


def _goes_on(group: list[list[P]], band: list[P], common: list[Span]) -> bool:
    held = [item for above in group for item in above]
    gutter = _inner(common, [*held, *band])
    if not gutter:
        return False
    before, here = _inner(common, held), _inner(common, band)
    if not before and max(i.x1 for i in held) <= gutter[0][0] + 0.01:
        return False  # a heading above the left column; it must not narrow the gutter
    # a lone line well below both columns belongs to what follows them
    white = min(i.top for i in band) - max(i.bottom for i in group[-1])
    return not (white > _APART * _em(band) and before and not here)


def _sides(group: list[P]) -> tuple[list[P], list[P]] | None:
    """Left and right of the widest gutter, where they are columns of text."""
    em = _em(group)
    inner = _inner(_free(group, em * _GUTTER), group)
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
    return median(item.size for item in items)


def _free(items: list[P], least: float) -> list[Span]:
    """Horizontal stretches without items, the two outer ones included."""
    spans = sorted((i.x0, i.x1) for i in items)
    free, end = [], float("-inf")
    for x0, x1 in spans:
        if x0 - end >= least:
            free.append((end, x0))
        end = max(end, x1)
    return [*free, (end, float("inf"))]


def _common(first: list[Span], second: list[Span], least: float) -> list[Span]:
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in first for b in second)
    return [span for span in pairs if span[1] - span[0] >= least]


def _inner(spans: list[Span], items: list[P]) -> list[Span]:
    """Those with items on both sides."""
    first, last = min(i.x1 for i in items), max(i.x0 for i in items)
    return [s for s in spans if s[0] >= first - 0.01 and s[1] <= last + 0.01]


def _levels(items: list[P], em: float) -> int:
    return len({round(i.bottom / (0.5 * em)) for i in items})


def _width(items: list[P]) -> float:
    return median(i.x1 - i.x0 for i in items)


def _sizes_vary(items: list[P]) -> bool:
    return max(i.size for i in items) > 1.25 * min(i.size for i in items)


def _aligned(left: list[P], right: list[P], em: float) -> float:
    """Share of the shorter side's lines that stand level with one of the other side."""
    few, many = sorted((left, right), key=len)
    places = [i.bottom for i in many]
    return sum(any(abs(i.bottom - y) < 0.3 * em for y in places) for i in few) / len(few)
