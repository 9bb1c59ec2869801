"""The key of every report, which of several counts, and which report it follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.panel.names import Identity
from pipeline.panel.parts import sentences_path


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a report; ``counts`` is False where the same file is in a later OUT."""

    place: int
    company_id: str
    company: str
    year: int | None
    report_id: str
    main: bool
    counts: bool


def keys(reports: Sequence[Identity], ids: dict[str, str]) -> list[Key]:
    """Key of each report, in the order given: OUT by OUT.

    Of the reports of a company and year the one in the latest OUT is ``main``, and of several
    there the longest. A report of no known year is always.
    """
    latest = {one.report_id: place for place, one in enumerate(reports)}
    outs = {name: n for n, name in enumerate(dict.fromkeys(one.source for one in reports))}
    best: dict[tuple[str, int], tuple[int, int, int]] = {}
    for place in latest.values():
        one = reports[place]
        rank = (outs[one.source], one.characters, place)
        if one.year is not None:
            slot = (ids[one.key], one.year)
            best[slot] = max(best.get(slot, rank), rank)
    return [
        Key(
            place=place,
            company_id=ids[one.key],
            company=one.company,
            year=one.year,
            report_id=one.report_id,
            main=one.year is None or best.get((ids[one.key], one.year), (0, 0, -1))[2] == place,
            counts=latest[one.report_id] == place,
        )
        for place, one in enumerate(reports)
    ]


def copied(reports: Sequence[Key], scratch: Path) -> dict[str, tuple[float, str]]:
    """By report: the share of its running text that stands word for word in the one before.

    The one before is the company's main report of the latest earlier year. Reports without
    one, and without a text on either side, are left out.
    """
    found = {}
    for one, last in _followed(reports):
        here, before = (sentences_path(scratch, r.place) for r in (one, last))
        if here.exists() and before.exists():
            said, known = np.load(here), np.load(before)
            same = np.isin(said["digest"], known["digest"])
            total = int(said["length"].sum())
            share = float(said["length"][same].sum()) / total if total else 0.0
            found[one.report_id] = (round(share, 4), last.report_id)
    return found


def _followed(reports: Sequence[Key]) -> Iterator[tuple[Key, Key]]:
    by_company: dict[str, list[tuple[int, Key]]] = defaultdict(list)
    for one in reports:
        if one.counts and one.year is not None:
            by_company[one.company_id].append((one.year, one))
    for same in by_company.values():
        for year, one in same:
            before = [(then, r) for then, r in same if r.main and then < year]
            if before:
                yield one, max(before, key=lambda pair: pair[0])[1]


def with_copied(texts: pa.Table, found: dict[str, tuple[float, str]]) -> pa.Table:
    """Rows of ``texts`` with the columns that only the report before can tell."""
    told = [found.get(one, (None, None)) for one in texts["report_id"].to_pylist()]
    for number, name in enumerate(("copied", "copied_from")):
        at = texts.schema.get_field_index(name)
        field = texts.schema.field(at)
        texts = texts.set_column(at, field, pa.array([t[number] for t in told], field.type))
    return texts
