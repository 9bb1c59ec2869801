"""Pictures of pages: drawn by PDFium in a process of its own, kept on disk.

A strange file may crash, hang or swell PDFium; it then takes that process along and nothing
else, and the page is shown as text.
"""

from __future__ import annotations

import io
import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pipeline.desk.shelf import NotThere
from pipeline.emit.files import put
from pipeline.workers import TooSlow, Workers

WIDTHS = (900, 1400)  # pixels; the second for large or dense screens
LARGEST = 12_000_000  # pixels of a picture, whatever the page's shape
PATIENCE = 20.0  # seconds for one page
MEMORY = 2 * 2**30  # bytes of address space of the process that draws
MOST_KEPT = 2 * 2**30  # bytes of pictures on disk
_QUALITY = 82


class Leaves:
    """Draws pages, one at a time.

    Args:
        folder: Where pictures are kept: SHA-256 of the report / page-width.jpg.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._workers = Workers(1, folder / "none.pid", MEMORY)
        self._warm = self._workers.everywhere(_ready)
        self._written = 0

    def close(self) -> None:
        """End the process."""
        self._workers.__exit__()

    def picture(self, file: Path, sha256: str, page: int, width: int) -> Path:
        """File of a page's picture (JPEG).

        Args:
            file: The PDF.
            sha256: Its digest, as checked by the caller.
            page: 1-based.
            width: One of WIDTHS.

        Raises:
            NotThere: no such page, or it cannot be drawn.
        """
        kept = self.folder / sha256[:32] / f"{page}-{width}.jpg"
        if not kept.is_file():
            try:
                drawn = self._workers.run(_draw, str(file), page, width, seconds=PATIENCE)
            except (TooSlow, BrokenProcessPool, MemoryError, OSError, ValueError) as fault:
                raise NotThere(f"page {page}") from fault
            put(kept, drawn)
            self._make_room(len(drawn))
        return kept

    def _make_room(self, size: int) -> None:
        """Now and then drop the oldest pictures."""
        self._written += size
        if self._written < MOST_KEPT // 8:
            return
        self._written = 0
        make_room(self.folder, "*/*.jpg", MOST_KEPT)


def make_room(folder: Path, pattern: str, most: int) -> None:
    """Remove the oldest files of a pattern until the others take at most so many bytes."""
    kept = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in kept)
    while kept and total > most:
        total -= kept[0].stat().st_size
        kept.pop(0).unlink(missing_ok=True)


def _ready() -> int:
    """In the worker: load what draws, so that the first page need not wait for it."""
    import PIL.JpegImagePlugin  # noqa: F401
    import pypdfium2  # noqa: F401

    return os.getpid()


def _draw(file: str, page: int, width: int) -> bytes:
    """In the worker: a JPEG of the page; ValueError if there is none."""
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(file) as document:
            leaf = document[page - 1] if 0 < page <= len(document) else None
            if leaf is None or min(leaf.get_size()) <= 0:
                raise ValueError(page)
            across, down = leaf.get_size()
            scale = min(width / across, (LARGEST / (across * down)) ** 0.5)
            picture = leaf.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except pdfium.PdfiumError as fault:
        raise ValueError(page) from fault
    into = io.BytesIO()
    picture.save(into, "JPEG", quality=_QUALITY)
    return into.getvalue()
