"""Headings of Word files without heading styles: short paragraphs that look like titles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.extract.build import Piece

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RUNS = (f"{_W}r", f"{_W}ins/{_W}r", f"{_W}hyperlink/{_W}r", f"{_W}smartTag/{_W}r")
_USUAL = 21.0  # half points (五号) where the file states no size at all
_LARGER = 1.3  # times the size of the body from which a title opens a chapter
_MOSTLY = 0.3  # share of bold text above which boldness says nothing
_LONGEST = 30  # characters
_CHAPTER = -1  # rank inside every styled heading, outside every numbered one
_INNER = 10  # rank of a title that is only bold: inside everything
_WORDS = re.compile(r"[㐀-鿿A-Za-z]")
_FIGURE = re.compile(r"\d[\d,.]*\s*(?:%|％|万|亿|元|吨|人次|小时|度|立方|平方)")
_LEFT_OPEN = "。；！？，、：;!?,:"


@dataclass(frozen=True, slots=True)
class Look:
    """Type of a paragraph: size in half points, and whether all of it is bold."""

    size: float
    bold: bool


Fonts = dict[str | None, Look]  # style id -> look; None: paragraphs without a style


def style_fonts(styles: etree._Element) -> Fonts:
    """Look of every style, through the styles it is based on, down to the file's defaults.

    Args:
        styles: Root of the styles part.

    Returns:
        Look by style id; under None that of a paragraph which names no style.
    """
    by_id = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    defaults = _own(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"), Look(_USUAL, False))
    fonts: Fonts = {name: _look(name, by_id, defaults) for name in by_id}
    normal = next((n for n, s in by_id.items() if _is_default(s)), None)
    return fonts | {None: fonts.get(normal, defaults)}


def _is_default(style: etree._Element) -> bool:
    return style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true")


def _look(name: str, by_id: dict[str, etree._Element], defaults: Look) -> Look:
    chain: list[etree._Element] = []
    while name in by_id and by_id[name] not in chain:
        chain.append(by_id[name])
        base = chain[-1].find(f"{_W}basedOn")
        name = "" if base is None else base.get(f"{_W}val", "")
    look = defaults
    for style in reversed(chain):
        look = _own(style.find(f"{_W}rPr"), look)
    return look


def _own(properties: etree._Element | None, inherited: Look) -> Look:
    if properties is None:
        return inherited
    size, bold = properties.find(f"{_W}sz"), properties.find(f"{_W}b")
    stated = "" if size is None else size.get(f"{_W}val", "")
    return Look(
        float(stated) if stated.isdecimal() else inherited.size,
        inherited.bold if bold is None else bold.get(f"{_W}val", "1") not in ("0", "false", "off"),
    )


def paragraph_look(p: etree._Element, fonts: Fonts) -> Look:
    """How a paragraph looks: the size of its largest run, bold if every run with text is."""
    style = p.find(f"{_W}pPr/{_W}pStyle")
    name = None if style is None else style.get(f"{_W}val")
    base = fonts.get(name) or fonts.get(None) or Look(_USUAL, False)
    runs = [run for path in _RUNS for run in p.iterfind(path) if run.find(f"{_W}t") is not None]
    looks = [_own(run.find(f"{_W}rPr"), base) for run in runs if _has_words(run)]
    if not looks:
        return base
    return Look(max(look.size for look in looks), all(look.bold for look in looks))


def _has_words(run: etree._Element) -> bool:
    return any((text.text or "").strip() for text in run.iterfind(f"{_W}t"))


def promote(pieces: list[Piece], looks: list[Look | None]) -> list[Piece]:
    """Make headings of the paragraphs that look like titles.

    Args:
        pieces: Blocks in reading order.
        looks: The look of each, None for tables, notes and the like.

    Returns:
        The pieces, some of them headings: larger ones around, bold ones inside those by number.
    """
    body = _body(pieces, looks)
    if body is None:
        return pieces
    return [
        piece if (rank := _title_rank(piece, look, body)) is None
        else replace(piece, kind="heading", rank=rank)
        for piece, look in zip(pieces, looks, strict=True)
    ]  # fmt: skip


def _body(pieces: list[Piece], looks: list[Look | None]) -> Look | None:
    """The look of the running text; ``bold`` where so much is bold that it says nothing."""
    sizes: Counter[float] = Counter()
    bold = total = 0
    for piece, look in zip(pieces, looks, strict=True):
        if look is not None:
            length = len(piece.text)
            sizes[look.size] += length
            total += length
            bold += length * look.bold
    return Look(sizes.most_common(1)[0][0], bold > _MOSTLY * total) if sizes else None


def _title_rank(piece: Piece, look: Look | None, body: Look) -> int | None:
    if look is None or piece.kind != "text" or not _can_be_title(piece):
        return None
    if look.size >= _LARGER * body.size:
        return _CHAPTER
    return _INNER if look.bold and not body.bold and look.size >= body.size else None


def _can_be_title(piece: Piece) -> bool:
    text = "".join(piece.text.split())
    return (
        len(piece.lines) <= 2
        and len(text) <= _LONGEST
        and text[-1] not in _LEFT_OPEN
        and "。" not in text
        and len(_WORDS.findall(text)) >= max(2, len(text) / 2)
        and not _FIGURE.search(text)
    )
