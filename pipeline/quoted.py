"""Quotes known by their words alone: fingerprints, and where words stand in another text.

White space and compatibility forms (full-width digits, ligatures) do not count, since lines
fall otherwise in another file of the same report.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cached_property

Span = tuple[int, int]


def bare(text: str) -> str:
    """``text`` as fingerprints see it: compatibility forms, no white space, nothing unseen."""
    return text.translate(_table(text))


def fingerprint(quote: str) -> str:
    """Sixteen hexadecimal digits of the words, however lines and spaces fall; "" for none."""
    words = bare(quote)
    return hashlib.sha256(words.encode()).hexdigest()[:16] if words else ""


class Words:
    """A text in which quotes are found again."""

    def __init__(self, text: str):
        self.text = text

    def find(self, quote: str, near: int) -> Span | None:
        """Span of the quote in the text, the occurrence nearest to ``near``; None if gone."""
        wanted, start, found = bare(quote), -1, []
        while wanted and (start := self._bare.find(wanted, start + 1)) >= 0:
            found.append(self._span(start, start + len(wanted)))
        return min(found, key=lambda span: abs(span[0] - near), default=None)

    @cached_property
    def _bare(self) -> str:
        return bare(self.text)

    @cached_property
    def _offsets(self) -> list[int]:
        """Offset into the text of each character of the bare one."""
        table = _table(self.text)
        return [at for at, char in enumerate(self.text) for _ in table[ord(char)]]

    def _span(self, start: int, end: int) -> Span:
        return self._offsets[start], self._offsets[end - 1] + 1


def _table(text: str) -> dict[int, str]:
    """What each character of the text becomes, character by character."""
    return {ord(char): _seen(unicodedata.normalize("NFKC", char)) for char in set(text)}


def _seen(form: str) -> str:
    return "".join(char for char in form if unicodedata.category(char)[0] not in "CZ")
