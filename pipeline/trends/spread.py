"""How a figure lies over the reports of each year: boxes, the mean, the mean at one length."""

from __future__ import annotations

import numpy as np

from pipeline.trends.draw import Line, Unit, boxes
from pipeline.trends.estimates import FEWEST, Draws, Floats, Mask
from pipeline.trends.page import Figure, Table, estimate_cells
from pipeline.trends.years import Years

QUARTILES = (0.25, 0.5, 0.75)


def spread(
    years: Years, draws: Draws, values: Floats, title: str, unit: Unit, *, fixed: bool = True
) -> Figure:
    """Distribution of the values (reports,) by year; ``fixed`` adds the mean at one length."""
    masks = [years.of(year) for year in years.all]
    means = [Line("平均", "t1", tuple(draws.mean(values, mask) for mask in masks))]
    level = draws.level(values, years.length, masks) if fixed else []
    if any(e.value is not None for e in level):
        means.append(Line("同篇幅平均", "t3", tuple(level)))
    groups = [shown(values, mask) for mask in masks]
    drawing = boxes(title, years.all, groups, means, unit) if any(map(len, groups)) else None
    basis = f"{int((~np.isnan(values)).sum())}份报告"
    return Figure(title, basis, drawing, _table(years, groups, means, unit))


def shown(values: Floats, among: Mask) -> Floats:
    """Known values among the reports; none where too few, for they would tell of companies."""
    found = values[among & ~np.isnan(values)]
    return found if len(found) >= FEWEST else found[:0]


def _table(years: Years, groups: list[Floats], means: list[Line], unit: Unit) -> Table:
    rows = []
    for n, year in enumerate(years.all):
        cuts = np.quantile(groups[n], QUARTILES).tolist() if len(groups[n]) else [None] * 3
        cells = [estimate_cells(unit, line.values[n]) for line in means]
        told = [cell for _, *rest in cells for cell in rest]
        rows.append((str(year), cells[0][0], *(unit.write(cut) for cut in cuts), *told))
    named = [head for line in means for head in (line.name, "95%区间")]
    return Table(("年度", "份数", "下四分位", "中位数", "上四分位", *named), tuple(rows))
