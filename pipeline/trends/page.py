"""What the trends page is made of: sections of figures, each with its numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.trends.draw import Drawing, Unit
from pipeline.trends.estimates import FEWEST, Estimate

TOO_FEW = f"不足{FEWEST}份"


class Shade(NamedTuple):
    """A cell with a ground from pale (0) to full (5)."""

    text: str
    tone: int


Cell = str | Shade | Drawing


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the first ``named`` columns hold words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    named: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with how many reports it rests on, and the table behind it.

    Without a drawing the table itself is the chart; it is then open from the start.
    """

    title: str
    basis: str  # how many reports (and companies) it rests on
    drawing: Drawing | None
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures under a heading that opens and closes; "" for those that always show."""

    title: str
    figures: tuple[Figure, ...]
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the page."""

    id: str
    title: str
    lead: str
    groups: tuple[Group, ...] = field(default=())


def estimate_cells(unit: Unit, one: Estimate) -> tuple[str, str, str]:
    """Reports, value and interval; a plain word where there are too few."""
    value = unit.write(one.value) if one.value is not None else TOO_FEW
    return str(one.n), value if one.n else "—", unit.between(one)


def heat(
    heads: Sequence[str],
    names: Sequence[tuple[str, ...]],
    values: Sequence[Sequence[Estimate]],
    unit: Unit,
    top: float | None = None,
) -> Table:
    """A row a name, a shaded cell a year; shades are relative to ``top``, or the row's greatest."""
    rows = tuple(
        (*name, *(_shade(e, unit, top or max(e.value or 0 for e in row) or 1) for e in row))
        for name, row in zip(names, values, strict=True)
    )
    return Table(tuple(heads), rows, len(names[0]) if names else 1)


def _shade(one: Estimate, unit: Unit, most: float) -> Cell:
    if one.value is None:
        return "—" if not one.n else TOO_FEW
    return Shade(unit.write(one.value), min(int(6 * one.value / most), 5))
