"""Plain text reports: encoding, wrapped lines joined, headings, tables by tabs."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.extract.build import Piece, build
from pipeline.extract.numbering import is_contents_line, outline_rank
from pipeline.records import Document, ReportError

LARGEST = 32 * 2**20  # bytes; a long report has one MiB
_MOST_REPLACED = 0.01  # share of undecodable characters above which the codec is not the one
_NO_TEXT = ("Cc", "Cs", "Cn")  # control, surrogate, unassigned
_LOST = ("characters_lost", "有少量字符无法识别，已用“\ufffd”代替；请企业核对原件。")
_SAMPLE = 20_000  # characters looked at for them
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r\f"} | {0xFEFF: None}
_BREAKS = re.compile("\r\n|[\n\r\u2028\u2029]")
_PAGE_NUMBER = re.compile(
    r"[-—–~·|\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,3}\s*页?)?[-—–~·|\s]*"
)
_NUMBER_TAB = re.compile(
    r"\s*[(（]?[一二三四五六七八九十\d]{1,4}[、.．)）]+\t"
)  # "二、<tab>title": a number, not a cell
_REPEATS = 5  # a short line of the report's title that comes this often is a running header
_SENTENCE_END = "。！？；：!?;:…”」》"
_OPEN_END = "，、（《“「,/"  # no sentence ends so, whatever the length of the line
_PROSE = 28  # characters from which a line with commas is a sentence rather than a title
_PARAGRAPH_START = re.compile(
    r"公司|本公司|我们|集团|\d{4}\s*年|[-•●◆■★※>①-⑳（(【“]|\d+[、.．)）]|案例"
)
_FULL = 0.88  # share of the right margin from which a line may have been broken by it
_NARROWEST = 30  # display columns; shorter lines say nothing on where the text was wrapped


def decode(data: bytes) -> tuple[str, bool] | None:
    """Text of UTF-8, UTF-16 or GB18030 bytes.

    Args:
        data: The whole file.

    Returns:
        The text and whether every byte could be read, or None where it is no such text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _try(data, "utf-16")
    if b"\0" in data:
        # Text has no NUL; UTF-16 without its mark has one beside every ASCII character.
        even, odd = data[::2].count(0), data[1::2].count(0)
        return _try(data, "utf-16-le" if odd > even else "utf-16-be")
    return _try(data, "utf-8-sig") or _try(data, "gb18030")


def _try(data: bytes, codec: str) -> tuple[str, bool] | None:
    text = data.decode(codec, errors="replace")
    bad = text.count("\ufffd")
    start = text[:_SAMPLE]
    odd = sum(unicodedata.category(ch) in _NO_TEXT and ch not in "\t\n\r\f" for ch in start)
    if bad > _MOST_REPLACED * len(text) or odd > _MOST_REPLACED * len(start):
        return None
    return text, bad == 0


def extract_plain(path: Path, file: str, sha256: str) -> Document:
    """Read a plain text report.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.

    Returns:
        Its Document; pages only where form feeds record them, no boxes.

    Raises:
        ReportError: ``damaged`` for an unknown encoding, ``empty`` without any words.
    """
    if path.stat().st_size > LARGEST:
        raise ReportError("too_large", "文本文件异常庞大，未予打开，请企业只提交报告本身。")
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise ReportError(
            "damaged", "文本文件的编码无法识别，请企业另存为 UTF-8 文本或提交 Word、PDF 版本。"
        )
    text, whole = decoded
    warnings = () if whole else (_LOST,)
    pieces = _pieces(_lines(text.translate(_CONTROLS)))
    if not pieces:
        raise ReportError("empty", "文件中没有文字，请企业重新提交报告。")
    return build(file, sha256, "txt", pieces, warnings)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the file."""

    text: str
    page: int
    indented: bool
    tabbed: bool
    rank: int | None  # of a heading


def _lines(text: str) -> list[_Row]:
    """Lines with any words; blank lines say nothing reliable (some texts have them all over)."""
    rows = []
    feeds = text.rstrip("\f").split("\f")
    for number, page in enumerate(feeds, start=1):
        for raw in _BREAKS.split(page):
            if words := raw.strip():
                kept = raw.rstrip(" \r\u3000\xa0")
                tabbed = "\t" in kept and not _NUMBER_TAB.match(kept)
                indented = raw.startswith(("\u3000", "  ", "\t"))
                shown = kept.lstrip(" ") if tabbed else words
                page_number = number if len(feeds) > 1 else 0
                rows.append(_Row(shown, page_number, indented, tabbed, outline_rank(words)))
    return rows


def _pieces(rows: list[_Row]) -> list[Piece]:
    running = _running(rows)
    width = _wrap_width(rows)
    rows = [replace(row, rank=None) if _full(row, width) else row for row in rows]
    pieces: list[Piece] = []
    held: list[_Row] = []  # the open paragraph
    aside: list[Piece] = []  # running lines met inside it; they come after it

    def close() -> None:
        if held:
            pieces.append(_piece(held))
        pieces.extend(aside)
        held.clear()
        aside.clear()

    for i, row in enumerate(rows):
        if i in running:
            (aside if held else pieces).append(Piece("running", ((row.text, row.page),)))
            continue
        if held and not _continues(held[-1], row, width):
            close()
        held.append(row)
    close()
    return pieces


def _piece(rows: list[_Row]) -> Piece:
    lines = tuple((row.text, row.page) for row in rows)
    if rows[0].tabbed and (len(rows) > 1 or rows[0].text.strip().count("\t") > 1):
        return Piece("table", lines)
    if rows[0].rank is not None:
        return Piece("heading", lines, rank=rows[0].rank)
    return Piece("text", lines, joint="wrap")


def _continues(before: _Row, row: _Row, width: int | None) -> bool:
    """Whether the row goes on with the paragraph (or table) of the row before."""
    if before.tabbed or row.tabbed:
        return before.tabbed and row.tabbed
    if row.rank is not None or before.rank is not None:
        return False
    if before.text[-1] in _OPEN_END:
        return True
    if row.indented or before.text[-1] in _SENTENCE_END:
        return False
    return _full(before, width) or (width is None and _interrupted(before.text, row.text))


def _full(row: _Row, width: int | None) -> bool:
    return width is not None and _columns(row.text) >= _FULL * width


def _interrupted(before: str, after: str) -> bool:
    """Whether a page break cut a sentence in a text of one line a paragraph."""
    return (
        len(before) >= _PROSE
        and any(mark in before for mark in "，。；")
        and "\u4e00" <= before[-1] <= "\u9fff"
        and any(mark in after for mark in "。；")
        and not _PARAGRAPH_START.match(after)
    )


def _columns(text: str) -> int:
    """Width on screen: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _wrap_width(rows: list[_Row]) -> int | None:
    """Columns at which the text was wrapped, or None: one line a paragraph.

    Wrapped text has a right margin: hardly a line goes beyond it and many end just before.
    """
    widths = sorted(w for row in rows if (w := _columns(row.text)) >= _NARROWEST)
    if len(widths) < 8:
        return None
    margin = widths[int(0.95 * (len(widths) - 1))]
    near = sum(_FULL * margin <= w <= 1.06 * margin for w in widths)
    return margin if near >= 0.4 * len(widths) else None


def _running(rows: list[_Row]) -> set[int]:
    """Indices of page numbers, repeated report titles and contents lines with leaders."""
    masked = [re.sub(r"\d+", "0", row.text) for row in rows]
    often = {text for text, count in Counter(masked).items() if count >= _REPEATS and _title(text)}
    found = {i for i, text in enumerate(masked) if text in often}
    found |= {i for i, row in enumerate(rows) if _PAGE_NUMBER.fullmatch(row.text)}
    return found | {i for i, row in enumerate(rows) if is_contents_line(row.text)}


def _title(text: str) -> bool:
    words = text.lower()
    return len(text) <= 50 and any(mark in words for mark in ("报告", "report", "www."))
