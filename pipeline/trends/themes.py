"""Annual themes (抗疫, 双碳 ...) over the years: how often reports name them, at equal length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.trends.draw import Line, Unit, lines
from pipeline.trends.estimates import Draws, Floats
from pipeline.trends.page import Figure, Group, Section, Table, estimate_cells, heat
from pipeline.trends.said import Said, Theme
from pipeline.trends.years import Years

RATE = Unit(1, 2)
_LEAD = (
    "每份报告每万字提到主题线索词的次数，再对报告平均：以万字计，故与篇幅无关。"
    "主题取自各年度申报通知，线索词为本地所拟，见项目文件。"
)


def theme_section(
    years: Years, said: Sequence[Said], about: Sequence[Theme], draws: Draws
) -> Section:
    """A chart a group of themes, and a table of them all."""
    rates = _rates(years, said)
    groups = list(dict.fromkeys(theme.group for theme in about))
    charts = [_chart(years, group, about, rates, draws) for group in groups]
    values = [[draws.mean(rate, years.of(y)) for y in years.all] for rate in rates.T]
    names = [(theme.group, theme.name) for theme in about]
    heads = ("主题", "内容", *map(str, years.all))
    table = heat(heads, names, values, RATE)
    basis = f"{len(said)}份有原文的报告；颜色深浅在各行内比较"
    whole = Figure("全部主题：每万字次数", basis, None, table)
    return Section("themes", "年度主题", _LEAD, (Group("", tuple(charts)), Group("", (whole,))))


def _rates(years: Years, said: Sequence[Said]) -> Floats:
    """Times per ten thousand characters, reports x themes; NaN where there is no text."""
    width = len(said[0].named) if said else 0
    rates = np.full((len(years.year), width), np.nan)
    for one in said:
        rates[one.at] = 1e4 * np.array(one.named) / max(one.characters, 1)
    return rates


def _chart(years: Years, group: str, about: Sequence[Theme], rates: Floats, draws: Draws) -> Figure:
    """The group's themes as lines, at most six: those named most."""
    mine = [n for n, theme in enumerate(about) if theme.group == group]
    usual = {n: float(np.nan_to_num(np.nanmean(rates[:, n]))) for n in mine}
    mine = sorted(mine, key=lambda n: -usual[n])[:6]
    series = [
        Line(
            about[n].name, f"t{at}", tuple(draws.mean(rates[:, n], years.of(y)) for y in years.all)
        )
        for at, n in enumerate(mine)
    ]
    rows = tuple(
        (str(y), s.name, *estimate_cells(RATE, s.values[n]))
        for s in series
        for n, y in enumerate(years.all)
    )
    heads = ("年度", "内容", "份数", "每万字次数", "95%区间")
    n = int((~np.isnan(rates[:, mine[0]])).sum())
    drawing = lines(group, years.all, series, RATE)
    return Figure(group, f"{n}份有原文的报告", drawing, Table(heads, rows, 2))
