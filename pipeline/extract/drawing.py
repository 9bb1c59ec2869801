"""What is drawn on a PDF page besides text: ruling lines of tables, and how much is picture."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.extract.calls import address, plain
from pipeline.extract.frame import Frame

_MOST_OBJECTS = 100_000  # looked at on a page; maps have some 50,000
_DEEPEST = 4  # forms inside forms
_THIN = 2.5  # points; a filled path no thicker than this is a ruling line
_SHORTEST = 3.0  # points
_RECTANGLE, _SIMPLE = 4, 6  # segments of a rectangle, closed or not
_MOST_SHADED = 1500  # rectangles; beyond this it is a chart
_SLACK = 0.6  # points by which a box may stand out of the one that holds it
_CELL_SIZES = 16  # a box so many times as large holds cells rather than lines of text
_MOST_SEGMENTS = 400  # beyond this a path is an illustration

Sides = tuple[float, float, float, float]  # left, top, right, bottom; y upwards
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SHAPES = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)
_INT, _POINTER = ctypes.c_int, ctypes.c_void_p
_COUNT = plain(pdfium_c.FPDFPage_CountObjects, _INT, _POINTER)
_INNER = plain(pdfium_c.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_FORM_COUNT = plain(pdfium_c.FPDFFormObj_CountObjects, _INT, _POINTER)
_FORM_INNER = plain(pdfium_c.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_KIND = plain(pdfium_c.FPDFPageObj_GetType, _INT, _POINTER)
_BOUNDS = plain(pdfium_c.FPDFPageObj_GetBounds, _INT, *[_POINTER] * 5)
_MATRIX = plain(pdfium_c.FPDFPageObj_GetMatrix, _INT, _POINTER, _POINTER)
_SEGMENTS = plain(pdfium_c.FPDFPath_CountSegments, _INT, _POINTER)
_SEGMENT = plain(pdfium_c.FPDFPath_GetPathSegment, _POINTER, _POINTER, _INT)
_POINT = plain(pdfium_c.FPDFPathSegment_GetPoint, _INT, *[_POINTER] * 3)
_SEGMENT_KIND = plain(pdfium_c.FPDFPathSegment_GetType, _INT, _POINTER)
_DRAW_MODE = plain(pdfium_c.FPDFPath_GetDrawMode, _INT, *[_POINTER] * 3)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes of a page, as shown.

    Attributes:
        rules: Shape (n, 4): lines that may rule a table, as thin boxes x0, top, x1, bottom.
        picture: Share of the page that images cover (0-1).
        paths: Number of vector shapes.
    """

    rules: np.ndarray
    picture: float
    paths: int


def read_drawing(page: pdfium.PdfPage, frame: Frame) -> Drawing:
    """Ruling lines and picture area of a page, forms within it included."""
    rules: list[Sides] = []
    shaded: list[Sides] = []
    images: list[Sides] = []
    paths = 0
    for kind, handle, matrix in islice(_objects(page.raw), _MOST_OBJECTS):
        box = _bounds(handle, matrix)
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            images.append(box)
            continue
        paths += 1
        if _is_rectangle(handle, box) and not _is_stroked(handle):
            shaded.append(box)
        else:
            rules += _rules(handle, matrix, box)
    for box in _outermost(shaded):
        rules += _sides(box)
    kept = rules if _may_be_table(rules) else []
    return Drawing(frame.boxes(_array(kept)), _covered(images, frame), paths)


def _may_be_table(rules: list[Sides]) -> bool:
    """Whether there are enough lines for a table of two rows and two columns."""
    level = sum(r[2] - r[0] > r[1] - r[3] for r in rules)
    return level >= 3 and len(rules) - level >= 2


def _outermost(boxes: list[Sides]) -> list[Sides]:
    """Boxes not inside another: word processors shade a cell, then each line of text in it."""
    if not boxes or len(boxes) > _MOST_SHADED:
        return []
    b = _array(boxes)
    left, top, right, bottom = (b[:, i] for i in range(4))
    inside = (left[:, None] >= left - _SLACK) & (right[:, None] <= right + _SLACK)
    inside &= (top[:, None] <= top + _SLACK) & (bottom[:, None] >= bottom - _SLACK)
    area = (right - left) * (top - bottom)
    inside &= area[:, None] < area - _SLACK
    # A shaded page or box around a whole table holds its cells; it does not replace them.
    inside &= area < _CELL_SIZES * area[:, None]
    return [box for box, held in zip(boxes, np.any(inside, axis=1), strict=True) if not held]


def _covered(images: list[Sides], frame: Frame) -> float:
    if not images:
        return 0.0
    shown = np.clip(frame.boxes(_array(images)), 0, [frame.width, frame.height] * 2)
    area = ((shown[:, 2] - shown[:, 0]) * (shown[:, 3] - shown[:, 1])).sum()
    return min(float(area) / max(frame.width * frame.height, 1.0), 1.0)


def _is_stroked(handle: int) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    _DRAW_MODE(handle, ctypes.addressof(fill), ctypes.addressof(stroke))
    return bool(stroke.value)


def _array(boxes: list[Sides]) -> np.ndarray:
    return np.array(boxes, dtype=np.float64).reshape(len(boxes), 4)


def _objects(page: pdfium_c.FPDF_PAGE) -> Iterator[tuple[int, int, Matrix]]:
    """Paths and images with the matrix of the form that holds them."""
    handle = address(page)
    return _walk(_INNER, handle, range(_COUNT(handle)), _IDENTITY, 0)


def _walk(
    get: Callable[[int, int], int], holder: int, indices: range, matrix: Matrix, depth: int
) -> Iterator[tuple[int, int, Matrix]]:
    handles = list(map(get, repeat(holder), indices))
    for kind, handle in zip(map(_KIND, handles), handles, strict=True):
        if kind in _SHAPES:
            yield kind, handle, matrix
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _times(_matrix(handle), matrix)
            yield from _walk(_FORM_INNER, handle, range(_FORM_COUNT(handle)), inner, depth + 1)


def _matrix(handle: int) -> Matrix:
    m = pdfium_c.FS_MATRIX()
    _MATRIX(handle, ctypes.addressof(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies ``m`` first, then ``n``."""
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _bounds(handle: int, matrix: Matrix) -> Sides:
    """Left, top, right, bottom in page coordinates (y upwards)."""
    sides = (ctypes.c_float * 4)()
    at = ctypes.addressof(sides)
    _BOUNDS(handle, at, at + 4, at + 8, at + 12)
    left, bottom, right, top = sides
    if matrix is _IDENTITY:
        return left, top, right, bottom
    ax, ay = _apply(matrix, left, top)
    bx, by = _apply(matrix, right, bottom)
    return min(ax, bx), max(ay, by), max(ax, bx), min(ay, by)


def _rules(handle: int, matrix: Matrix, box: Sides) -> list[Sides]:
    left, top, right, bottom = box
    wide, high = right - left, top - bottom
    if wide <= _SHORTEST and high <= _SHORTEST:
        return []
    if high <= _THIN or wide <= _THIN:
        return [box]
    segments = _SEGMENTS(handle)
    if segments <= _SIMPLE:
        return _sides(box) if segments >= _RECTANGLE else []
    if segments > _MOST_SEGMENTS:
        return []
    return _strokes(handle, matrix, segments)


def _is_rectangle(handle: int, box: Sides) -> bool:
    left, top, right, bottom = box
    if right - left <= _THIN or top - bottom <= _THIN:
        return False
    return bool(_RECTANGLE <= _SEGMENTS(handle) <= _SIMPLE)


def _sides(box: Sides) -> list[Sides]:
    left, top, right, bottom = box
    return [
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ]


def _strokes(handle: int, matrix: Matrix, segments: int) -> list[Sides]:
    """Level and upright strokes of a path that draws a whole grid."""
    own = _times(_matrix(handle), matrix)
    place = (ctypes.c_float * 2)()
    x = ctypes.addressof(place)
    found, last = [], (0.0, 0.0)
    for i in range(segments):
        segment = _SEGMENT(handle, i)
        _POINT(segment, x, x + 4)
        point = _apply(own, *place)
        line = _SEGMENT_KIND(segment) == pdfium_c.FPDF_SEGMENT_LINETO
        if line and _is_rule(last, point):
            (ax, ay), (bx, by) = last, point
            found.append((min(ax, bx), max(ay, by), max(ax, bx), min(ay, by)))
        last = point
    return found


def _is_rule(a: tuple[float, float], b: tuple[float, float]) -> bool:
    dx, dy = abs(a[0] - b[0]), abs(a[1] - b[1])
    return (dy < 1 and dx > _SHORTEST) or (dx < 1 and dy > _SHORTEST)
