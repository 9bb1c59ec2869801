"""From a PDF page's own coordinates to what a reader sees: origin top left, rotation applied."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible rectangle of a page and how it is turned.

    ``width`` and ``height`` are those of the page as shown, in PDF points.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int  # quarter turns clockwise

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Frame:
        """Frame of a page: its crop box within the media box."""
        rect = pdfium_c.FS_RECTF()
        pdfium_c.FPDF_GetPageBoundingBox(page, ctypes.byref(rect))
        turns = max(pdfium_c.FPDFPage_GetRotation(page), 0)
        return cls(rect.left, rect.bottom, rect.right, rect.top, turns)

    def turned(self, quarters: int) -> Frame:
        """The same page as one sees it who turns it clockwise by so many quarters."""
        return replace(self, turns=(self.turns + quarters) % 4)

    @property
    def width(self) -> float:
        """Shown width in points."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Shown height in points."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def points(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shown places of points given in the page's own coordinates."""
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def boxes(self, boxes: np.ndarray) -> np.ndarray:
        """Shown boxes.

        Args:
            boxes: Shape (n, 4): left, top, right, bottom as PDFium gives them (y upwards).

        Returns:
            Shape (n, 4): x0, top, x1, bottom with y downwards.
        """
        ax, ay = self.points(boxes[:, 0], boxes[:, 1])
        bx, by = self.points(boxes[:, 2], boxes[:, 3])
        shown = np.empty((len(boxes), 4))
        np.minimum(ax, bx, out=shown[:, 0])
        np.minimum(ay, by, out=shown[:, 1])
        np.maximum(ax, bx, out=shown[:, 2])
        np.maximum(ay, by, out=shown[:, 3])
        return shown


def turn_boxes(boxes: np.ndarray, quarters: int, width: float, height: float) -> np.ndarray:
    """Boxes on a page that is turned clockwise.

    Args:
        boxes: Shape (n, 4): x0, top, x1, bottom.
        quarters: Of a turn, 0-3.
        width: Of the page before, points.
        height: Of the page before, points.

    Returns:
        Shape (n, 4): the same places on the turned page.
    """
    x0, top, x1, bottom = boxes.T
    if quarters == 1:
        sides = height - bottom, x0, height - top, x1
    elif quarters == 2:
        sides = width - x1, height - bottom, width - x0, height - top
    elif quarters == 3:
        sides = top, width - x1, bottom, width - x0
    else:
        sides = x0, top, x1, bottom
    return np.stack(sides, axis=1)
