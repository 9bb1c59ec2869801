"""How like a text is to a reference: characters, order of sentences, cells, headings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from lxml import html
from rapidfuzz.distance import LCSseq, Levenshtein
from readers import Heading
from scipy.stats import kendalltau

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_FORMULA = re.compile(r"\$[^$<\n]*\$")  # two prices in cells are none
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_HEADING = re.compile(r"^(#{1,5})\s+(.+)$", re.MULTILINE)  # six # mark captions there
_MARKUP = re.compile(r"^#+\s*|\*\*|<[^>]+>", re.MULTILINE)
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_LEAST = 12  # characters of a sentence that is looked for
_ALIKE = str.maketrans(
    {"—": "-", "–": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "•": "·", "　": ""}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a file says.

    Attributes:
        text: Its words in reading order, tables included.
        sentences: Those of its paragraphs, bare, in reading order.
        cells: Rows of its tables.
        headings: Its headings in order.
        furniture: Texts that come back on the pages and should not stand in the running text.
    """

    text: str
    sentences: list[str]
    cells: list[list[str]]
    headings: list[Heading]
    furniture: list[str] = field(default_factory=list)


def bare(text: str) -> str:
    """Without white space, and one form for marks and letters that print alike."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(_ALIKE))


def sentences(text: str) -> list[str]:
    """Bare sentences of a text, a paragraph a line; the short ones left out."""
    found = [bare(match.group()) for match in _SENTENCE.finditer(text)]
    return [sentence for sentence in found if len(sentence) >= _LEAST]


def from_markdown(source: str) -> Reference:
    """A reference written in markdown with tables in HTML; formulas and pictures left out."""
    source = _PICTURE.sub("", _FORMULA.sub("", source))
    cells = [row for table in _TABLE.findall(source) for row in _rows(table)]
    prose = _plain(_TABLE.sub("\n", source))
    text = _TABLE.sub(lambda m: "\n".join("\t".join(row) for row in _rows(m.group())), source)
    headings = [Heading(_plain(m[2]), len(m[1])) for m in _HEADING.finditer(source)]
    return Reference(_plain(text), sentences(prose), cells, headings)


def _rows(table: str) -> list[list[str]]:
    root = html.fragment_fromstring(table)
    return [[cell.text_content() for cell in row.iter("td", "th")] for row in root.iter("tr")]


def _plain(markdown: str) -> str:
    return unescape(_MARKUP.sub("", markdown))


def character_error(reference: str, text: str) -> float:
    """Edits that turn the text into the reference, by the length of the reference."""
    wanted = bare(reference)
    return Levenshtein.distance(wanted, bare(text)) / max(len(wanted), 1)


def characters_lost(reference: str, text: str) -> float:
    """Share of the reference that the text does not have in this order, whatever else it has."""
    wanted = bare(reference)
    return 1 - LCSseq.similarity(wanted, bare(text)) / max(len(wanted), 1)


def order(wanted: list[str], text: str) -> tuple[float, float | None]:
    """Share of the sentences found whole, and Kendall's tau of the order of those found."""
    held = bare(text)
    places = [place for sentence in wanted if (place := held.find(sentence)) >= 0]
    tau = kendalltau(range(len(places)), places).statistic if len(places) > 2 else None
    return len(places) / max(len(wanted), 1), tau


def joined(wanted: list[str], text: str) -> float:
    """Share of the sentences that stand whole on one line of the text."""
    lines = [bare(line) for line in text.split("\n")]
    whole = "\n".join(lines)
    return sum(sentence in whole for sentence in wanted) / max(len(wanted), 1)


def cell_score(wanted: list[list[str]], found: list[list[str]] | None) -> float | None:
    """F1 of the cells with text, each with the cell to its left: a row torn apart counts."""
    if found is None or not wanted:
        return None
    one, other = _pairs(wanted), _pairs(found)
    hits = sum((one & other).values())
    return 2 * hits / max(sum(one.values()) + sum(other.values()), 1)


def _pairs(rows: list[list[str]]) -> Counter[tuple[str, str]]:
    bared = [[cell for cell in map(bare, row) if cell] for row in rows]
    return Counter(pair for row in bared for pair in pairwise(["", *row]))


def heading_score(wanted: list[Heading], found: list[Heading] | None) -> tuple[float, float] | None:
    """Share of the headings found as such; of their neighbours, those in the right relation."""
    if found is None or not wanted:
        return None
    levels = {bare(heading.text): heading.level for heading in found}
    kept = [h for h in wanted if bare(h.text) in levels]
    steps = [
        _sign(b.level - a.level) == _sign(levels[bare(b.text)] - levels[bare(a.text)])
        for a, b in pairwise(kept)
    ]
    return len(kept) / len(wanted), sum(steps) / len(steps) if steps else 1.0


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def furniture_left(reference: Reference, text: str) -> int | None:
    """How often page furniture stands in the text, beyond where the reference says the same."""
    if not reference.furniture:
        return None
    held, wanted = bare(text), bare(reference.text)
    words = [bare(words) for words in reference.furniture]
    return sum(held.count(word) - wanted.count(word) for word in words)
