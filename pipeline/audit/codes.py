"""Codes of reporting standards as content indexes print them: ``G4-EN3``, ``305-1``, ``S2.17``.

Texts of scanned reports write dashes and zeros in many ways; all is read through `plain`,
which keeps every character at its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("—–－‑−─", "-")
    | {"〜": "~", "\u3000": " ", "\xa0": " "}
)
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")
_FAMILY = r"(?:EC|EN|LA|HR|S[O0]|PR|FS)"
_CODE = re.compile(
    rf"""
    (?=[A-HLMPRSV1-4第]) (?:  # no other character begins one: most are passed over at once
    (?P<g4>G4[\s_-]{{0,3}}(?:{_FAMILY}\s?\d{{1,2}}|DMA) | G4\s?-\s?\d{{1,2}})(?!\d)
  | (?<![\d.-])(?:GRI\s*)?
    (?P<gri>(?:10[1-3]|20[1-7]|30[1-8]|40\d|41\d)\s?-\s?\d{{1,2}})(?![\d年月日-])
  | (?<![\w.])GRI\s*(?P<gri2>[23]-\d{{1,2}})(?!\d)
  | (?<![A-Za-z_.])(?P<dot>[PGMSEABV]\s?\d\s?\.\s?\d{{1,2}}(?:\.\d{{1,2}})?)(?![\d.]*\d|\s?[版》])
  | (?<![\w-])(?P<bare>{_FAMILY}\s?-?\d{{1,2}})(?![\d.])
  | (?P<article>第[一二三四五六七八九十\d]{{1,4}}条))
    """,
    re.VERBOSE,
)
# Read as codes only within an index and at the start of a cell: elsewhere they are numbers.
_WEAK = re.compile(
    r"""
    (?<![^\t/,、;\s])(?:层面|層面)?\s?(?P<aspect>[AB]\d)(?![.\d])
  | (?<![^\t])\s*(?P<gri2>[23]\s?-\s?\d{1,2})(?=[\s\u4e00-\u9fff]|$)
  | (?<![^\t])\s*(?P<g3>[1-4]\.\d{1,2})(?=\s|$)
    """,
    re.VERBOSE,
)
_STANDARD = {"g4": "gri_g4", "gri": "gri", "gri2": "gri", "bare": "gri_g3", "article": "exchange"}
_RANGE = re.compile(r" *[-~至到] *")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
LONGEST_RANGE = 60  # codes; a longer one is no range but a slip


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a text: ``standard`` is gri, gri_g4, gri_g3, cass, hkex, letter or exchange.

    ``letter`` codes (A1.1) are of CASS or HKEX, which only the whole index tells.
    """

    standard: str
    code: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text with half-width characters and one kind of dash, character for character."""
    if _ODD.search(text):
        text = text.translate(_PLAIN)
    return text.replace("-般披", "一般披")  # a dash for the number one


def count(text: str) -> int:
    """How many codes a plain text holds at a glance."""
    return sum(1 for _ in _CODE.finditer(text))


def codes(text: str, weak: frozenset[str] = frozenset()) -> list[Code]:
    """Codes of a plain text (a table row or a paragraph) in order, ranges written out.

    Args:
        text: Cells joined by tabs.
        weak: Kinds of bare numbers to read as codes too: aspect, gri2, g3.
    """
    found = [_code(match) for match in _CODE.finditer(text)]
    taken = [(code.start, code.end) for code in found]
    for match in _WEAK.finditer(text) if weak else ():
        a, b = match.span(str(match.lastgroup))
        if match.lastgroup in weak and not any(a < y and x < b for x, y in taken):
            found.append(_code(match))
    return list(_with_ranges(text, sorted(found, key=lambda code: code.start)))


def _code(match: re.Match[str]) -> Code:
    kind = str(match.lastgroup)
    words = re.sub(r"\s", "", match[kind])
    start, end = match.span(kind)
    if kind == "g4":
        words = "G4-" + words[2:].lstrip("_-").replace("S0", "SO")
    if kind == "bare":
        words = words.replace("-", "").replace("S0", "SO")
    if kind == "article":
        words = f"第{article_number(words)}条"
    return Code(_STANDARD.get(kind) or _letter_standard(kind, words), words, start, end)


def _letter_standard(kind: str, words: str) -> str:
    if kind == "g3":
        return "gri_g3"
    return {"A": "letter", "B": "hkex"}.get(words[0], "cass")


def article_number(words: str) -> int:
    """Number of an article: ``第二十一条`` -> 21."""
    inner = words.strip("第条")
    if inner.isdigit():
        return int(inner)
    tens, _, ones = inner.rpartition("十")
    if "十" not in inner:
        return _DIGITS.get(inner[:1], 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _with_ranges(text: str, found: list[Code]) -> Iterator[Code]:
    """The codes, with those between the ends of ``S2.21-S2.24`` put in."""
    for number, code in enumerate(found):
        yield code
        after = found[number + 1] if number + 1 < len(found) else None
        if after and _RANGE.fullmatch(text[code.end : after.start]):
            yield from _between(code, after)


def _between(first: Code, last: Code) -> Iterator[Code]:
    stem, low = _split(first.code)
    other, high = _split(last.code)
    if stem == other and 0 < high - low <= LONGEST_RANGE:
        tail = "条" if first.standard == "exchange" else ""
        for n in range(low + 1, high):
            yield Code(first.standard, f"{stem}{n}{tail}", first.start, last.end)


def _split(code: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d+)条?", code)
    return (match[1], int(match[2])) if match else (code, 0)
