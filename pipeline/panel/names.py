"""Which names are of one company: by the name, a registered code, or a report's own words.

Likeness of names joins nothing: 某某有限公司 and 某某股份有限公司 may well be two companies. It
makes proposals, which a person confirms.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from pipeline.records import Document, Registration

ALIKE = 80.0  # similarity of names from which on a proposal is made
_CODE = re.compile(r"统一社会信用代码|信用代码|组织机构代码|证券代码|股票代码")
_FIRM = r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,40}?(?:公司|集团|银行|协会|研究院|中心|厂)"


def _named(group: str) -> str:
    return rf"[“\"「『]?(?P<{group}>{_FIRM})[”\"」』]?"


_BECAME = re.compile(_named("old") + r"[^。；\n]{0,16}?(?:更名|变更|改名)为" + _named("new"))
_WAS = re.compile(r"(?:原名称?|曾用名|前身)(?:为|是|系|：|:)?" + _named("old"))
_HINT = re.compile(r"更名为|变更为|改名为|原名|曾用名|前身")
_SELF = re.compile(r"本公司|我公司|我们|公司|本集团|集团|本行|曾用名|企业名称")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A report says that its company had another name: both normalised, and the sentence."""

    old: str
    new: str  # "" where the sentence speaks of the company without its name
    sentence: str


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


def normalised(name: str) -> str:
    """A name as it is compared: half-width, no spaces or quotes, 有限公司 for 有限责任公司."""
    plain = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"[\s·“”\"'《》]", "", plain).replace("(集团)", "集团")
    return plain.replace("有限责任公司", "有限公司").casefold()


def digest(key: str) -> str:
    """Twelve hexadecimal digits for a normalised name."""
    return hashlib.sha256(f"company:{key}".encode()).hexdigest()[:12]


def registered_code(row: Registration) -> str:
    """Column and value of the company's code in its registration; "" for none."""
    found = ((column, value) for column, value in row.statistics if _CODE.search(column))
    return next((f"{column} {value.strip()}" for column, value in found if value.strip()), "")


def renamings(document: Document) -> tuple[Renamed, ...]:
    """Sentences of a report that tell an earlier or later name of a company."""
    found = []
    for hint in _HINT.finditer(document.text):
        start = max(document.text.rfind(mark, 0, hint.start()) for mark in "。；\n") + 1
        end = min(
            (at for mark in "。；\n" if (at := document.text.find(mark, hint.end())) >= 0),
            default=len(document.text),
        )
        found += _told("".join(document.text[start:end].split()))
    return tuple(dict.fromkeys(found))


def _told(sentence: str) -> list[Renamed]:
    if became := _BECAME.search(sentence):
        return [Renamed(normalised(became["old"]), normalised(became["new"]), sentence)]
    was = _WAS.search(sentence)
    if was and _SELF.search(sentence[: was.start() + 3]):
        return [Renamed(normalised(was["old"]), "", sentence)]
    return []


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
            if _ends(new, one.key) or _ends(said.old, one.key):
                new = one.key if _ends(new, one.key) else _known(new, keys)
                found.append(Joined(old, new, "renamed", said.sentence, one.report_id))
    return found


def _ends(said: str, key: str) -> bool:
    """Whether a name cut from a sentence (公司由甲公司) is ``key``, perhaps behind others."""
    return len(key) >= 4 and said.endswith(key)


def _known(said: str, keys: set[str]) -> str:
    return max((key for key in keys if _ends(said, key)), key=len, default=said)


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

    for one in joined:
        group[root(one.new)] = root(one.old)
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
