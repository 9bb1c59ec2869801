"""Charts as shapes with places; the template only writes them down.

Nothing here carries a style of its own: colours are classes of trends.css, so that the page's
policy may forbid everything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.trends.estimates import Estimate, Floats

WIDTH, HEIGHT = 520, 236
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 26
NAMES = 150  # room for the names of horizontal rows
ROW = 22


@dataclass(frozen=True, slots=True)
class Shape:
    """One element of a drawing; ``told`` is what hovering over it says."""

    tag: str  # rect, path, circle, text
    at: tuple[tuple[str, str | float], ...]
    text: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a ground of ``width`` x ``height``; ``legend`` pairs a class with a name."""

    label: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One series over the years; ``tone`` names its colour (t0 ... t5)."""

    name: str
    tone: str
    values: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """How values are written: ``scale`` times the value, ``digits`` decimals, a sign."""

    scale: float = 1.0
    digits: int = 2
    sign: str = ""

    def write(self, value: float | None) -> str:
        """The value as readers see it; a dash for none."""
        if value is None or math.isnan(value):
            return "—"
        return f"{value * self.scale:,.{self.digits}f}{self.sign}"

    def tick(self, value: float) -> str:
        """The value beside an axis: no more decimals than it needs."""
        return f"{round(value * self.scale, 6):,g}{self.sign}"

    def change(self, value: float | None) -> str:
        """The same with its sign."""
        shown = self.write(value)
        return f"+{shown}" if value is not None and value > 0 else shown

    def between(self, one: Estimate) -> str:
        """The 95 % interval, a dash for none."""
        if one.low is None or one.high is None:
            return "—"
        return f"{self.write(one.low)} 至 {self.write(one.high)}"


SHARE, LEVEL, POINTS = Unit(100, 1, "%"), Unit(1, 2), Unit(1, 1)


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from values to places, with round ticks."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place of a value, one decimal."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Four to eight round values."""
        step = _step((self.high - self.low) / 4)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]


def lines(label: str, years: Sequence[int], series: Sequence[Line], unit: Unit) -> Drawing:
    """Lines with bands; a year without a value breaks the line."""
    known = [v for s in series for e in s.values for v in (e.value, e.high) if v is not None]
    up, across = _frame(known), _columns(years)
    shapes = _ground(up, years, across, unit)
    for one in series:
        shapes += [_band(run, up, one.tone) for run in _runs(one.values, across) if len(run) > 1]
    for one in series:
        for run in _runs(one.values, across):
            path = "L".join(f"{x} {up.at(e.value or 0)}" for x, e in run)
            shapes.append(_shape("path", d=f"M{path}", klass=f"line {one.tone}"))
            shapes += [_dot(x, up, e, one, unit) for x, e in run]
    return Drawing(label, WIDTH, HEIGHT, tuple(shapes), tuple((s.tone, s.name) for s in series))


def boxes(
    label: str, years: Sequence[int], groups: Sequence[Floats], more: Sequence[Line], unit: Unit
) -> Drawing:
    """A box a year (quartiles, whiskers to the ends) with means beside it; few reports: none."""
    known = [float(g.max()) for g in groups if len(g)]
    known += [v for s in more for e in s.values for v in (e.value, e.high) if v is not None]
    up, across = _frame(known), _columns(years)
    shapes = _ground(up, years, across, unit)
    half = min(12.0, 0.2 * _room(years))
    for x, year, group in zip(across, years, groups, strict=True):
        shapes += _box(x, up, group, f"{year}年", unit, half) if len(group) else []
    for n, one in enumerate(more):
        for x, e in zip(across, one.values, strict=True):
            shapes += _mean(x + half + min(9.0, half) * (n + 0.6), up, e, one, unit)
    legend = (("boxp", "中间一半与中位数"), *((s.tone, s.name) for s in more))
    return Drawing(label, WIDTH, HEIGHT, tuple(shapes), legend)


def stacks(
    label: str, years: Sequence[int], parts: Sequence[tuple[str, str, Sequence[float]]], unit: Unit
) -> Drawing:
    """Stacked columns: (class, name, a value a year) from the ground up."""
    totals = [sum(part[2][n] for part in parts) for n in range(len(years))]
    up, across = _frame(totals), _columns(years)
    shapes = _ground(up, years, across, unit)
    wide = min(46.0, 0.62 * _room(years))
    for n, x in enumerate(across):
        base = 0.0
        for tone, name, values in parts:
            top = base + values[n]
            told = f"{years[n]}年 {name}：{unit.write(values[n])}"
            y, foot = up.at(top), up.at(base)
            shapes.append(_rect(round(x - wide / 2, 1), y, wide, foot - y, tone, told))
            base = top
    return Drawing(label, WIDTH, HEIGHT, tuple(shapes), tuple((t, n) for t, n, _ in parts))


def whiskers(label: str, rows: Sequence[tuple[str, Estimate]], unit: Unit) -> Drawing:
    """A row a name: the value and its interval, with a line at zero where values have signs."""
    known = [v for _, e in rows for v in (e.value, e.low, e.high) if v is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    room = (high - low or 1) * 0.05
    along = Axis(low - room if low < 0 else 0.0, high + room, NAMES, WIDTH - RIGHT)
    height = ROW * len(rows) + 28
    shapes = []
    for tick in along.ticks():
        x = along.at(tick)
        shapes.append(
            _shape("path", d=f"M{x} 4V{height - 22}", klass="zero" if not tick else "grid")
        )
        shapes.append(_text(x, height - 8, unit.tick(tick), "middle"))
    for n, (name, e) in enumerate(rows):
        shapes += _whisker(name, e, 16 + ROW * n, along, unit)
    return Drawing(label, WIDTH, height, tuple(shapes))


def spark(values: Sequence[float | None], told: str) -> Drawing:
    """Small columns, one a year, for a cell of a table."""
    top = max([v for v in values if v is not None] or [0]) or 1
    shapes = [
        _rect(9 * n, round(20 - 19 * v / top, 1), 7, round(19 * v / top, 1) + 0.5, "bar", "")
        for n, v in enumerate(values)
        if v is not None
    ]
    return Drawing(told, 9 * max(len(values), 1), 21, tuple(shapes))


def _step(least: float) -> float:
    power = 10 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= least * (1 - 1e-9))


def _frame(known: Iterable[float]) -> Axis:
    """From zero up to a round value above all that is shown."""
    top = max([*known, 0.0]) or 1.0
    step = _step(top / 4)
    return Axis(0.0, math.ceil(top / step - 1e-9) * step, HEIGHT - BOTTOM, TOP)


def _room(years: Sequence[int]) -> float:
    """Width of a year; years without reports take theirs too."""
    return (WIDTH - LEFT - RIGHT) / (years[-1] - years[0] + 1)


def _columns(years: Sequence[int]) -> list[float]:
    """Middle of each year's room."""
    return [round(LEFT + _room(years) * (year - years[0] + 0.5), 1) for year in years]


def _ground(up: Axis, years: Sequence[int], across: Sequence[float], unit: Unit) -> list[Shape]:
    shapes = []
    for tick in up.ticks():
        y = up.at(tick)
        shapes.append(_shape("path", d=f"M{LEFT} {y}H{WIDTH - RIGHT}", klass="grid"))
        shapes.append(_text(LEFT - 6, y + 4, unit.tick(tick), "end"))
    shapes += [_text(x, HEIGHT - 8, str(y), "middle") for x, y in zip(across, years, strict=True)]
    return shapes


def _runs(
    values: Sequence[Estimate], across: Sequence[float]
) -> list[list[tuple[float, Estimate]]]:
    """Neighbouring years that have a value."""
    runs: list[list[tuple[float, Estimate]]] = [[]]
    for x, one in zip(across, values, strict=True):
        if one.value is None:
            runs.append([])
        else:
            runs[-1].append((x, one))
    return [run for run in runs if run]


def _band(run: Sequence[tuple[float, Estimate]], up: Axis, tone: str) -> Shape:
    held = [(x, e) for x, e in run if e.low is not None]
    there = [f"{x} {up.at(e.high or 0)}" for x, e in held]
    back = [f"{x} {up.at(e.low or 0)}" for x, e in reversed(held)]
    return _shape(
        "path", d="M" + "L".join(there + back) + "Z" if held else "", klass=f"band {tone}"
    )


def _dot(x: float, up: Axis, e: Estimate, one: Line, unit: Unit) -> Shape:
    told = f"{one.name}：{unit.write(e.value)}（{unit.between(e)}），{e.n}份"
    return _shape("circle", told=told, cx=x, cy=up.at(e.value or 0), r=3.2, klass=f"dot {one.tone}")


def _box(x: float, up: Axis, group: Floats, name: str, unit: Unit, half: float) -> list[Shape]:
    low, first, mid, third, high = np.quantile(group, [0, 0.25, 0.5, 0.75, 1]).tolist()
    told = (
        f"{name}，{len(group)}份：最低{unit.write(low)}，四分位{unit.write(first)}、"
        f"{unit.write(mid)}、{unit.write(third)}，最高{unit.write(high)}"
    )
    y, left = up.at(third), round(x - half, 1)
    return [
        _shape("path", d=f"M{x} {up.at(low)}V{up.at(high)}", klass="axis"),
        _rect(left, y, 2 * half, up.at(first) - y, "boxp", told),
        _shape("path", d=f"M{left} {up.at(mid)}h{round(2 * half, 1)}", klass="med"),
    ]


def _mean(x: float, up: Axis, e: Estimate, one: Line, unit: Unit) -> list[Shape]:
    if e.value is None:
        return []
    shapes = [_dot(round(x, 1), up, e, one, unit)]
    if e.low is not None and e.high is not None:
        path = f"M{round(x, 1)} {up.at(e.low)}V{up.at(e.high)}"
        shapes.insert(0, _shape("path", d=path, klass=f"line {one.tone}"))
    return shapes


def _whisker(name: str, e: Estimate, y: float, along: Axis, unit: Unit) -> list[Shape]:
    short = name if len(name) <= 11 else name[:10] + "…"
    shapes = [_text(NAMES - 8, y + 4, f"{short} {e.n}", "end", told=name)]
    if e.low is not None and e.high is not None:
        path = f"M{along.at(e.low)} {y}H{along.at(e.high)}"
        shapes.append(_shape("path", d=path, klass="line t0"))
    if e.value is not None:
        told = f"{name}：{unit.write(e.value)}（{unit.between(e)}），{e.n}份"
        shapes.append(_shape("circle", told=told, cx=along.at(e.value), cy=y, r=4, klass="dot t0"))
    return shapes


def _rect(x: float, y: float, width: float, height: float, klass: str, told: str) -> Shape:
    return _shape(
        "rect", told=told, x=x, y=y, width=round(width, 1), height=round(height, 1), klass=klass
    )


def _text(x: float, y: float, text: str, anchor: str, told: str = "") -> Shape:
    at = (("x", x), ("y", round(y, 1)), ("font-size", 11), ("text-anchor", anchor))
    return Shape("text", at, text, told)


def _shape(tag: str, *, told: str = "", klass: str = "", **at: str | float) -> Shape:
    return Shape(tag, (*at.items(), ("class", klass)), told=told)
