"""Pages of reports that are no PDF: laid out behind the pages of the desk, kept on disk.

Word files by LibreOffice; a report in a ZIP file, or a picture, as itself. In a process of its
own that is off the network and within limits, as reviews read such files.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pipeline.desk.laid import Layout, read_pages
from pipeline.desk.leaves import make_room
from pipeline.desk.shelf import NotThere, Report
from pipeline.emit.documents import read_document, write_document
from pipeline.extract.office import CONVERSION_SECONDS
from pipeline.records import Document, ReportError
from pipeline.workers import TooSlow, Workers

State = Literal["ready", "making", "none"]
PATIENCE = CONVERSION_SECONDS + 120.0  # seconds for one report, reading its words included
MEMORY = 4 * 2**30  # bytes of address space, as a review has
MOST_KEPT = 2 * 2**30  # bytes of pages on disk
LARGEST = 300 * 2**20  # bytes of one report's
WRAPPED = ("docx", "doc", "zip", "image")  # kinds that are laid out; web pages and texts are not
PAGES, PART = "pages.pdf", ".pages.pdf.part"
_FAULTS = (TooSlow, BrokenProcessPool, MemoryError, OSError, ValueError, ReportError)


class Layouts:
    """Lays out one report at a time.

    Args:
        folder: Where pages are kept, in a folder by the SHA-256 of each report.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._making: set[str] = set()
        self._failed: set[str] = set()
        self._queue = ThreadPoolExecutor(1)
        self._read = lru_cache(maxsize=8)(_read)

    @cached_property
    def _workers(self) -> Workers:
        return Workers(1, self.folder / "none.pid", MEMORY)

    def close(self) -> None:
        """End the process; what was not begun is not done."""
        self._queue.shutdown(wait=False, cancel_futures=True)
        if "_workers" in self.__dict__:
            self._workers.__exit__()

    def state(self, report: Report, file: Path | None) -> State:
        """Whether a report's pages can be shown; begins to lay them out where they can be.

        Args:
            report: The report.
            file: Its own file, as ``Shelf.file`` found it.
        """
        if file is None:
            return "none"
        if report.document.media == "pdf":
            return "ready" if report.places else "none"
        if report.document.media not in WRAPPED:
            return "none"
        if (self._home(report) / PAGES).is_file():
            return "ready"
        if report.document.sha256 in self._failed:
            return "none"  # not tried again until the desk is started anew
        if report.document.sha256 not in self._making:
            self._making.add(report.document.sha256)
            self._queue.submit(self._make, report, file)
        return "making"

    def of(self, report: Report, file: Path | None) -> Layout:
        """The pages of a report; NotThere unless its state is ready."""
        if file is None or self.state(report, file) != "ready":
            raise NotThere("layout")
        if report.document.media == "pdf":
            return Layout(file)
        return self._read(self._home(report), report.places)

    def _home(self, report: Report) -> Path:
        return self.folder / report.document.sha256[:32]

    def _make(self, report: Report, file: Path) -> None:
        home = self._home(report)
        home.mkdir(parents=True, exist_ok=True)
        try:
            bare = replace(report.document, text="", blocks=(), warnings=())
            what = (file, bare, home / PART, report.places)
            made = self._workers.run(_laid_out, *what, seconds=PATIENCE)
            if (home / PART).stat().st_size > LARGEST:
                raise ValueError("too large")
            if made:
                write_document(home, made)
            os.replace(home / PART, home / PAGES)  # last: what is there is whole
        except _FAULTS:
            self._failed.add(report.document.sha256)
            shutil.rmtree(home, ignore_errors=True)
        finally:
            self._making.discard(report.document.sha256)
        make_room(self.folder, "*/*.pdf", MOST_KEPT)


def _read(home: Path, own: bool) -> Layout:
    return Layout(home / PAGES, None if own else read_document(home))


def _laid_out(file: Path, document: Document, into: Path, own: bool) -> Document | None:
    """In the worker: write the pages as a PDF.

    Returns:
        Its words with their places; None for ``own`` pages, whose places the review knows.
    """
    with TemporaryDirectory(prefix="zejian-pages-") as folder:
        path, kind = file, document.media
        if kind == "zip":
            path, kind = _unpacked(file, Path(folder, "zip"))
        shutil.copyfile(_pdf(path, kind, Path(folder, "made"), len(document.pages)), into)
    return None if own else read_pages(into, document.file, document.sha256, document.media)


def _unpacked(file: Path, folder: Path) -> tuple[Path, str]:
    from pipeline.extract.archive import only_report

    folder.mkdir()
    held, _ = only_report(file, folder)
    return held.path, held.kind


def _pdf(path: Path, kind: str, folder: Path, pages: int) -> Path:
    from pipeline.extract.image import write_pages
    from pipeline.extract.office import convert

    if kind == "pdf":
        return path
    folder.mkdir()
    if kind == "image":
        write_pages(path, folder / PAGES, pages, "RGB")
        return folder / PAGES
    if kind in ("docx", "doc"):
        return convert(path, folder, "pdf")
    raise ValueError(kind)
