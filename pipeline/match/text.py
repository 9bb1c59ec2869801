"""How texts look to the matcher; only here, never in what a reader sees."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"\d[\d,.]*")


def normal(text: str) -> str:
    """Compatibility forms folded, lower case, no white space (OCR leaves stray blanks)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def masked(text: str) -> str:
    """A normal text with every number as ``#``: how something is told, not how much."""
    return _NUMBER.sub("#", text)
