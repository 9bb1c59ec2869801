"""Amounts as tables print them."""

from __future__ import annotations

import re

_SIGN = r"(?:[$¥￥€£]|US\$|HK\$|RMB)"
_SIGNS = re.compile(_SIGN)
_AMOUNT = re.compile(
    rf"{_SIGN}?\s*[-+−–—]?\s*[(（]?\s*[-+]?(?!(?:19|20)\d\d\s*年?$)"
    r"\d[\d,，.]*\s*[)）]?\s*[%％]?|[-–—/]+"
)
_SIDE_BY_SIDE = re.compile(r"(?<=\d) (?=[-(（]?\d{1,3}(?:,\d{3})+)")


def is_amount(text: str) -> bool:
    """Whether a cell holds a figure, or a dash for none; years are names."""
    return _AMOUNT.fullmatch(text) is not None


def is_money(sign: str, text: str) -> bool:
    """Whether a cell is but the sign of money of the amount in the next."""
    return _SIGNS.fullmatch(sign) is not None and is_amount(text)


def side_by_side(text: str) -> list[str]:
    """Amounts that almost touch, each for itself: 12,345 1,234 are two."""
    return _SIDE_BY_SIDE.split(text)
