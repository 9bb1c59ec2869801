"""Indicators of a framework over the years: who tells of them, and at which level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.trends.draw import LEVEL, SHARE, whiskers
from pipeline.trends.estimates import Draws, Estimate, at_one_length
from pipeline.trends.page import Figure, Shade, Table, heat
from pipeline.trends.years import Told, Years

EACH = 8  # indicators shown that rose most, and that fell most


def indicator_figures(years: Years, told: Told, draws: Draws) -> list[Figure]:
    """What rose and fell, and every indicator's share and level by year."""
    table = [draws.means(told.disclosed, years.of(year)) for year in years.all]
    shares = [[row[n] for row in table] for n in range(len(told.codes))]
    table = [draws.means(told.level, years.of(year)) for year in years.all]
    levels = [[row[n] for row in table] for n in range(len(told.codes))]
    names = list(zip(told.codes, told.titles, strict=True))
    heads = ("编号", "指标", *map(str, years.all))
    basis = f"{int((~np.isnan(told.disclosed)).any(axis=1).sum())}份报告，{len(names)}条指标"
    return [
        *_moved(years, told, draws),
        Figure("各指标：披露的企业占比", basis, None, heat(heads, names, shares, SHARE, 1.0)),
        Figure("各指标：披露时的平均层级", basis, None, heat(heads, names, levels, LEVEL, 4.0)),
    ]


def _moved(years: Years, told: Told, draws: Draws) -> list[Figure]:
    """Change between the first and the last year in which the framework has enough reports."""
    reviewed = (~np.isnan(told.disclosed)).any(axis=1)
    enough = [y for y in years.all if int((reviewed & years.of(y)).sum()) >= 3]
    if len(enough) < 2:
        return []
    first, last = years.of(enough[0]), years.of(enough[-1])
    gaps = draws.gaps(told.disclosed, last, first)
    ranked = sorted(
        (n for n, gap in enumerate(gaps) if gap.value is not None),
        key=lambda n: (-(gaps[n].value or 0), n),
    )
    picked = list(dict.fromkeys([*ranked[:EACH], *ranked[-EACH:]]))
    rows = [(told.titles[n], gaps[n]) for n in picked]
    title = f"{enough[0]}年至{enough[-1]}年披露占比变化最大的指标（百分点）"
    basis = f"两年至少各{min((gap.n for gap in gaps if gap.n), default=0)}份报告"
    cells = tuple(_row(years, told, n, gaps[n], (first, last)) for n in ranked)
    heads = (
        "编号",
        "指标",
        "份数（较少的一年）",
        "变化",
        "95%区间",
        "同篇幅变化",
        "区间是否排除零",
    )
    drawing = whiskers(title, rows, SHARE)
    note = "同时比较许多指标，个别区间排除零可能出于偶然；同篇幅变化按字数的对数校正。"
    return [Figure(title, basis, drawing, Table(heads, cells, 2), note)]


def _row(
    years: Years, told: Told, n: int, gap: Estimate, masks: Sequence[np.ndarray]
) -> tuple[str | Shade, ...]:
    fixed = at_one_length(told.disclosed[:, n], years.length, masks)
    change = SHARE.change(fixed[1] - fixed[0]) if fixed and gap.low is not None else "—"
    sure = "是" if gap.sure else "否" if gap.low is not None else "—"
    told_gap = (str(gap.n), SHARE.change(gap.value), SHARE.between(gap), change)
    return (told.codes[n], told.titles[n], *told_gap, sure)
