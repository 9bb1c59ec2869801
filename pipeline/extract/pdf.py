"""PDF reports by PDFium: text with places, in reading order.

PDFium is not thread-safe: one thread at a time per process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.extract.assemble import assemble
from pipeline.extract.charts import categories
from pipeline.extract.columns import in_order
from pipeline.extract.drawing import read_drawing
from pipeline.extract.footnotes import part_notes
from pipeline.extract.frame import Frame
from pipeline.extract.furniture import running
from pipeline.extract.glyphs import read_glyphs
from pipeline.extract.headings import body_size
from pipeline.extract.layout import reading_order
from pipeline.extract.lines import Run, lines_of
from pipeline.extract.ocr import DOUBTFUL, Ocr, Scan, read_pictures
from pipeline.extract.pagenotes import PageNotes, page_warnings
from pipeline.extract.paragraphs import Paragraph, paragraphs
from pipeline.extract.shells import refuse_shell
from pipeline.extract.tables import Table, join_over_pages, read_tables
from pipeline.extract.turns import Turn, put_back, shown
from pipeline.records import Document, Page, ReportError

MAX_PAGES = 2000
MAX_CHARACTERS = 5_000_000
LEAST_CHARACTERS = 20  # a page with a picture and fewer is a scan with a stamp on it
_MOSTLY_PICTURE = 0.5  # share of the page
_MANY_PATHS = 200  # text turned into outlines
_BROKEN = 0.3  # share of characters without meaning from which the text layer is worthless
_HIDDEN = 0.9  # share of characters from which the text is a layer over the picture
_TITLE = 1.4  # times the body: a title printed over a picture, not a scanner's stamp


@dataclass(slots=True)
class _Sheet:
    """What was read off one page."""

    number: int
    width: float
    height: float
    runs: list[Run]
    tables: list[Table]
    characters: int
    pictured: bool  # mostly an image, or full of shapes
    broken: bool
    layer: bool  # a picture with text over it that is not printed: another's OCR
    turn: Turn  # how it is turned to be read
    aside: list[Run] = field(default_factory=list)  # page furniture
    notes: list[Paragraph] = field(default_factory=list)  # at its foot
    scan: Scan | None = None  # what was read off its picture


def extract_pdf(path: Path, file: str, sha256: str, ocr: Ocr | None = None) -> Document:
    """Read a PDF report.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.
        ocr: Read pages that are pictures, within these limits; None leaves them unread.

    Returns:
        Its Document, blocks in reading order, boxes in points as shown.

    Raises:
        ReportError: ``encrypted``, ``damaged``, ``empty``, ``too_large``,
            ``scanned``, ``xfa`` or ``portfolio``.
    """
    with _opened(path) as pdf:
        sheets = _read(pdf)
        refuse_shell(pdf, sum(sheet.characters for sheet in sheets))
        outline = _outline(pdf)
        bad = _unreadable(sheets)
        scans = _scans(pdf, bad, sheets, ocr) if ocr else {}
    for number, scan in scans.items():
        _take(sheets[number - 1], scan)
    bad -= scans.keys()
    if not any(sheet.characters for sheet in sheets if sheet.number not in bad):
        raise _no_words(sheets)
    _set_furniture_apart(sheets)
    _set_notes_apart(sheets)
    text, blocks = assemble(_flow(sheets), outline)
    pages = tuple(_page(sheet, sheet.number not in bad) for sheet in sheets)
    warnings = page_warnings(_notes(sheets, bad, ocr is not None))
    return Document(file, sha256, "pdf", text, pages, blocks, warnings)


def _scans(
    pdf: pdfium.PdfDocument, bad: set[int], sheets: list[_Sheet], ocr: Ocr
) -> dict[int, Scan]:
    """What is read off pictures; where nothing is, a page keeps the text laid over it."""
    layers = {sheet.number for sheet in sheets if sheet.layer and ocr.redo} - bad
    scans = read_pictures(pdf, bad | layers, ocr)
    return {n: scan for n, scan in scans.items() if scan.text or n not in layers}


def _take(sheet: _Sheet, scan: Scan) -> None:
    """Put what was read off its picture in the place of a page's own text."""
    sheet.runs, sheet.tables, sheet.scan = list(scan.runs), list(scan.tables), scan
    sheet.turn = Turn(scan.quarters, sheet.width, sheet.height)
    sheet.characters = sum(map(str.isalnum, scan.text))


def _page(sheet: _Sheet, readable: bool) -> Page:
    if sheet.scan is None:
        return Page(sheet.number, sheet.width, sheet.height, readable)
    sure = sheet.scan.confidence
    return Page(sheet.number, sheet.width, sheet.height, readable, ocr=True, confidence=sure)


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    if path.stat().st_size == 0:
        raise ReportError("empty", "文件是空的（0 字节），请企业重新提交报告。")
    # PDFium keeps the error of an earlier file where this one fails without one of its own.
    pdfium_c.FPDF_LoadMemDocument(b" ", 1, None)
    try:
        pdf = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise _fault(error) from error
    try:
        count = len(pdf)  # at least one: PDFium opens none without
        if count > MAX_PAGES:
            raise ReportError(
                "too_large",
                f"PDF 共 {count} 页，超过上限 {MAX_PAGES} 页，请企业只提交社会责任报告本身。",
            )
        yield pdf
    finally:
        pdf.close()


def _fault(error: pdfium.PdfiumError) -> ReportError:
    if getattr(error, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return ReportError("encrypted", "PDF 设有打开密码，无法读取，请企业提交取消密码的版本。")
    return ReportError("damaged", "PDF 文件已损坏或不完整，无法打开，请企业核对后重新上传。")


def _read(pdf: pdfium.PdfDocument) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    characters = 0
    for index in range(len(pdf)):
        try:
            page = pdf[index]
        except pdfium.PdfiumError as error:
            raise ReportError(
                "damaged", f"PDF 第{index + 1}页已损坏，无法读取，请企业核对后重新上传。"
            ) from error
        try:
            sheets.append(_sheet(page, index + 1))
        finally:
            page.close()
        characters += sheets[-1].characters
        if characters > MAX_CHARACTERS:
            raise ReportError(
                "too_large",
                f"PDF 文字超过 {MAX_CHARACTERS // 10000} 万字，请企业只提交社会责任报告本身。",
            )
    return sheets


def _sheet(page: pdfium.PdfPage, number: int) -> _Sheet:
    frame = Frame.of(page)
    glyphs = read_glyphs(page, frame)
    turn = Turn.of(glyphs, frame)
    if turn.quarters:
        glyphs = read_glyphs(page, frame.turned(turn.quarters))
    drawing = read_drawing(page, frame.turned(turn.quarters))
    broken = glyphs.broken > _BROKEN and len(glyphs.text) >= LEAST_CHARACTERS
    runs, tables = ([], []) if broken else read_tables(drawing.rules, glyphs, number)
    return _Sheet(
        number,
        round(frame.width, 2),
        round(frame.height, 2),
        runs,
        tables,
        sum(map(str.isalnum, glyphs.text)),
        drawing.picture > _MOSTLY_PICTURE or drawing.paths > _MANY_PATHS,
        broken,
        glyphs.hidden > _HIDDEN and drawing.picture > _MOSTLY_PICTURE,
        turn,
    )


def _unreadable(sheets: list[_Sheet]) -> set[int]:
    body = body_size([run for sheet in sheets for run in sheet.runs])
    return {sheet.number for sheet in sheets if sheet.broken or _is_picture(sheet, body)}


def _is_picture(sheet: _Sheet, body: float) -> bool:
    if not sheet.pictured or sheet.characters >= LEAST_CHARACTERS:
        return False
    return not any(run.size >= _TITLE * body and len(run.text) >= 2 for run in sheet.runs)


def _no_words(sheets: list[_Sheet]) -> ReportError:
    if any(sheet.broken for sheet in sheets):
        reason = "PDF 的文字编码损坏，复制出来是乱码"
    elif any(sheet.pictured for sheet in sheets):
        reason = "报告全部是扫描图片，没有可读取的文字"
    else:
        return ReportError("empty", "PDF 的页面上没有任何文字，可能已损坏，请企业核对后重新提交。")
    wanted = "请企业提交由 Word 等直接导出的 PDF 或 Word 原件。"
    return ReportError("scanned", f"{reason}，{wanted}")


def _notes(sheets: list[_Sheet], bad: set[int], ocr: bool) -> PageNotes:
    broken = {sheet.number for sheet in sheets if sheet.broken}
    scans = {sheet.number: sheet.scan for sheet in sheets if sheet.scan}
    blank = {number for number, scan in scans.items() if not scan.text}
    return PageNotes(
        pictures=bad - broken,
        broken=bad & broken,
        scanned=scans.keys() - blank,
        doubtful={number for number, scan in scans.items() if scan.confidence < DOUBTFUL},
        blank=blank,
        limited=ocr,
    )


def _set_furniture_apart(sheets: list[_Sheet]) -> None:
    flags = running([(sheet.height, shown(sheet.runs, sheet.turn)) for sheet in sheets])
    for sheet, marks in zip(sheets, flags, strict=True):
        sheet.aside = [run for run, mark in zip(sheet.runs, marks, strict=True) if mark]
        sheet.runs = [run for run, mark in zip(sheet.runs, marks, strict=True) if not mark]


def _set_notes_apart(sheets: list[_Sheet]) -> None:
    body = body_size([run for sheet in sheets for run in sheet.runs])
    for sheet in sheets:
        if sheet.scan is None:  # sizes read off a picture are not that sure
            height = sheet.width if sheet.turn.quarters % 2 else sheet.height
            sheet.runs, sheet.notes = part_notes(sheet.runs, height, body)


def _flow(sheets: list[_Sheet]) -> list[Paragraph | Table | Run]:
    """Blocks of all pages in reading order, notes and furniture after the block they interrupt."""
    ordered = join_over_pages(paragraphs(list(chain.from_iterable(map(_ordered, sheets)))))
    waiting: dict[int, list[Paragraph | Run]]
    waiting = {sheet.number: [*sheet.notes, *lines_of(sheet.aside)] for sheet in sheets}
    out: list[Paragraph | Table | Run] = []
    for item in ordered:
        page = item.lines[0].page if isinstance(item, Paragraph) else item.page
        for number in [n for n in waiting if n < page]:
            out += waiting.pop(number)
        out.append(item)
    turns = {sheet.number: sheet.turn for sheet in sheets if sheet.turn.quarters}
    return put_back([*out, *chain.from_iterable(waiting.values())], turns)


def _ordered(sheet: _Sheet) -> list[Run | Table]:
    """Lines and tables of a page in reading order; titles set downwards at the side first."""
    names, titles = categories([run for run in sheet.runs if not run.upright])
    flow: list[Run | Table] = [*titles]
    level = [run for run in sheet.runs if run.upright]
    placed: list[Run | Table] = [*level, *names, *sheet.tables]
    for number, column in enumerate(reading_order(placed), start=1):
        for item in in_order(column):
            if isinstance(item, Run):
                item.column = number
            flow.append(item)
    return flow


def _outline(pdf: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """Levels of the file's own outline by (page, title without white space)."""
    levels: dict[tuple[int, str], int] = {}
    for mark in pdf.get_toc(max_depth=6):
        target = mark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            levels.setdefault((index + 1, "".join(mark.get_title().split())), mark.level)
    return levels
