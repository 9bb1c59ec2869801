"""Which names are of one company: by the name, a registered code, or a report's own words.

Likeness of names joins nothing: 某某有限公司 and 某某股份有限公司 may well be two companies. It
makes proposals, which a person confirms.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from pipeline.names import Renamed, ends, normalised
from pipeline.records import Registration

ALIKE = 80.0  # similarity of names from which on a proposal is made
_CODE = re.compile(r"统一社会信用代码|信用代码|组织机构代码|证券代码|股票代码")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of whose it is."""

    report_id: str
    company: str
    year: int | None
    code: str = ""  # a registered code of the company
    renamed: tuple[Renamed, ...] = ()
    industry: str = ""
    district: str = ""
    source: str = ""  # OUT it was found in
    characters: int = 0

    @property
    def key(self) -> str:
        """The normalised name; for a report without one, the report itself."""
        return normalised(self.company) or f"?{self.report_id}"


@dataclass(frozen=True, slots=True)
class Joined:
    """Two names of one company, and why: ``match`` renamed, registered or confirmed."""

    old: str
    new: str
    match: str
    evidence: str
    report_id: str = ""


def digest(key: str) -> str:
    """Twelve hexadecimal digits for a normalised name."""
    return hashlib.sha256(f"company:{key}".encode()).hexdigest()[:12]


def registered_code(row: Registration) -> str:
    """Column and value of the company's code in its registration; "" for none."""
    found = ((column, value) for column, value in row.statistics if _CODE.search(column))
    return next((f"{column} {value.strip()}" for column, value in found if value.strip()), "")


def join(reports: Sequence[Identity], confirmed: Iterable[tuple[str, str]]) -> list[Joined]:
    """Pairs of names of the panel that are one company's, each with its evidence.

    Args:
        reports: All of the panel.
        confirmed: Pairs of names that a person says are one company's.
    """
    keys = {one.key for one in reports}
    told = [
        Joined(normalised(old), normalised(new), "confirmed", "人工确认") for old, new in confirmed
    ]
    found = [*told, *_by_words(reports, keys), *_by_code(reports)]
    return [one for one in found if {one.old, one.new} <= keys and one.old != one.new]


def _by_words(reports: Sequence[Identity], keys: set[str]) -> list[Joined]:
    """A report of this company, or of the one it became, says what it was called before."""
    found = []
    for one in reports:
        for said in one.renamed:
            old, new = _known(said.old, keys), said.new or one.key
            if ends(new, one.key) or ends(said.old, one.key):
                new = one.key if ends(new, one.key) else _known(new, keys)
                found.append(Joined(old, new, "renamed", said.sentence, one.report_id))
    return found


def _known(said: str, keys: set[str]) -> str:
    return max((key for key in keys if ends(said, key)), key=len, default=said)


def _by_code(reports: Sequence[Identity]) -> list[Joined]:
    first: dict[str, Identity] = {}
    found = []
    for one in reports:
        if one.code and (other := first.setdefault(one.code, one)).key != one.key:
            found.append(Joined(other.key, one.key, "registered", one.code, one.report_id))
    return found


def companies(reports: Sequence[Identity], joined: Sequence[Joined]) -> dict[str, str]:
    """Company id of each normalised name: the digest of the earliest name joined to it."""
    group = {one.key: one.key for one in reports}

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for pair in joined:
        group[root(pair.new)] = root(pair.old)
    first: dict[str, tuple[int, str]] = {}
    for one in reports:
        here = (one.year or 9999, one.key)
        first[root(one.key)] = min(first.get(root(one.key), here), here)
    return {key: digest(first[root(key)][1]) for key in group}


def proposals(
    reports: Sequence[Identity], ids: dict[str, str]
) -> list[tuple[str, str, float, str]]:
    """Names of different companies that look alike: name, other, similarity 0-100, a sentence."""
    names = sorted({one.key: one.company for one in reports if one.company}.items())
    plain = [_core(key) for key, _ in names]
    scores = process.cdist(plain, plain, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=1)
    found = []
    for row, (key, name) in enumerate(names):
        for column in scores[row, row + 1 :].nonzero()[0] + row + 1:
            other_key, other = names[column]
            if ids[key] != ids[other_key]:
                found.append((name, other, round(float(scores[row, column]), 1), ""))
    return found


def _core(key: str) -> str:
    """The part of a name that tells companies apart: legal forms are alike for all."""
    return re.sub(r"(?:股份|控股|集团)*有限公司$|集团$|公司$", "", key)
