"""Who is in the panel: reports by year, who came again, who is new, how they write."""

from __future__ import annotations

import numpy as np

from pipeline.trends.draw import POINTS, SHARE, Unit, stacks
from pipeline.trends.estimates import Draws
from pipeline.trends.page import Figure, Group, Section, Table
from pipeline.trends.spread import spread
from pipeline.trends.years import Came, Years

COUNT, LENGTH = Unit(1, 0, "份"), Unit(1, 2)
TEXTS = {"substance": "实据占比", "boilerplate": "套话占比", "copied": "与上年逐字相同的比例"}


def sample_section(years: Years, who: Came, draws: Draws) -> Section:
    """Sample, features of the texts and quality by year."""
    length = spread(years, draws, years.length / 1e4, "篇幅（万字）", LENGTH, fixed=False)
    texts = [
        spread(years, draws, years.texts[name], title, SHARE)
        for name, title in TEXTS.items()
        if not np.isnan(years.texts[name]).all()
    ]
    quality = [
        spread(years, draws, values, name, POINTS) for name, values in years.dimensions.items()
    ]
    groups = [Group("", (_who(years, who), length, *texts))]
    if quality:
        groups.append(Group("报告质量各维度（0至100分，权重为本地）", tuple(quality)))
    return Section(
        "sample",
        "样本、文本与质量",
        "参评企业每年有进有出，年度平均的变化可能只是名单的变化，读后文各图前请先看这里。",
        tuple(groups),
    )


def _who(years: Years, who: Came) -> Figure:
    kinds = (
        ("l1", "起始年", years.year == years.all[0]),
        ("l4", "连续参评", who.again),
        ("f1", "新进", who.new),
        ("l2", "回归", who.back),
    )
    parts = [
        (tone, name, [float((mask & years.of(y)).sum()) for y in years.all])
        for tone, name, mask in kinds
    ]
    left = ["—", *(_left(years, a, b) for a, b in zip(years.all, years.all[1:], strict=False))]
    rows = tuple(
        (str(y), str(int(years.of(y).sum())), *(f"{p[2][n]:.0f}" for p in parts), left[n])
        for n, y in enumerate(years.all)
    )
    heads = ("年度", "报告", *(name for _, name, _ in kinds), "上年有而本年无")
    companies, always = (len(np.unique(years.company[m])) for m in (years.year > 0, who.always))
    basis = f"{len(years.year)}份报告，{companies}家企业，其中{always}家每年都有报告"
    drawing = stacks("各年报告与企业进出", years.all, parts, COUNT)
    return Figure("各年报告与企业进出", basis, drawing, Table(heads, rows))


def _left(years: Years, before: int, now: int) -> str:
    there = set(years.company[years.of(now)].tolist())
    return str(len(set(years.company[years.of(before)].tolist()) - there))
