"""Words and topics that emerge and fade: TF-IDF of words, topics by non-negative factors.

TF-IDF vectors have length one, so a long report weighs no more than a short one. The trend of
a word is the slope of its weight over the years; its error comes from companies drawn anew,
and of all words those are told whose slope is other than zero at a false discovery rate of
5 % (Benjamini & Hochberg 1995). Topics: NMF on paragraphs (Lee & Seung 1999).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import norm
from sklearn.decomposition import NMF
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from pipeline.trends.estimates import FEWEST, FEWEST_INTERVAL, Draws, Floats
from pipeline.trends.said import Said
from pipeline.trends.years import Years

SHOWN = 25  # words told each way
TOPICS, TOPIC_WORDS = 12, 8
MOST_PIECES, MOST_WORDS = 30_000, 4_000  # paragraphs and words that topics are found in
FEWEST_COMPANIES = 5  # that use a word: a name of a firm or a place is no trend
FALSE = 0.05


@dataclass(frozen=True, slots=True)
class Trend:
    """A word or topic: its slope in errors, and its rate in each year (None: too few)."""

    name: str
    z: float
    rates: tuple[float | None, ...]
    counts: tuple[int, ...]  # reports of each year that have a text
    companies: int  # that use it

    @property
    def rising(self) -> bool:
        """Whether it emerges; else it fades."""
        return self.z > 0


def comparable(years: Years, said: Sequence[Said]) -> list[Said]:
    """Reports of the years that have enough texts; none where that is a single year.

    A slope that hangs on a handful of reports has no error that drawing anew could tell.
    """
    counted = Counter(int(years.year[one.at]) for one in said)
    enough = {year for year, n in counted.items() if n >= FEWEST_INTERVAL}
    return [one for one in said if years.year[one.at] in enough] if len(enough) > 1 else []


def word_trends(years: Years, said: Sequence[Said]) -> list[Trend]:
    """Words that rise or fall beyond chance, strongest first."""
    vectoriser = DictVectorizer(dtype=np.float64)
    counts = csr_array(vectoriser.fit_transform(_counted(said)))
    firms = np.unique(years.company[[one.at for one in said]], return_inverse=True)[1]
    kept = np.flatnonzero(_companies(counts, firms) >= FEWEST_COMPANIES)
    counts = counts[:, kept]
    weights = csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts))
    z = _slopes(years, said, weights)
    per = np.array([1e4 / max(one.characters, 1) for one in said])
    rates = csr_array(counts.multiply(per[:, None]))
    names = vectoriser.get_feature_names_out()[kept]
    used = _companies(counts, firms)
    picked = sorted(_discovered(z), key=lambda n: (-abs(z[n]), names[n]))
    return [_trend(years, said, str(names[n]), z[n], _column(rates, n), used[n]) for n in picked]


def topic_trends(years: Years, said: Sequence[Said]) -> list[Trend]:
    """Topics with their strongest words and their share of each year's paragraphs."""
    pieces = [(n, piece) for n, one in enumerate(said) for piece in one.pieces if len(piece) > 3]
    step = max(len(pieces) / MOST_PIECES, 1)
    pieces = [pieces[int(n * step)] for n in range(min(MOST_PIECES, len(pieces)))]
    vectoriser = TfidfVectorizer(
        analyzer=list, min_df=FEWEST_COMPANIES, max_df=0.3, max_features=MOST_WORDS
    )
    weights = vectoriser.fit_transform([piece for _, piece in pieces])
    model = NMF(min(TOPICS, weights.shape[1]), init="nndsvda", random_state=0, max_iter=300)
    found = model.fit_transform(weights)
    shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
    owner = np.array([n for n, _ in pieces])
    each = np.array([shares[owner == n].mean(axis=0) for n in np.unique(owner)])
    having = [said[n] for n in np.unique(owner)]
    z = _slopes(years, having, csr_array(each))
    words = vectoriser.get_feature_names_out()
    names = ["、".join(words[np.argsort(-row)[:TOPIC_WORDS]]) for row in model.components_]
    firms = len(np.unique(years.company[[one.at for one in having]]))
    ranked = sorted(range(len(names)), key=lambda n: -z[n])
    return [_trend(years, having, names[n], z[n], each[:, n], firms) for n in ranked]


def _counted(said: Sequence[Said]) -> Iterator[dict[str, float]]:
    for one in said:
        yield dict(zip(one.words, one.counts.tolist(), strict=True))


def _companies(counts: csr_array, firms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Companies that use each word."""
    rows, columns = counts.nonzero()
    pairs = np.unique(np.column_stack([columns, firms[rows]]), axis=0)
    return np.bincount(pairs[:, 0], minlength=counts.shape[1])


def _slopes(years: Years, said: Sequence[Said], weights: csr_array) -> Floats:
    """Slope of each column over the years, in standard errors over redrawn companies."""
    at = [one.at for one in said]
    year = years.year[at].astype(np.float64)
    year -= year.mean()
    drawn = Draws(years.company[at], draws=200).weights
    slopes = _slope(drawn, year, weights)
    point = _slope(np.ones((1, len(at))), year, weights)[0]
    error = np.nanstd(slopes, axis=0)
    return np.divide(point, error, out=np.zeros_like(point), where=error > 1e-12)


def _slope(drawn: Floats, year: Floats, weights: csr_array) -> Floats:
    """Weighted least squares of every column on the year; draws x columns."""
    total = drawn.sum(axis=1, keepdims=True)
    centre = (drawn @ year[:, None]) / total
    turned = weights.T.tocsr()
    crossed = (turned @ (drawn * year).T).T - centre * (turned @ drawn.T).T
    spread = drawn @ (year**2)[:, None] - total * centre**2
    found: Floats = np.divide(crossed, spread, out=np.zeros_like(crossed), where=spread > 1e-9)
    return found


def _discovered(z: Floats) -> list[int]:
    """Places whose z is beyond chance at the false discovery rate."""
    p = 2 * norm.sf(np.abs(z))
    order = np.argsort(p, kind="stable")
    bound = FALSE * np.arange(1, len(p) + 1) / max(len(p), 1)
    passed = np.flatnonzero(p[order] <= bound)
    return order[: passed[-1] + 1].tolist() if len(passed) else []


def _column(table: csr_array, n: int) -> Floats:
    return np.asarray(table[:, [n]].toarray()).ravel()


def _trend(
    years: Years, said: Sequence[Said], name: str, z: float, rates: Floats, companies: int
) -> Trend:
    year = years.year[[one.at for one in said]]
    groups = [rates[year == y] for y in years.all]
    means = [round(float(g.mean()), 4) if len(g) >= FEWEST else None for g in groups]
    counts = tuple(len(g) for g in groups)
    return Trend(name, round(float(z), 2), tuple(means), counts, int(companies))
