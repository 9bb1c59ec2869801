"""Numbers that Word counts by itself: 第一章, 1.1, （2）, as the reader sees them.

Bullets are left out: they say nothing, and their characters belong to symbol fonts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographTraditional", "chineseLegalSimplified",
}  # fmt: skip
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CLOSED = "、，：）)】"  # marks that part a number from the words without a space
_MOST = 32_767  # what Word counts up to
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list counts."""

    form: str
    text: str  # "第%1章"
    start: int
    legal: bool  # all figures in decimals
    spaced: bool  # white space after the number


@dataclass(slots=True)
class Numbers:
    """Counts the numbered paragraphs of a document, in their order.

    Attributes:
        lists: Levels by list (``numId``) and level.
        sources: By list, the list it takes its counts from (``abstractNumId``).
        fresh: By list and level, the count its first paragraph begins with.
        styles: By paragraph style, list and level.
    """

    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    fresh: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, p: etree._Element) -> str:
        """The number before a paragraph and the space after it; blank for none. Counts it."""
        name, depth = self._place(p)
        level = self.lists.get(name, {}).get(depth)
        if level is None:
            return ""
        self._count(name, depth, level)
        if level.form in ("bullet", "none"):
            return ""
        words = re.sub(r"%([1-9])", lambda m: self._shown(name, int(m[1]) - 1, level), level.text)
        return words + " " if level.spaced and words and words[-1] not in _CLOSED else words

    def _place(self, p: etree._Element) -> tuple[str, int]:
        """List and level: the paragraph's own, else its style's."""
        style = p.find(f"{_W}pPr/{_W}pStyle")
        name, depth = self.styles.get("" if style is None else style.get(f"{_W}val", ""), ("", 0))
        own = p.find(f"{_W}pPr/{_W}numPr")
        if own is None:
            return name, depth
        return _value(own, "numId", name), _number(_value(own, "ilvl", str(depth)))

    def _count(self, name: str, depth: int, level: _Level) -> None:
        counts = self._counts[self.sources[name]]
        fresh = self.fresh.pop((name, depth), None)
        before = counts.get(depth, level.start - 1)
        counts[depth] = min(before + 1 if fresh is None else fresh, _MOST)
        for deeper in range(depth + 1, _LEVELS):
            counts.pop(deeper, None)

    def _shown(self, name: str, depth: int, shown_in: _Level) -> str:
        level = self.lists[name].get(depth, shown_in)
        count = self._counts[self.sources[name]].get(depth, level.start)
        return _figure(count, "decimal" if shown_in.legal else level.form)


def read_numbers(numbering: etree._Element | None, styles: etree._Element | None) -> Numbers:
    """Lists of a document.

    Args:
        numbering: Root of the numbering part, None where there is none.
        styles: Root of the styles part.

    Returns:
        A fresh count of them all.
    """
    numbers = Numbers()
    if numbering is None:
        return numbers
    kinds = {
        kind.get(f"{_W}abstractNumId", ""): _levels(kind)
        for kind in numbering.iter(f"{_W}abstractNum")
    }
    for one in numbering.iter(f"{_W}num"):
        name, source = one.get(f"{_W}numId", ""), _value(one, "abstractNumId", "")
        if source in kinds:
            numbers.sources[name] = source
            numbers.lists[name] = kinds[source] | _overridden(one)
            numbers.fresh |= {(name, depth): start for depth, start in _restarts(one)}
    if styles is not None:
        numbers.styles = _styles(styles, numbers.lists, numbering)
    return numbers


def _levels(parent: etree._Element) -> dict[int, _Level]:
    found = {}
    for level in parent.iterfind(f"{_W}lvl"):
        found[_number(level.get(f"{_W}ilvl", "0"))] = _Level(
            _value(level, "numFmt", "decimal"),
            _value(level, "lvlText", ""),
            _number(_value(level, "start", "0")),
            level.find(f"{_W}isLgl") is not None,
            _value(level, "suff", "tab") != "nothing",
        )
    return found


def _overridden(one: etree._Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for override in one.iterfind(f"{_W}lvlOverride"):
        found |= _levels(override)
    return found


def _restarts(one: etree._Element) -> list[tuple[int, int]]:
    return [
        (_number(override.get(f"{_W}ilvl", "0")), _number(start.get(f"{_W}val", "1")))
        for override in one.iterfind(f"{_W}lvlOverride")
        if (start := override.find(f"{_W}startOverride")) is not None
    ]


def _styles(
    styles: etree._Element, lists: Mapping[str, object], numbering: etree._Element
) -> dict[str, tuple[str, int]]:
    """List and level of each style, through the styles it is based on."""
    tied = {
        tie.get(f"{_W}val", ""): _number(level.get(f"{_W}ilvl", "0"))
        for level in numbering.iter(f"{_W}lvl")
        if (tie := level.find(f"{_W}pStyle")) is not None
    }
    by_id = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
    found = {}
    for name in by_id:
        holder, seen = name, set[str]()
        while holder in by_id and holder not in seen:
            seen.add(holder)
            own = by_id[holder].find(f"{_W}pPr/{_W}numPr")
            if own is not None:
                depth = _number(_value(own, "ilvl", str(tied.get(holder, 0))))
                found[name] = (_value(own, "numId", ""), tied.get(name, depth))
                break
            holder = _value(by_id[holder], "basedOn", "")
    return {name: place for name, place in found.items() if place[0] in lists}


def _value(parent: etree._Element, name: str, default: str) -> str:
    child = parent.find(f"{_W}{name}")
    return default if child is None else child.get(f"{_W}val", default)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _figure(count: int, form: str) -> str:
    if form in _CHINESE:
        return _chinese(count)
    if form in _CIRCLED and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if form == "ideographDigital":
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    if form in ("upperLetter", "lowerLetter") and count:
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("upperRoman", "lowerRoman"):
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    if form == "decimalZero":
        return f"{count:02}"
    return str(count)


def _chinese(count: int) -> str:
    """A count in Chinese numerals: 十二, 一百零五."""
    if not 0 < count < 10_000:
        return "零" if not count else str(count)
    words = ""
    for place, digit in zip(range(len(str(count)) - 1, -1, -1), str(count), strict=True):
        words += _DIGITS[int(digit)] + _PLACES[place] if digit != "0" else "零"
    words = re.sub("零+", "零", words).rstrip("零")
    return words.removeprefix("一") if words.startswith("一十") else words


def _roman(count: int) -> str:
    words = ""
    for value, letters in _ROMAN:
        words += letters * (count // value)
        count %= value
    return words
