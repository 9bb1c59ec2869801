"""Break Chinese lines as Word does: never inside a number, no comma at the start of a line."""

from __future__ import annotations

import re
from functools import partial

from reportlab.pdfbase.pdfmetrics import stringWidth

_TOKEN = re.compile(r"[A-Za-z0-9.,%/+~:（(_-]*[A-Za-z0-9%]|\s+|.")
_NOT_FIRST = set("，。；：！？、）》”’%）】)]·")
_NOT_LAST = set("（《“‘【([")


def wrap(text: str, font: str, size: float, width: float, indent: float = 0.0) -> list[str]:
    """Lines of a paragraph.

    Args:
        text: The paragraph.
        font: Registered font.
        size: In points.
        width: Of the column, in points.
        indent: Of the first line, in points.

    Returns:
        Its lines, none wider than the column.
    """
    measure = partial(stringWidth, fontName=font, fontSize=size)
    lines, line, room = [], "", width - indent
    for unit in _units(text):
        if line and measure(line + unit) > room:
            lines.append(line)
            line, room = unit.lstrip(), width
        else:
            line += unit
    return [*lines, line]


def _units(text: str) -> list[str]:
    """What may not be parted: numbers and words, with the punctuation that clings to them."""
    units: list[str] = []
    for token in _TOKEN.findall(text):
        if units and (token[0] in _NOT_FIRST or units[-1][-1] in _NOT_LAST):
            units[-1] += token
        else:
            units.append(token)
    return units
