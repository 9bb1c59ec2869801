"""Which characters are Chinese, and what stands between two pieces of one text."""

from __future__ import annotations

import re

import numpy as np

_LONGEST_ACRONYM = 5
_LATIN_END = re.compile(r"(?<![A-Za-z])[A-Za-z]+$")
_LATIN_START = re.compile(r"[A-Za-z]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)* ?")
_CJK_RANGES = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_CJK_MARKS = "“”‘’…—·"
LAST_CODE = 0x10000  # stands for all beyond: no Chinese that a line break depends on


def _cjk_table() -> bytes:
    table = bytearray(LAST_CODE + 1)
    for first, last in (*_CJK_RANGES, *((ord(mark),) * 2 for mark in _CJK_MARKS)):
        table[first : last + 1] = b"\1" * (last + 1 - first)
    return bytes(table)


_CJK = _cjk_table()
CJK_CODES = np.frombuffer(_CJK, bool)  # whether a code is Chinese, by code up to ``LAST_CODE``


def is_cjk(char: str) -> bool:
    """Whether a character is Chinese, its punctuation included."""
    return bool(_CJK[min(ord(char), LAST_CODE)])


def length(text: str) -> int:
    """Characters of a text as Chinese counts them: a word of other letters as two."""
    return len(_LATIN_WORD.sub(lambda word: word.group()[:2], text))


def joint(before: str, after: str) -> str:
    """What stands for a line break inside a sentence: a space between Latin words."""
    if not before or not after or is_cjk(before[-1]) or is_cjk(after[0]) or before[-1] == "-":
        return ""
    if not (before[-1].isalpha() or after[0].isalpha()):
        return ""
    return "" if _same_word(_LATIN_END.search(before), _LATIN_START.match(after)) else " "


def _same_word(head: re.Match[str] | None, tail: re.Match[str] | None) -> bool:
    """Whether a line broke inside a word, as Chinese typesetting may: E|SG, G|artner."""
    if head is None or tail is None:
        return False
    lone = len(head.group()) == 1 and head.group() not in "aAI"
    capitals = (head.group() + tail.group()).isupper()
    return lone or (capitals and len(head.group() + tail.group()) <= _LONGEST_ACRONYM)
