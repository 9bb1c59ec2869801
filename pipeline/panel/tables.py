"""The small tables: companies and their names, frameworks of each year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from pipeline.names import normalised
from pipeline.panel.names import Identity, Joined, digest
from pipeline.panel.order import Key
from pipeline.panel.parts import Part, titles
from pipeline.panel.rows import Row


def company_rows(reports: Sequence[Identity], ids: dict[str, str], key: Sequence[Key]) -> list[Row]:
    """Rows of ``companies``, by id."""
    main = Counter(one.company_id for one in key if one.main and one.counts)
    found = []
    for company, said in _grouped(reports, lambda one: ids[one.key]).items():
        names = len({one.key for one in said})
        about = (_latest(said, "industry"), _latest(said, "district"))
        row = (company, _latest(said, "company"), names, *_years(said), main[company], *about)
        found.append(row)
    return sorted(found)


def name_rows(
    reports: Sequence[Identity], ids: dict[str, str], joined: Sequence[Joined]
) -> list[Row]:
    """Rows of ``names``: the name that gave the company its id, then those joined to it."""
    why = {one.new: (one, one.old) for one in reversed(joined)}
    why_old = {one.old: (one, one.new) for one in reversed(joined)}
    found = []
    for key, said in _grouped(reports, lambda one: one.key).items():
        start = (ids[key], digest(key), _latest(said, "company"), normalised(said[0].company))
        told, other = why.get(key) or why_old.get(key) or (None, "")
        if told is None or ids[key] == digest(key):
            found.append((*start, *_years(said), "same_name", "", "", said[0].report_id))
        else:
            proof = (told.match, other, told.evidence, told.report_id)
            found.append((*start, *_years(said), *proof))
    return sorted(found, key=lambda row: (row[0], row[1]))


def framework_rows(parts: Sequence[Part]) -> list[Row]:
    """Rows of ``frameworks``: by year, framework and the digest of its file."""
    used = Counter(one for part in parts for one in part.guides)
    found = [
        (year, guide, titles(guide)[0], digest_, titles(guide)[1], count, size)
        for (year, guide, digest_, size), count in used.items()
    ]
    return sorted(found, key=lambda row: (row[0] or 0, *map(str, row[1:])))


def _grouped(
    reports: Sequence[Identity], by: Callable[[Identity], str]
) -> dict[str, list[Identity]]:
    found: dict[str, list[Identity]] = defaultdict(list)
    for one in reports:
        found[by(one)].append(one)
    return found


def _years(said: Sequence[Identity]) -> tuple[int | None, int | None]:
    years = [one.year for one in said if one.year is not None]
    return min(years, default=None), max(years, default=None)


def _latest(said: Sequence[Identity], field: str) -> str:
    """The field as the report of the latest year that fills it gives it; "" where none does."""
    filled = [(one.year or 0, n, getattr(one, field)) for n, one in enumerate(said)]
    return max((entry for entry in filled if entry[2]), default=(0, 0, ""))[2]
