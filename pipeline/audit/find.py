"""Find the content indexes of a report: clusters of codes that say where to look."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.audit.codes import Code, codes, count, plain
from pipeline.audit.read import Entry, Named, Row, entries, points
from pipeline.records import Block, Document

FEWEST = 6  # different codes; fewer are a mention, not an index
_GAP_ROWS, _GAP = 40, 700  # rows and characters without a code that an index may hold
_BESIDE = 4  # entries before and after one that tell what its code belongs to
_REST, _TAIL = 2, 40  # rows after the last code that may belong to it, or to codes read apart
_READ_APART = 6  # entries without a pointer from which titles and pages may come further down
_ABOVE = 400  # characters above the first code where its title may stand
_LOOSE = 400  # characters a code at most: more is a report told code by code
_CALLED = re.compile(r"索引|索弓|对照|對照|对标|對標|(?i:index)|指标体系")
_HKEX = re.compile(
    r"港交所|联交所|聯交所|联合交易所|環境、社會及管治|环境、社会及管治|(?i:hkex)|KPI"
)
_EXCHANGE = re.compile(
    r"可持续发展报告[（(]试行|(?:自律|持续)监管指引.{0,30}可持续发展|可持续发展报告编制"
    r"|指引第1[47]号.{0,8}可持续发展"
)
_CASS = re.compile(r"CASS\s*-?\s*(?:CSR|ESG)?\s*([345])\s*[.．]\s?0|指南[（(]?([345])\.0")
_CASS_IDS = {"3": "cass_csr_3", "4": "cass_csr_4", "5": "cass_esg_5"}
_STARTS = re.compile(r"\s*(?:GRI\s*)?(?:G4|[A-Z]{1,2}\s?\d|\d{1,3}-\d)")


@dataclass(frozen=True, slots=True)
class Index:
    """A content index: its entries and the stretch of text it takes."""

    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows from the first code to the last of a stretch, and the rows that come after."""

    rows: list[Row]
    tail: list[Row]


def clusters(document: Document) -> list[Cluster]:
    """Stretches of rows with many codes: indexes, or tables of data by code.

    Cheap where there are none: most reports have no index.
    """
    text = plain(document.text)
    if count(text) < FEWEST:
        return []
    return [one for one in _clusters(list(_rows(document, text))) if _dense(one.rows)]


def indexes(document: Document, candidates: Sequence[Cluster], named: Named) -> tuple[Index, ...]:
    """The content indexes of a report in reading order.

    Args:
        document: The report.
        candidates: From `clusters`.
        named: Whether words are the name of a chapter of it.
    """
    text = plain(document.text)
    found = (_index(text, cluster, named) for cluster in candidates)
    return tuple(index for index in found if index)


def _dense(rows: Sequence[Row]) -> bool:
    seen = [code.code for row in rows for code in codes(row.text)]
    return len(set(seen)) >= FEWEST and rows[-1].end - rows[0].start <= _LOOSE * len(seen)


def _rows(document: Document, text: str) -> Iterator[Row]:
    for block in document.blocks:
        if block.kind == "running":
            continue
        bounds = [*_cuts(block, text), block.end]
        for start, end in itertools.pairwise(bounds):
            yield Row(start, end, text[start:end].rstrip("\n"))


def _cuts(block: Block, text: str) -> Iterator[int]:
    """Where the rows of a block begin: a table's rows, and printed lines that open with a code."""
    yield block.start
    for line in block.lines[1:]:
        if block.kind == "table" or _STARTS.match(text, line.start):
            yield line.start


def _clusters(rows: list[Row]) -> Iterator[Cluster]:
    """Stretches of rows with codes near one another."""
    held = [number for number, row in enumerate(rows) if codes(row.text)]
    first = 0
    for place, number in enumerate(held):
        after = held[place + 1] if place + 1 < len(held) else None
        if after is None or _far(rows[number], rows[after], after - number):
            tail = rows[number + 1 : min(after or len(rows), number + 1 + _TAIL)]
            yield Cluster(rows[held[first] : number + 1], tail)
            first = place + 1


def _far(a: Row, b: Row, rows_between: int) -> bool:
    return rows_between > _GAP_ROWS or b.start - a.end > _GAP


def _index(text: str, cluster: Cluster, named: Named) -> Index | None:
    rows = cluster.rows
    start, end = rows[0].start, rows[-1].end
    seen = [code for row in rows for code in codes(row.text)]
    near = text[max(0, start - _ABOVE) : end]
    settled = _Settle(near, text, seen)
    read = entries(rows + cluster.tail[:_REST], settled.weak, named)
    found = [settled.entry(e, read[max(0, n - _BESIDE) : n + _BESIDE]) for n, e in enumerate(read)]
    found = [e for e in found if e.codes]
    if not _is_index(found, bool(_CALLED.search(text[max(0, start - _ABOVE) : start + _ABOVE]))):
        return None
    ends = [e.end for e in found] + [row.end for row in _columns(found, cluster)]
    return Index(start, max(ends), tuple(found))


def _columns(found: Sequence[Entry], cluster: Cluster) -> list[Row]:
    """Rows after the last code that belong to codes read apart from their lines."""
    if sum(not e.points for e in found) < _READ_APART:
        return []
    held = [number for number, row in enumerate(cluster.tail) if points(row)]
    near = itertools.takewhile(
        lambda n: held[n] - (held[n - 1] if n else 0) <= _REST, range(len(held))
    )
    return [cluster.tail[held[n]] for n in near]


def _is_index(found: Sequence[Entry], called: bool) -> bool:
    """Whether enough entries point somewhere, and few of them hold figures instead."""
    if sum(len(e.codes) for e in found) < FEWEST:
        return False
    pointing = sum((e.points and not e.guessed) or e.marks > 0 for e in found) / len(found)
    figures = sum(e.values > 0 and not e.pages for e in found) / len(found)
    return figures < 0.3 and pointing >= (0.2 if called else 0.6)


class _Settle:
    """Decides for a whole index what its codes belong to.

    Args:
        near: Plain text of the index and of what stands above it.
        whole: Plain text of the report.
        seen: Codes that need no deciding.
    """

    def __init__(self, near: str, whole: str, seen: Sequence[Code]):
        kinds = [code.standard for code in seen]
        version = _CASS.search(near) or _CASS.search(whole)
        self.cass = _CASS_IDS[(version[1] or version[2]) if version else "3"]
        self.hkex = "hkex" in kinds or ("cass" not in kinds and bool(_HKEX.search(near)))
        self.g4 = "G4" in near or "gri_g4" in kinds
        self.exchange = bool(_EXCHANGE.search(near))
        self.weak = frozenset(
            name
            for name, holds in (
                ("aspect", self.hkex or "cass" in kinds),
                ("gri2", "gri" in kinds),
                ("g3", kinds.count("gri_g3") >= 6 and not self.g4),
            )
            if holds
        )

    def entry(self, entry: Entry, beside: Sequence[Entry]) -> Entry:
        """The entry with its codes settled; those of nothing we know are dropped."""
        near = Counter(kind for one in beside for kind in {code.standard for code in one.codes})
        hkex = self.hkex and near["hkex"] >= near["cass"] + near[self.cass]
        hkex |= self.hkex and any("." in c.code for c in entry.codes if c.standard == "letter")
        settled = [replace(c, standard=self._standard(c, hkex)) for c in entry.codes]
        entry.codes = [self._spelt(c) for c in settled if c.standard]
        return entry

    def _standard(self, code: Code, hkex: bool) -> str:
        if code.standard == "letter":
            return "hkex" if hkex else self.cass
        if code.standard == "hkex" and len(code.code) == 2 and not self.hkex:
            return ""
        choices = {
            "cass": self.cass,
            "gri_g3": "gri_g4" if self.g4 else "gri_g3",
            "exchange": "exchange_2024" if self.exchange else "",
        }
        return choices.get(code.standard, code.standard)

    def _spelt(self, code: Code) -> Code:
        bare = code.standard == "gri_g4" and not code.code.startswith("G4")
        return replace(code, code=f"G4-{code.code}") if bare else code
