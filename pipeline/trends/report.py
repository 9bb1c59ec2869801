"""The trends page: read, estimate, draw, write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.choices import BadUse
from pipeline.emit.files import put
from pipeline.emit.html import page
from pipeline.trends.estimates import DRAWS, FEWEST, FEWEST_FIT, FEWEST_INTERVAL, Draws
from pipeline.trends.guides import guide_section, overview_section
from pipeline.trends.page import Section
from pipeline.trends.read import read_years
from pipeline.trends.said import read_texts, themes
from pipeline.trends.sample import sample_section
from pipeline.trends.themes import theme_section
from pipeline.trends.wordview import word_section
from pipeline.trends.years import Years, came


def write_trends(panel: Path, to: Path, outs: Sequence[Path] = ()) -> None:
    """Write the page to the file ``to``.

    Args:
        panel: Folder written by ``zejian panel``.
        to: HTML file; replaced whole.
        outs: Output folders of the reviews; with them words, topics and themes are shown.

    Raises:
        BadUse: no panel, no text of the panel's reports in ``outs``, or ``to`` cannot be written.
    """
    shown = trends_html(panel, outs)
    try:
        put(to, shown)
    except OSError as fault:
        raise BadUse(f"无法写入“{to}”：{fault.strerror or fault}") from fault


def trends_html(panel: Path, outs: Sequence[Path] = ()) -> bytes:
    """The page as UTF-8: no script, nothing fetched.

    Raises:
        BadUse: no panel, or none of its reports' texts in ``outs``.
    """
    years = read_years(panel)
    sections = _sections(years, outs)
    return page(
        "trends",
        years=years,
        sections=sections,
        companies=len(np.unique(years.company)),
        draws=DRAWS,
        fewest=FEWEST,
        fewest_interval=FEWEST_INTERVAL,
        fewest_fit=FEWEST_FIT,
    )


def _sections(years: Years, outs: Sequence[Path]) -> list[Section]:
    draws, who = Draws(years.company), came(years)
    sections = [
        sample_section(years, who, draws),
        overview_section(years, draws),
        guide_section(years, who, draws),
    ]
    if outs:
        about = themes()
        said = read_texts(outs, years, about)
        if not said:
            raise BadUse("所给的评审结果文件夹中，没有数据集里任何一份报告的原文。")
        sections += [theme_section(years, said, about, draws), word_section(years, said)]
    return sections
