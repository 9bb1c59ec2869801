"""Industries and districts in a framework: by year, and beyond what their length explains."""

from __future__ import annotations

from collections import Counter

import numpy as np

from pipeline.trends.draw import SHARE, whiskers
from pipeline.trends.estimates import FEWEST, Draws, Estimate
from pipeline.trends.page import Figure, Table, estimate_cells, heat
from pipeline.trends.years import Names, Told, Years

MOST = 20  # groups shown, those with most reports


def group_figures(years: Years, told: Told, draws: Draws) -> list[Figure]:
    """By year and for the latest year, for industry and district where they are known."""
    figures = []
    for title, names in (("行业", years.industry), ("所在区", years.district)):
        shown = _shown(years, names)
        if shown:
            figures.append(_by_year(years, told, draws, title, names, shown))
            figures.append(_latest(years, told, draws, title, names, shown))
    return [one for one in figures if one.table.rows]


def _shown(years: Years, names: Names) -> list[str]:
    """Groups with enough reports for a mean in one year at least, largest first."""
    counted = Counter(name for name in names.tolist() if name)
    pairs = Counter(zip(names.tolist(), years.year.tolist(), strict=True))
    enough = {name for (name, _), n in pairs.items() if name and n >= FEWEST}
    return sorted(enough, key=lambda name: (-counted[name], name))[:MOST]


def _by_year(
    years: Years, told: Told, draws: Draws, title: str, names: Names, shown: list[str]
) -> Figure:
    values = [
        [draws.mean(told.coverage, years.of(y) & (names == name)) for y in years.all]
        for name in shown
    ]
    counts = [(name, str(sum(e.n for e in row))) for name, row in zip(shown, values, strict=True)]
    table = heat((title, "份数", *map(str, years.all)), counts, values, SHARE, 1.0)
    basis = f"{sum(e.n for row in values for e in row)}份报告，{len(shown)}个{title}"
    return Figure(f"分{title}的平均覆盖率", basis, None, table)


def _latest(
    years: Years, told: Told, draws: Draws, title: str, names: Names, shown: list[str]
) -> Figure:
    """Groups of the last year with enough reports, and the same at one length."""
    year = years.all[-1]
    masks = [years.of(year) & (names == name) for name in shown]
    plain = [draws.mean(told.coverage, mask) for mask in masks]
    fixed = draws.level(told.coverage, years.length, masks)
    known = any(one.value is not None for one in fixed)
    rows = [(n, p, f) for n, p, f in zip(shown, plain, fixed, strict=True) if p.value is not None]
    rows.sort(key=lambda row: (-_value(row[2] if known else row[1]), row[0]))
    cells = tuple((name, *estimate_cells(SHARE, p), *_level(f)) for name, p, f in rows)
    what = "同篇幅平均覆盖率" if known else "平均覆盖率"
    drawing = whiskers(what, [(name, f if known else p) for name, p, f in rows], SHARE)
    heads = (title, "份数", "平均", "95%区间", "同篇幅平均", "95%区间")
    basis = f"{sum(p.n for _, p, _ in rows)}份报告，每个{title}不少于{FEWEST}份"
    return Figure(
        f"{year}年分{title}：{what}", basis, drawing if rows else None, Table(heads, cells)
    )


def _level(one: Estimate) -> tuple[str, str]:
    return SHARE.write(one.value), SHARE.between(one)


def _value(one: Estimate) -> float:
    return -np.inf if one.value is None else one.value
