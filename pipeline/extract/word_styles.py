"""Outline levels of Word's paragraph styles."""

from __future__ import annotations

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Styles = dict[str, int | None]  # style id -> outline level 1-9, 0 for contents lines, None


def style_levels(styles: etree._Element) -> Styles:
    """Outline level of every paragraph style, through the styles it is based on.

    Args:
        styles: Root of the styles part.

    Returns:
        Level 1-9 of heading styles, 0 of table-of-contents styles, None of others.
    """
    by_id = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    return {name: _style_level(name, by_id) for name in by_id}


def _style_level(name: str | None, by_id: dict[str, etree._Element]) -> int | None:
    seen: set[str] = set()  # a damaged file may base styles on each other in a circle
    while name in by_id and name not in seen:
        seen.add(name)
        style = by_id[name]
        if (level := _own_level(style)) is not None:
            return level if level < 10 else None
        base = style.find(f"{_W}basedOn")
        name = None if base is None else base.get(f"{_W}val")
    return None


def _own_level(style: etree._Element) -> int | None:
    """Level by outline or by Word's own style names, which some writers give alone."""
    title = style.find(f"{_W}name")
    kind, _, number = (
        (title.get(f"{_W}val") or "" if title is not None else "").lower().rpartition(" ")
    )
    if kind == "toc" and number.isdecimal():
        return 0
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None:
        return outline_level(outline) or 10
    return int(number) if kind in ("heading", "标题") and number in tuple("123456789") else None


def outline_level(element: etree._Element) -> int | None:
    """Level 1-9 that an ``outlineLvl`` states, None for body text."""
    value = element.get(f"{_W}val", "")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None
