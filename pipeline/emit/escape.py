"""Text from reports made harmless for cells, tabs and addresses.

Markup is escaped by Jinja2 and formulas by ``write_string``; here goes what neither does:
characters no XML or screen should see, Excel's limits, and anchors.
"""

from __future__ import annotations

import re
from collections.abc import Collection

CELL_LIMIT = 32_767  # UTF-16 units; Excel calls a workbook with a longer cell damaged
TAB_LIMIT = 31

# Controls but tab and newline, noncharacters, lone surrogates, and the marks that turn the
# direction of writing (they can make a quote read as what it does not say).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_TAB_BAD = re.compile(r"[\[\]:*?/\\\s]")
_ANCHOR_BAD = re.compile(r"[^A-Za-z0-9.\- ]")


def clean(text: str) -> str:
    """``text`` without characters that have no business on a screen."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def cut(text: str, characters: int) -> str:
    """The beginning of ``text`` with an ellipsis where it is longer than ``characters``."""
    return text if len(text) <= characters else text[: characters - 2] + "……"


def _cut(text: str, units: int) -> str:
    """The beginning of ``text`` that fits into ``units`` UTF-16 units."""
    return text[:units].encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def cell(text: str, limit: int = CELL_LIMIT) -> str:
    """``text`` fit for a cell: clean, and cut to ``limit`` UTF-16 units with an ellipsis."""
    text = clean(text)
    if len(text) * 2 <= limit or _cut(text, limit) == text:
        return text
    return _cut(text, limit - 1) + "…"


def tab_name(name: str, taken: Collection[str]) -> str:
    """A sheet tab's name that Excel accepts and that is not among ``taken`` (any case)."""
    base = _TAB_BAD.sub(" ", clean(name)).strip(" '") or "指南"
    used = {t.casefold() for t in taken} | {"history"}
    for n in range(1, len(used) + 2):
        tail = "" if n == 1 else f" {n}"
        found = _cut(base, TAB_LIMIT - len(tail)).strip(" '") + tail
        if found.casefold() not in used:
            return found
    raise AssertionError("more candidates than names taken")


def anchor(framework: str, indicator: str) -> str:
    """Element id of a finding in sheet.html: ASCII, different for different indicators."""
    code = _ANCHOR_BAD.sub(lambda m: f"~{ord(m[0]):x}~", indicator).replace(" ", "_")
    return f"e-{framework}-{code}"
