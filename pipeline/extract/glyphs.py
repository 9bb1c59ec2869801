"""The characters of a PDF page with their places, in the order the file draws them.

A call into PDFium costs half a microsecond, a page has a thousand characters: boxes are
asked for each of them, baseline and style only where the box's height or place changes.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.extract.frame import Frame
from pipeline.records import ReportError

MOST_CHARACTERS = 300_000  # of a page; a full newspaper page has 20,000
_HYPHEN = "\ufffe"  # PDFium's mark for a hyphen at the end of a line, among other things
_STRANGE = re.compile("[\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")
_BOLD_WEIGHT = 600
_STROKED = 2  # text render mode "fill, then stroke": the usual imitation of bold
_BOLD_NAMES = (b"bold", b"black", b"heavy")


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
        broken: Share of characters whose meaning the file does not tell.
    """

    text: str
    boxes: np.ndarray
    base: np.ndarray
    size: np.ndarray
    bold: np.ndarray
    spaced: np.ndarray
    broken: float = 0.0


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
    blank = np.fromiter((ch <= " " or ch.isspace() for ch in text), bool, count)
    boxes = frame.boxes(_boxes(handle, count))
    inside = (boxes[:, 2] > 0) & (boxes[:, 0] < frame.width)
    inside &= (boxes[:, 3] > 0) & (boxes[:, 1] < frame.height)
    kept = np.flatnonzero(~blank & inside)
    spaced = np.zeros(count + 1, bool)
    spaced[1:] = blank
    text = "".join([text[i] for i in kept])
    boxes = boxes[kept]
    base, size, bold, unknown = _styles(handle, frame, kept, boxes)
    return Glyphs(text, boxes, base, size, bold, spaced[kept], max(unknown, _strange(text)))


def _characters(handle: pdfium_c.FPDF_TEXTPAGE, count: int) -> str:
    """Text with one character per index of PDFium; a NUL where there is none."""
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = pdfium_c.FPDFText_GetText(handle, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(written - 1, 0)]).decode("utf-16-le", errors="replace")
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


def _boxes(handle: pdfium_c.FPDF_TEXTPAGE, count: int) -> np.ndarray:
    rects = (pdfium_c.FS_RECTF * count)()
    ask, at = pdfium_c.FPDFText_GetLooseCharBox, ctypes.byref
    for i, rect in enumerate(rects):
        ask(handle, i, at(rect))
    # PDFium's struct is left, top, right, bottom
    return np.frombuffer(rects, dtype=np.float32).reshape(count, 4).astype(np.float64)


def _styles(
    handle: pdfium_c.FPDF_TEXTPAGE, frame: Frame, kept: np.ndarray, boxes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Baseline, size and boldness, asked where a box differs in top or bottom from the last.

    Loose boxes reach from ascent to descent, so within a font they only move with the
    baseline; comparing the boxes themselves would not do, as fonts differ in both.
    """
    count = len(kept)
    if not count:
        return np.zeros(0), np.zeros(0), np.zeros(0, bool), 0.0
    moved = np.ones(count, bool)
    moved[1:] = (np.abs(np.diff(boxes[:, [1, 3]], axis=0)) > 0.01).any(axis=1)
    first = np.flatnonzero(moved)
    rows = np.array([_style(handle, int(i)) for i in kept[first]])
    _, base = frame.points(rows[:, 0], rows[:, 1])
    which = np.cumsum(moved) - 1
    unknown = float(np.repeat(rows[:, 4], np.diff(np.append(first, count))).mean())
    return base[which], rows[which, 2], rows[which, 3] > 0, unknown


def _style(handle: pdfium_c.FPDF_TEXTPAGE, index: int) -> tuple[float, float, float, bool, bool]:
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetCharOrigin(handle, index, x, y)
    pdfium_c.FPDFText_GetMatrix(handle, index, matrix)
    scale = (matrix.c**2 + matrix.d**2) ** 0.5
    size = pdfium_c.FPDFText_GetFontSize(handle, index) * (scale or 1.0)
    unknown = pdfium_c.FPDFText_HasUnicodeMapError(handle, index) == 1
    return x.value, y.value, size, _is_bold(handle, index), unknown


def _is_bold(handle: pdfium_c.FPDF_TEXTPAGE, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(handle, index) >= _BOLD_WEIGHT:
        return True
    drawn = pdfium_c.FPDFText_GetTextObject(handle, index)
    if drawn and pdfium_c.FPDFTextObj_GetTextRenderMode(drawn) == _STROKED:
        return True
    name, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(handle, index, name, 64, flags)
    return any(word in name.value.lower() for word in _BOLD_NAMES)


def _strange(text: str) -> float:
    """Share of replacement, private-use and non-characters."""
    return len(_STRANGE.findall(text)) / len(text) if text else 0.0
