"""The characters of a PDF page with their places, in the order the file draws them.

A page has a thousand characters: boxes are asked for each of them, baseline and style only
where the box's height or place changes.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.extract.calls import address, fill, plain
from pipeline.extract.frame import Frame
from pipeline.records import ReportError

MOST_CHARACTERS = 300_000  # of a page; a full newspaper page has 20,000
_HYPHEN = "\ufffe"  # PDFium's mark for a hyphen at the end of a line, among other things
_STRANGE = re.compile("[\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")
_BOLD_WEIGHT = 600
_STROKED = 2  # text render mode "fill, then stroke": the usual imitation of bold
_INVISIBLE = 3  # text render mode of what OCR programs lay over a picture
_BOLD_NAMES = (b"bold", b"black", b"heavy")
_ASKEW = 0.1  # of a quarter turn
_LAST_BLANK = 0x3000
_BLANK = np.array([code <= 32 or chr(code).isspace() for code in range(_LAST_BLANK + 1)] + [False])
_INT, _POINTER, _DOUBLE = ctypes.c_int, ctypes.c_void_p, ctypes.c_double
_ONE = (_POINTER, _INT)  # a page of text and the index of a character
_TEXT = plain(pdfium_c.FPDFText_GetText, _INT, _POINTER, _INT, _INT, _POINTER)
_BOX = plain(pdfium_c.FPDFText_GetLooseCharBox, _INT, *_ONE, _POINTER)
_ORIGIN = plain(pdfium_c.FPDFText_GetCharOrigin, _INT, *_ONE, _POINTER, _POINTER)
_MATRIX = plain(pdfium_c.FPDFText_GetMatrix, _INT, *_ONE, _POINTER)
_SIZE = plain(pdfium_c.FPDFText_GetFontSize, _DOUBLE, *_ONE)
_UNKNOWN = plain(pdfium_c.FPDFText_HasUnicodeMapError, _INT, *_ONE)
_OBJECT = plain(pdfium_c.FPDFText_GetTextObject, _POINTER, *_ONE)
_FONT = plain(pdfium_c.FPDFTextObj_GetFont, _POINTER, _POINTER)
_MODE = plain(pdfium_c.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Printed characters of a page (white space left out).

    Attributes:
        text: The characters.
        boxes: Shape (n, 4): x0, top, x1, bottom as shown, in points.
        base: Shape (n,): y of the baseline.
        size: Shape (n,): font size as shown, in points.
        bold: Shape (n,): whether printed bold.
        spaced: Shape (n,): whether white space stands before the character.
        turns: Shape (n,): quarter turns clockwise after which the character stands upright.
        broken: Share of characters whose meaning the file does not tell.
        hidden: Share of characters that are not printed.
    """

    text: str
    boxes: np.ndarray
    base: np.ndarray
    size: np.ndarray
    bold: np.ndarray
    spaced: np.ndarray
    turns: np.ndarray
    broken: float = 0.0
    hidden: float = 0.0

    def pick(self, which: np.ndarray) -> Glyphs:
        """Some of the characters, by their numbers."""
        text = "".join([self.text[i] for i in which.tolist()])
        return Glyphs(
            text, self.boxes[which], self.base[which], self.size[which], self.bold[which],
            self.spaced[which], self.turns[which], self.broken,
        )  # fmt: skip


def read_glyphs(page: pdfium.PdfPage, frame: Frame) -> Glyphs:
    """Characters of a page that lie inside its visible rectangle."""
    textpage = page.get_textpage()
    try:
        return _read(textpage.raw, frame)
    finally:
        textpage.close()


def _read(handle: pdfium_c.FPDF_TEXTPAGE, frame: Frame) -> Glyphs:
    count = max(pdfium_c.FPDFText_CountChars(handle), 0)
    if count > MOST_CHARACTERS:
        raise ReportError(
            "too_large", "PDF 有一页的文字异常多，未予读取，请企业重新导出报告后提交。"
        )
    text = _characters(handle, count)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    blank = _BLANK[np.minimum(codes, _LAST_BLANK + 1)]
    kept = np.flatnonzero(~blank)
    boxes = frame.boxes(_boxes(handle, kept))
    inside = (boxes[:, 2] > 0) & (boxes[:, 0] < frame.width)
    inside &= (boxes[:, 3] > 0) & (boxes[:, 1] < frame.height)
    if not inside.all():
        kept, boxes = kept[inside], boxes[inside]
    spaced = np.zeros(count + 1, bool)
    spaced[1:] = blank
    text = codes[kept].tobytes().decode("utf-32-le")
    base, looks, which, unknown = _styles(handle, frame, kept, boxes)
    hidden = float(looks.hidden[which].mean()) if looks.hidden.any() else 0.0
    return Glyphs(
        text, boxes, base[which], looks.size[which], looks.bold[which], spaced[kept],
        looks.turns[which], max(unknown, _strange(text)), hidden,
    )  # fmt: skip


def _characters(handle: pdfium_c.FPDF_TEXTPAGE, count: int) -> str:
    """Text with one character per index of PDFium; a NUL where there is none."""
    buffer = np.zeros(2 * count + 2, np.uint16)
    written = _TEXT(address(handle), 0, count, buffer.ctypes.data)
    text = buffer[: max(written - 1, 0)].tobytes().decode("utf-16-le", errors="replace")
    if len(text) != count:  # characters without a code are left out there, so ask one by one
        ask = pdfium_c.FPDFText_GetUnicode
        text = "".join([_safe(ask(handle, i)) for i in range(count)])
    if _HYPHEN in text or "\x02" in text:
        ask = pdfium_c.FPDFText_IsHyphen
        text = "".join(
            ["-" if ch in "\ufffe\x02" and ask(handle, i) == 1 else ch for i, ch in enumerate(text)]
        )
    return text


def _safe(code: int) -> str:
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _boxes(handle: pdfium_c.FPDF_TEXTPAGE, kept: np.ndarray) -> np.ndarray:
    rects = np.zeros((len(kept), 4), np.float32)  # left, top, right, bottom
    fill(_BOX, address(handle), kept.tolist(), rects)
    return rects.astype(np.float64)


def _styles(
    handle: pdfium_c.FPDF_TEXTPAGE, frame: Frame, kept: np.ndarray, boxes: np.ndarray
) -> tuple[np.ndarray, _Looks, np.ndarray, float]:
    """Baselines and looks, asked where a box's top or bottom is not the last's.

    Loose boxes reach from ascent to descent, so within a font they only move with the
    baseline; comparing the boxes themselves would not do, as fonts differ in both.

    Returns:
        Both for the characters asked; for each character which of these; share of unknown ones.
    """
    moved = np.ones(len(kept), bool)
    step = np.abs(boxes[1:] - boxes[:-1]) > 0.01
    moved[1:] = step[:, 1] | step[:, 3]
    indices = kept[moved].tolist()
    page = address(handle)
    which = np.cumsum(moved) - 1
    unknown = list(map(_UNKNOWN, repeat(page), indices))
    share = float((np.array(unknown)[which] == 1).mean()) if 1 in unknown else 0.0
    return _bases(page, frame, indices), _looks(handle, frame, indices), which, share


def _bases(page: int, frame: Frame, indices: list[int]) -> np.ndarray:
    x, y = np.zeros((2, len(indices)))
    fill(_ORIGIN, page, indices, x, y)
    return frame.points(x, y)[1]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Type of some characters; shapes and units as in ``Glyphs``, ``hidden`` for each."""

    size: np.ndarray
    bold: np.ndarray
    turns: np.ndarray
    hidden: np.ndarray


def _looks(handle: pdfium_c.FPDF_TEXTPAGE, frame: Frame, indices: list[int]) -> _Looks:
    """How characters look, asked once of each piece of text that the file draws."""
    page = address(handle)
    drawn = list(map(_OBJECT, repeat(page), indices))
    first: dict[int, int] = {}  # PDFium adds a few characters that no piece draws
    pieces = [text or -1 - index for text, index in zip(drawn, indices, strict=True)]
    for piece, index in zip(pieces, indices, strict=True):
        first.setdefault(piece, index)
    numbers = {piece: number for number, piece in enumerate(first)}
    which = np.array([numbers[piece] for piece in pieces], np.int64)
    asked = list(first.values())
    matrices = np.zeros((len(asked), 6), np.float32)
    fill(_MATRIX, page, asked, matrices)
    sizes = np.fromiter(map(_SIZE, repeat(page), asked), np.float64, len(asked))
    modes = np.array([_MODE(piece) if piece > 0 else 0 for piece in first], np.int64)
    bold = _bold_fonts(handle, first) | (modes == _STROKED)
    turns = (_turns(matrices) - frame.turns) % 4
    return _Looks(
        (sizes * _scales(matrices))[which], bold[which], turns[which], (modes == _INVISIBLE)[which]
    )


def _scales(matrices: np.ndarray) -> np.ndarray:
    c, d = matrices[:, 2].astype(np.float64), matrices[:, 3].astype(np.float64)
    scales = (c * c + d * d) ** 0.5
    return np.where(scales > 0, scales, 1.0)


def _turns(matrices: np.ndarray) -> np.ndarray:
    """Quarter turns clockwise that set text upright; none for text that stands askew."""
    a, b = matrices[:, 0], matrices[:, 1]
    if not b.any() and (a >= 0).all():
        return np.zeros(len(a), np.int64)
    quarters = np.arctan2(b, a) / (np.pi / 2)
    whole = np.abs(quarters - quarters.round()) < _ASKEW
    return np.where(whole, quarters.round(), 0).astype(np.int64) % 4


def _bold_fonts(handle: pdfium_c.FPDF_TEXTPAGE, first: dict[int, int]) -> np.ndarray:
    """Whether pieces of text are set in a bold font, each font looked at once."""
    fonts: dict[int | None, bool] = {}
    bold = []
    for piece, index in first.items():
        font = _FONT(piece) if piece > 0 else None
        if font not in fonts:
            fonts[font] = font is not None and _is_bold(handle, index)
        bold.append(fonts[font])
    return np.array(bold, bool)


def _is_bold(handle: pdfium_c.FPDF_TEXTPAGE, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(handle, index) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(handle, index, name, 64, flags)
    return any(word in name.value.lower() for word in _BOLD_NAMES)


def _strange(text: str) -> float:
    """Share of replacement, private-use and non-characters."""
    return len(_STRANGE.findall(text)) / len(text) if text else 0.0
