"""Scores held against ratings from outside (评级, 奖项): how far the two rank alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from pipeline.choices import BadUse
from pipeline.names import normalised
from pipeline.panel import read_table
from pipeline.trends.estimates import FEWEST_INTERVAL, Draws, Floats

COLUMNS = ("company", "year", "rating")
TOTAL = "总分"


@dataclass(frozen=True, slots=True)
class Validity:
    """How a score and a rating rank the same reports.

    Attributes:
        score: Which score.
        n: Reports that have both.
        rho: Spearman's rank correlation; None below `FEWEST_INTERVAL` reports.
        low: Lower end of its 95 % interval (companies drawn anew).
        high: Upper end.
        beyond_length: The same with the length of the reports held fixed (partial rho).
    """

    score: str
    n: int
    rho: float | None = None
    low: float | None = None
    high: float | None = None
    beyond_length: float | None = None


def rated(panel: Path, ratings: Path) -> pd.DataFrame:
    """Reports of the panel that were rated: key, characters, the scores, ``rating``.

    Args:
        panel: Folder of ``zejian panel``.
        ratings: CSV (UTF-8) with the columns company, year and rating, a number that is
            greater for the better; a company goes by any of its names.

    Raises:
        BadUse: the CSV lacks a column, or a rating is no number.
    """
    given = pd.read_csv(ratings, encoding="utf-8-sig")
    if missing := [name for name in COLUMNS if name not in given]:
        raise BadUse(f"“{ratings}”缺少列：{'、'.join(missing)}")
    if not pd.api.types.is_numeric_dtype(given["rating"]):
        raise BadUse(f"“{ratings}”的 rating 列应全是数字，越大越好。")
    names = read_table(panel, "names")[["company_id", "normalised"]].drop_duplicates()
    given["normalised"] = given["company"].map(normalised)
    known = given.merge(names, on="normalised")[["company_id", "year", "rating"]]
    return _scores(panel).merge(known, on=["company_id", "year"])


def validity(reports: pd.DataFrame, score: str) -> Validity:
    """Rank correlation of a column of `rated` with ``rating``."""
    known = reports.dropna(subset=[score, "rating"])
    companies = known["company_id"].to_numpy(str)
    if len(set(companies.tolist())) < FEWEST_INTERVAL:
        return Validity(score, len(known))
    ranks = np.column_stack([rankdata(known[column]) for column in (score, "rating", "characters")])
    point = _rho(np.ones((1, len(known))), ranks)
    drawn = _rho(Draws(companies).weights, ranks)
    low, high = np.nanpercentile(drawn[:, 0], [2.5, 97.5])
    told = (round(float(v), 3) for v in (point[0, 0], low, high, point[0, 1]))
    return Validity(score, len(known), *told)


def _scores(panel: Path) -> pd.DataFrame:
    """A row a report that counts: characters, total quality, coverage by framework."""
    key = ["company_id", "company", "year", "report_id"]
    texts = read_table(panel, "texts").query("main")
    quality = read_table(panel, "dimensions").query("main and dimension == @TOTAL")
    coverage = read_table(panel, "coverage").query("main")
    wide = coverage.pivot(index="report_id", columns="framework", values="weighted")
    total = quality.set_index("report_id")["score"].rename(TOTAL)
    return texts[[*key, "characters"]].join(total, on="report_id").join(wide, on="report_id")


def _rho(weights: Floats, ranks: Floats) -> Floats:
    """Correlation of the first two columns, and that with the third held fixed; by draw.

    Ranks are those of all reports: ranking every draw anew changes little and costs much.
    """
    total = weights.sum(axis=1, keepdims=True)
    centre = weights @ ranks / total
    pairs = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]
    cross = {
        (a, b): weights @ (ranks[:, a] * ranks[:, b]) / total[:, 0] - centre[:, a] * centre[:, b]
        for a, b in pairs
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        xy, xz, yz = (cross[a, b] / np.sqrt(cross[a, a] * cross[b, b]) for a, b in pairs[3:])
        partial = (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))
    return np.column_stack([xy, partial])
