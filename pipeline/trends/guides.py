"""One framework over the years: coverage, levels, who came again, industries, indicators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.trends.draw import LEVEL, SHARE, Line, lines, stacks
from pipeline.trends.estimates import Draws, Estimate, Mask
from pipeline.trends.groups import group_figures
from pipeline.trends.indicators import indicator_figures
from pipeline.trends.page import Figure, Group, Section, Table, estimate_cells, heat
from pipeline.trends.spread import spread
from pipeline.trends.years import Came, Told, Years

LEVELS = ("未披露", "1 理念表述", "2 具体做法", "3 绩效数据", "4 对比或鉴证")


def overview_section(years: Years, draws: Draws) -> Section:
    """All frameworks side by side: mean coverage and mean level by year."""
    names = [(told.name,) for told in years.frameworks]
    heads = ("指南", *(str(year) for year in years.all))
    figures = []
    for title, unit, top in (("平均覆盖率", SHARE, 1.0), ("已披露指标的平均层级", LEVEL, 4.0)):
        values = [
            [draws.mean(t.coverage if unit is SHARE else t.depth, years.of(y)) for y in years.all]
            for t in years.frameworks
        ]
        table = heat(heads, names, values, unit, top)
        figures.append(Figure(title, _basis(years), None, table))
    return Section(
        "overview",
        "各指南一览",
        "各指南指标数量和要求不同，只宜同一指南内逐年比较，不宜相互比较高低。",
        (Group("", tuple(figures)),),
    )


def guide_section(years: Years, who: Came, draws: Draws) -> Section:
    """A group of figures a framework; the first stands open."""
    groups = [
        Group(told.name, _figures(years, told, who, draws), opened=n == 0)
        for n, told in enumerate(years.frameworks)
    ]
    return Section(
        "guides",
        "分指南",
        "“同篇幅平均”用报告字数的对数作协变量，把各年换算到同一篇幅，以免把写得更长当成披露更多。",
        tuple(groups),
    )


def _figures(years: Years, told: Told, who: Came, draws: Draws) -> tuple[Figure, ...]:
    found = (
        spread(years, draws, told.coverage, "覆盖率分布", SHARE),
        _levels(years, told, draws),
        _panels(years, told, who, draws),
        *group_figures(years, told, draws),
        *indicator_figures(years, told, draws),
    )
    return tuple(sorted(found, key=lambda figure: figure.drawing is None))  # charts, then tables


def _levels(years: Years, told: Told, draws: Draws) -> Figure:
    """Share of applicable indicators at each level; a year of too few reports stays empty."""
    shares = [_level_shares(told, years.of(year)) for year in years.all]
    parts = [(f"l{n}", name, [share[n] for share in shares]) for n, name in enumerate(LEVELS)]
    means = [draws.mean(told.depth, years.of(year)) for year in years.all]
    rows = tuple(
        (str(y), *_depth_cells(mean), *(SHARE.write(v) if sum(share) else "—" for v in share))
        for y, mean, share in zip(years.all, means, shares, strict=True)
    )
    heads = ("年度", "份数", "平均层级", "95%区间", *LEVELS)
    drawing = stacks("层级构成", years.all, parts, SHARE)
    return Figure(
        "层级构成（占适用指标）",
        _basis(years, told),
        drawing,
        Table(heads, rows),
        "平均层级只计已披露的指标。",
    )


def _depth_cells(one: Estimate) -> tuple[str, str, str]:
    return estimate_cells(LEVEL, one)


def _level_shares(told: Told, among: Mask) -> list[float]:
    disclosed, level = told.disclosed[among], told.level[among]
    applies = int((~np.isnan(disclosed)).sum())
    if int((~np.isnan(disclosed)).any(axis=1).sum()) < 3 or not applies:
        return [0.0] * len(LEVELS)
    shares = [float((level == n).sum()) / applies for n in range(1, len(LEVELS))]
    return [1 - sum(shares), *shares]


def _panels(years: Years, told: Told, who: Came, draws: Draws) -> Figure:
    """Survivors and entrants apart, and what of the change is the survivors' own."""
    kinds = (
        ("全部", "t5", np.ones(len(years.year), bool)),
        ("连续参评", "t0", who.again),
        ("新进", "t1", who.new),
        ("每年都有", "t2", who.always & (len(years.all) > 1)),
    )
    series = [
        Line(name, tone, tuple(draws.mean(told.coverage, mask & years.of(y)) for y in years.all))
        for name, tone, mask in kinds
    ]
    rows = []
    for n, year in enumerate(years.all):
        cells = [c for line in series for c in estimate_cells(SHARE, line.values[n])[:2]]
        between = [SHARE.between(series[at].values[n]) for at in (1, 2)]
        rows.append((str(year), *cells, *between, *_change(years, told, draws, n)))
    heads = ("年度", *(h for s in series for h in (f"{s.name}：份数", "平均")))
    more = ("连续参评95%区间", "新进95%区间", "比上年", "其中同一批企业", "95%区间", "名单变动")
    drawn = [s for s in series if any(e.value is not None for e in s.values)]
    return Figure(
        "连续参评与新进企业的平均覆盖率",
        _basis(years, told),
        lines("连续参评与新进", years.all, drawn, SHARE),
        Table((*heads, *more), tuple(rows)),
        "“同一批企业”是上年和本年都有报告的企业自身的平均变化，其余为名单变动所致。",
    )


def _change(years: Years, told: Told, draws: Draws, n: int) -> Sequence[str]:
    """Change of the mean since the year before, and its part within the same companies."""
    if n == 0:
        return ("—",) * 4
    now, before = years.of(years.all[n]), years.of(years.all[n - 1])
    whole = draws.gap(told.coverage, now, before)
    own = draws.mean(_since(years, told, before), now)
    if whole.value is None or own.value is None:
        return (SHARE.change(whole.value), SHARE.change(own.value), "—", "—")
    rest = SHARE.change(whole.value - own.value)
    return (SHARE.change(whole.value), SHARE.change(own.value), SHARE.between(own), rest)


def _since(years: Years, told: Told, before: Mask) -> np.ndarray:
    """Each report's coverage less that of the same company's ``before``, NaN without one."""
    then = dict(zip(years.company[before].tolist(), told.coverage[before].tolist(), strict=True))
    return np.array(
        [
            v - then.get(c, np.nan)
            for c, v in zip(years.company.tolist(), told.coverage, strict=True)
        ]
    )


def _basis(years: Years, told: Told | None = None) -> str:
    """Reports by year, so that nobody reads a mean without its n."""
    of = [
        int((years.of(y) & (~np.isnan(told.coverage) if told else True)).sum()) for y in years.all
    ]
    return "份数：" + "，".join(f"{y}年{n}" for y, n in zip(years.all, of, strict=True))
