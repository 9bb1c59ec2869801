"""How texts look to the matcher; only here, never in what a reader sees."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\d[\d,.]*")


def normal(text: str) -> str:
    """Compatibility forms folded, lower case, no white space (OCR leaves stray blanks)."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def masked(text: str) -> str:
    """A normal text with every number as ``#``: how something is told, not how much."""
    return _NUMBER.sub("#", text)
