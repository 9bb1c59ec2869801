"""Read a panel (pipeline.panel, Parquet) into the columns that trends are drawn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.choices import BadUse
from pipeline.frameworks import crosswalks, framework
from pipeline.panel import TABLES
from pipeline.trends.estimates import Floats
from pipeline.trends.years import Told, Years

TOTAL = "总分"  # the dimension that is the total
_TEXTS = ("characters", "substance", "boilerplate", "copied")
_SHOWN = {"disclosed": 1.0, "needs_expert": 0.0, "not_found": 0.0}  # others: NaN, not counted
Index = NDArray[np.int64]


def read_years(panel: Path) -> Years:
    """The reports that count (``main``) of known company and year, and what was concluded.

    Raises:
        BadUse: the folder holds no panel, or no report of a known year.
    """
    missing = [name for name in TABLES if not (panel / f"{name}.parquet").is_file()]
    if missing:
        raise BadUse(f"{panel} 不是 zejian panel 的输出：缺少 {missing[0]}.parquet。")
    reports = _reports(panel)
    if not len(reports):
        raise BadUse(f"{panel} 中没有已知年度的报告。")
    at = {name: n for n, name in enumerate(reports["report_id"].to_pylist())}
    texts = _wide(panel, "texts", at)
    scores = _dimensions(panel, at)
    return Years(
        report=_text(reports, "report_id"),
        company=_text(reports, "company_id"),
        year=np.array(reports["year"].to_pylist(), np.int64),
        industry=_registered(panel, reports, "industry"),
        district=_registered(panel, reports, "district"),
        sha256=_text(reports, "sha256"),
        length=np.nan_to_num(texts.pop("characters"), nan=1.0),
        frameworks=(*_frameworks(panel, at), *_concepts(panel, at)),
        dimensions=scores,
        texts=texts,
        notes=_notes(panel, reports),
    )


def _reports(panel: Path) -> pa.Table:
    """One row a company and year, in the order of years."""
    whole = pq.read_table(panel / "reports.parquet")
    mine = whole.filter(pc.field("main") & pc.field("year").is_valid())
    return mine.sort_by([("year", "ascending"), ("company_id", "ascending")])


def _text(table: pa.Table, column: str) -> NDArray[np.str_]:
    return np.array([one or "" for one in table[column].to_pylist()], np.str_)


def _registered(panel: Path, reports: pa.Table, column: str) -> NDArray[np.str_]:
    """As registered that year; else as the company registered last."""
    companies = pq.read_table(panel / "companies.parquet", columns=["company_id", column])
    last = dict(zip(*(companies[c].to_pylist() for c in companies.column_names), strict=True))
    then, ids = _text(reports, column), _text(reports, "company_id")
    return np.array([one or last.get(i) or "" for one, i in zip(then, ids, strict=True)], np.str_)


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table[column].cast(pa.float64()).to_numpy(), np.float64)


def _rows(table: pa.Table, at: dict[str, int]) -> Index:
    """Place of each row's report, -1 for one that does not count."""
    coded = table["report_id"].combine_chunks().dictionary_encode()
    places = np.array([at.get(one, -1) for one in coded.dictionary.to_pylist()], np.int64)
    return places[coded.indices.to_numpy()] if len(places) else np.empty(0, np.int64)


def _wide(panel: Path, name: str, at: dict[str, int]) -> dict[str, Floats]:
    table = pq.read_table(panel / f"{name}.parquet", columns=["report_id", *_TEXTS])
    rows = _rows(table, at)
    found = {}
    for column in _TEXTS:
        found[column] = np.full(len(at), np.nan)
        found[column][rows[rows >= 0]] = _numbers(table, column)[rows >= 0]
    return found


def _dimensions(panel: Path, at: dict[str, int]) -> dict[str, Floats]:
    """Scores by dimension, the total first."""
    columns = ["report_id", "dimension", "score"]
    table = pq.read_table(panel / "dimensions.parquet", columns=columns)
    names = sorted(pc.unique(table["dimension"]).to_pylist(), key=lambda n: (n != TOTAL, n))
    found = {name: np.full(len(at), np.nan) for name in names}
    rows, scores = _rows(table, at), _numbers(table, "score")
    for row, name, score in zip(rows, table["dimension"].to_pylist(), scores, strict=True):
        if row >= 0:
            found[name][row] = score
    return {name: values for name, values in found.items() if not np.isnan(values).all()}


def _frameworks(panel: Path, at: dict[str, int]) -> list[Told]:
    columns = ["report_id", "framework", "weighted", "depth"]
    table = pq.read_table(panel / "coverage.parquet", columns=columns)
    return [
        _told(panel, table.filter(pc.field("framework") == one), one, at)
        for one in pc.unique(table["framework"]).to_pylist()
    ]


def _told(panel: Path, coverage: pa.Table, guide: str, at: dict[str, int]) -> Told:
    rows = _rows(coverage, at)
    weighted, depth = np.full(len(at), np.nan), np.full(len(at), np.nan)
    weighted[rows[rows >= 0]] = _numbers(coverage, "weighted")[rows >= 0]
    depth[rows[rows >= 0]] = _numbers(coverage, "depth")[rows >= 0]
    columns = ["report_id", "indicator", "name", "status", "level"]
    said = pq.read_table(
        panel / "indicators.parquet", columns=columns, filters=[("framework", "=", guide)]
    )
    return Told(guide, _short(guide), weighted, depth, *_grid(said, "indicator", "name", at))


def _concepts(panel: Path, at: dict[str, int]) -> list[Told]:
    """Frameworks with several editions, concept by concept: the same question in every year."""
    columns = ["report_id", "crosswalk", "concept", "status", "level", "bridged"]
    table = pq.read_table(panel / "concepts.parquet", columns=columns)
    found = []
    for name in pc.unique(table.filter(pc.field("bridged"))["crosswalk"]).to_pylist():
        said = table.filter(pc.field("crosswalk") == name)
        codes, titles, disclosed, level = _grid(said, "concept", "concept", at)
        title = next((one.title for one in crosswalks() if one.id == name), name)
        mean, depth = _row_mean(disclosed), _row_mean(level)
        found.append(Told(name, title, mean, depth, codes, titles, disclosed, level))
    return found


def _grid(
    said: pa.Table, code: str, title: str, at: dict[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...], Floats, Floats]:
    """Codes, names, disclosed and level as reports x codes."""
    coded = said[code].combine_chunks().dictionary_encode()
    codes = coded.dictionary.to_pylist()
    named = dict(zip(said[code].to_pylist(), said[title].to_pylist(), strict=True))
    disclosed, level = (np.full((len(at), len(codes)), np.nan) for _ in range(2))
    rows, columns = _rows(said, at), coded.indices.to_numpy()
    status = said["status"].combine_chunks().dictionary_encode()
    worth = np.array([_SHOWN.get(one, np.nan) for one in status.dictionary.to_pylist()])
    told = worth[status.indices.to_numpy()] if len(worth) else np.empty(0)
    counts = rows >= 0
    disclosed[rows[counts], columns[counts]] = told[counts]
    known = counts & (told == 1)
    level[rows[known], columns[known]] = _numbers(said, "level")[known]
    return tuple(codes), tuple(named[c] or c for c in codes), disclosed, level


def _row_mean(grid: Floats) -> Floats:
    known = ~np.isnan(grid)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.nansum(grid, axis=1) / known.sum(axis=1)
    return mean


def _short(guide: str) -> str:
    try:
        return framework(guide).short
    except KeyError:
        return guide


def _notes(panel: Path, reports: pa.Table) -> tuple[str, ...]:
    """What limits the comparison of the years with each other."""
    notes = []
    if len(pc.unique(reports["matcher"])) > 1:
        notes.append("各年报告由不同版本的匹配器评审，年际差异可能来自程序；请用同一版本重新评审。")
    table = pq.read_table(panel / "frameworks.parquet", columns=["framework", "digest"])
    digests: dict[str, set[str]] = {}
    for guide, digest in zip(*(table[c].to_pylist() for c in table.column_names), strict=True):
        digests.setdefault(guide, set()).add(digest)
    changed = [_short(guide) for guide, found in digests.items() if len(found) > 1]
    if changed:
        notes.append(f"以下指南的条目在各年之间有改动，年际比较请留意：{'、'.join(changed)}。")
    return tuple(notes)
