"""Text of pages that are pictures, by RapidOCR (extra ``ocr``; its wheel carries the models)."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, cast

import numpy as np
import pypdfium2 as pdfium

from pipeline.extract.frame import Frame
from pipeline.extract.lines import ASCENT, Run
from pipeline.extract.spelling import is_cjk

if TYPE_CHECKING:
    from rapidocr import RapidOCR
    from rapidocr.ch_ppocr_cls import TextClassifier
    from rapidocr.utils.output import RapidOCROutput

    from pipeline.extract.tables import Table

DOUBTFUL = 0.96  # mean confidence of a page's characters; below, about one in twenty is wrong
_DPI = 150  # enough: 200 dpi reads no better and takes a third longer
_MOST_PIXELS = 6_000_000  # of a page's picture; A3 at 150 dpi has 4.4 million
_NARROWEST = 20.0  # points; no page
_SLIMMEST = 1 / 50  # of the longer side; no page, and nothing is left of it when it is shrunk
_LARGEST_AREA = 5000.0**2  # square points: a poster of 1.8 m; beyond, nothing could be told apart
_LONGEST_SIDE = 2600  # pixels; longer ones are shrunk by RapidOCR
_SAME_SIZE = 0.15  # share by which measured type sizes of one font vary
_SAME_HEIGHT = 0.3  # share by which the boxes of one font vary in height
_TELLING = 4  # Chinese characters from which a text tells its size
_TELLING_LINES = 15  # the longest ones, asked which way up they stand
_TALL = 1.5  # height to width from which a box holds an upright line of text
_EDGE = 1.1  # height of a found box to the em of its type, at least
_MARKS = str.maketrans({",": "，", ";": "；", ":": "：", "?": "？", "!": "！"})
_HALF_WIDTH = re.compile(
    r"(?<=[㐀-鿿%％）”])[,;:?!](?=[㐀-鿿“（]|$)"
)  # a Chinese mark, read as ASCII
_NO_MEMORY = re.compile(r"alloc|insufficient memory", re.IGNORECASE)
_PACKAGES = ("rapidocr", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Ocr:
    """That pictures are to be read, and what that may cost for one report."""

    pages: int = 200
    seconds: float = 600.0  # no page is begun after that
    redo: bool = False  # pages too whose text an OCR program laid over the picture, unseen


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read off the picture of a page.

    Attributes:
        runs: Lines of text outside tables, places in points on the page as it is turned.
        confidence: Mean over the characters (0-1); 1 where there are none.
        quarters: By how many quarters clockwise the page is turned to be read.
        tables: Ruled tables.
    """

    runs: tuple[Run, ...]
    confidence: float
    quarters: int = 0
    tables: tuple[Table, ...] = ()

    @property
    def text(self) -> str:
        """All words of the page."""
        rows = [row.text for table in self.tables for row in table.rows]
        return "\n".join([*(run.text for run in self.runs), *rows])


def ocr_version() -> str:
    """Versions of what reads pictures; blank where the extra is not installed."""
    try:
        return " ".join(f"{name} {version(name)}" for name in _PACKAGES)
    except PackageNotFoundError:
        return ""


def read_by(ocr: Ocr | None) -> str:
    """What reads the pictures of a run, and whether it reads others' work again; or blank."""
    if ocr is None:
        return ""
    return f"{ocr_version()} redo" if ocr.redo else ocr_version()


def read_pictures(pdf: pdfium.PdfDocument, numbers: Iterable[int], ocr: Ocr) -> dict[int, Scan]:
    """Read pages by their looks.

    Args:
        pdf: The open file.
        numbers: Pages wanted, 1-based.
        ocr: What it may cost.

    Returns:
        Scans by page; pages beyond the limits are missing.
    """
    found: dict[int, Scan] = {}
    began = time.monotonic()
    for number in sorted(numbers)[: ocr.pages]:
        if time.monotonic() - began > ocr.seconds:
            break
        page = pdf[number - 1]
        try:
            found[number] = _read(page, number)
        finally:
            page.close()
    return found


@lru_cache(maxsize=1)
def _engine() -> RapidOCR:
    """Loaded once in a process; one thread, which is as fast and gives the same sums anywhere."""
    from rapidocr import RapidOCR

    quiet = {"Global.log_level": "critical", "Global.max_side_len": _LONGEST_SIDE}
    threads = ("intra_op_num_threads", "inter_op_num_threads")
    return RapidOCR(params={**quiet, **{f"EngineConfig.onnxruntime.{name}": 1 for name in threads}})


def _read(page: pdfium.PdfPage, number: int) -> Scan:
    frame = Frame.of(page)
    area = frame.width * frame.height
    short, long = sorted((frame.width, frame.height))
    if short < max(_NARROWEST, _SLIMMEST * long) or area > _LARGEST_AREA:
        return Scan((), 1.0)
    scale = min(_DPI / 72, (_MOST_PIXELS / area) ** 0.5)
    picture = page.render(scale=scale).to_numpy()
    seen, quarters = _upright(picture)
    if not _count(seen):
        return Scan((), 1.0)
    corners = np.asarray(seen.boxes, dtype=np.float64) / scale
    texts = [_spell(text) for text in seen.txts or ()]
    runs = _runs(corners, texts, number, frame.turned(quarters))
    from pipeline.extract.scanned import part_tables, rules_of  # scipy's images take a while

    rules = rules_of(_turned(picture, quarters), scale, _slope(corners))
    loose, tables = part_tables(rules, runs, number)
    return Scan(tuple(loose), round(_sureness(seen), 3), quarters, tuple(tables))


def _upright(picture: np.ndarray) -> tuple[RapidOCROutput, int]:
    """What is seen of a page as it is read, and by how many quarters clockwise it was turned."""
    seen, quarters = _look(picture), 0
    if _is_sideways(seen):  # put on the scanner so
        picture, quarters = _turned(picture, 1), 1
        seen = _look(picture)
    if _is_upside_down(picture, seen):
        seen, quarters = _look(_turned(picture, 2)), quarters + 2
    return seen, quarters


def _turned(picture: np.ndarray, quarters: int) -> np.ndarray:
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def _count(seen: RapidOCROutput) -> int:
    return 0 if seen.boxes is None else len(seen.boxes)


def _sureness(seen: RapidOCROutput) -> float:
    """Mean confidence over the characters; 0 where there are none."""
    lengths = [len(_spell(text)) for text in seen.txts or ()] if _count(seen) else []
    return float(np.dot(seen.scores or (), lengths) / max(sum(lengths), 1)) if lengths else 0.0


def _is_sideways(seen: RapidOCROutput) -> bool:
    """Whether most of the text stands in boxes higher than wide."""
    if not _count(seen):
        return False
    corners = np.asarray(seen.boxes, dtype=np.float64)
    wide, high = np.ptp(corners, axis=1).T
    lengths = np.array([len(text) for text in seen.txts or ()])
    return bool(lengths[high > _TALL * wide].sum() > lengths.sum() / 2)


def _is_upside_down(picture: np.ndarray, seen: RapidOCROutput) -> bool:
    """Whether most of the longest lines stand on their heads.

    The engine turns each such line before it reads it, so the words are right either way: only
    their order is not.
    """
    lengths = np.array([len(text) for text in seen.txts or ()])
    if not lengths.sum():
        return False
    boxes = np.asarray(seen.boxes, dtype=np.float32)[np.argsort(-lengths)[:_TELLING_LINES]]
    engine = _engine()
    classify = cast("TextClassifier", engine.text_cls)  # loaded when it looked
    told = classify(engine.crop_text_regions(picture, boxes)).cls_res or ()
    return sum(label == "180" for label, _ in told) > len(told) / 2


def _look(picture: np.ndarray) -> RapidOCROutput:
    """What the engine sees; its libraries' own errors for want of memory are the usual one."""
    try:
        return cast("RapidOCROutput", _engine()(picture))  # all steps are on
    except Exception as fault:
        if _NO_MEMORY.search(str(fault)):
            raise MemoryError("OCR") from fault
        raise


def _spell(text: str) -> str:
    return _HALF_WIDTH.sub(lambda mark: mark.group().translate(_MARKS), " ".join(text.split()))


def _runs(corners: np.ndarray, texts: list[str], number: int, frame: Frame) -> list[Run]:
    """Runs of a page.

    Args:
        corners: Shape (n, 4, 2): x, y of each box's corners in points, clockwise from the
            top left; askew where the paper was.
        texts: Shape (n,).
        number: Of the page.
        frame: Of the page.
    """
    low, high = corners[:, :, 0].min(axis=1), corners[:, :, 0].max(axis=1)
    middle = corners.mean(axis=1)
    aside = middle[:, 0] - frame.width / 2
    level = middle[:, 1] - np.tan(_slope(corners)) * aside  # as if the paper lay straight
    runs = []
    for i, (text, size) in enumerate(zip(texts, _sizes(corners, texts), strict=True)):
        x0, x1 = max(float(low[i]), 0.0), min(float(high[i]), frame.width)
        top = max(float(level[i]) - size / 2, 0.0)
        bottom = min(top + size, frame.height)
        if text and x0 < x1 and top < bottom:
            runs.append(Run(number, text, x0, top, x1, bottom, top + ASCENT * size, size, False))
    return runs


def _slope(corners: np.ndarray) -> float:
    """How far the lines of the page are turned, in radians: the median of the wide ones."""
    along = corners[:, 1] - corners[:, 0]
    wide = along[along[:, 0] >= 0.5 * along[:, 0].max()]
    return float(np.median(np.arctan2(wide[:, 1], np.maximum(wide[:, 0], 1e-6))))


def _sizes(corners: np.ndarray, texts: list[str]) -> list[float]:
    """Font sizes by the width of the characters, evened out among about the same ones.

    Short texts and figures say little by their width (boxes have a margin, digits are
    narrow), so they take the size of the nearest telling text of about their height.
    """
    wide = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    high = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    ems = np.array([max(_ems(text), 1.0) for text in texts])
    sizes = np.minimum(wide / ems, high / _EDGE)
    telling = np.flatnonzero([sum(map(is_cjk, text)) >= _TELLING for text in texts])
    if not len(telling):
        return list(map(float, sizes))
    sizes = _as_beside(sizes, high, corners[:, :, 1].mean(axis=1), telling)
    return [_usual(sizes, ems, size) for size in sizes]


def _as_beside(
    sizes: np.ndarray, high: np.ndarray, level: np.ndarray, telling: np.ndarray
) -> np.ndarray:
    """Sizes (n,) where those of other than ``telling`` texts are those of a telling one."""
    unlike = np.abs(high[:, None] / high[telling] - 1) > _SAME_HEIGHT
    far = np.abs(level[:, None] - level[telling]) + np.where(unlike, 1e6, 0.0)
    beside = telling[far.argmin(axis=1)]
    lone = far.min(axis=1) >= 1e6
    own = np.isin(np.arange(len(sizes)), telling) | lone
    return np.where(own, sizes, sizes[beside])


def _usual(sizes: np.ndarray, weights: np.ndarray, size: float) -> float:
    """Weighted median of the sizes near ``size``."""
    near = np.flatnonzero(np.abs(sizes - size) <= _SAME_SIZE * size)
    order = near[np.argsort(sizes[near], kind="stable")]
    total = np.cumsum(weights[order])
    return float(sizes[order[np.searchsorted(total, total[-1] / 2)]])


def _ems(text: str) -> float:
    """Width of a text in ems: a Chinese character takes one, others about half."""
    return sum(1.0 if unicodedata.east_asian_width(ch) in "WF" else 0.5 for ch in text)
