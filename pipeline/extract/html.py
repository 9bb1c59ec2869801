"""Web pages sent as reports, also those that Word saved: headings, paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from lxml import html as parser

from pipeline.extract.build import Piece, build
from pipeline.extract.numbering import outline_rank
from pipeline.extract.plain import decode
from pipeline.records import Document, ReportError

LARGEST = 64 * 2**20  # bytes; pages with pictures inside have a few MiB
_DROPPED = {"script", "style", "head", "noscript", "template", "svg", "nav", "select", "object"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "main", "header",
    "footer", "aside", "blockquote", "pre", "center", "figure", "figcaption", "body", "table",
    "form", "fieldset", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_STYLED = -10  # headings of the page stand further out than numbers in its text
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


def extract_html(path: Path, file: str, sha256: str) -> Document:
    """Read a web page; nothing it links to is fetched, no script is run.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.

    Returns:
        Its Document, without pages or boxes.

    Raises:
        ReportError: ``too_large``, ``damaged`` or ``no_text``.
    """
    if path.stat().st_size > LARGEST:
        raise ReportError("too_large", "网页文件异常庞大，未予打开，请企业提交 PDF 或 Word 版本。")
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise ReportError("damaged", "网页的编码无法识别，请企业提交 PDF 或 Word 版本。")
    pieces = list(_pieces(_parsed(_DECLARED.sub("", decoded[0]))))
    if not any(piece.text.strip() for piece in pieces):
        raise ReportError(
            "no_text",
            "网页中没有可读的文字（可能只有图片或要联网才能显示），请企业提交 PDF 或 Word 版本。",
        )
    return build(file, sha256, "html", pieces)


def _parsed(text: str) -> etree._Element:
    reader = parser.HTMLParser(  # without huge_tree: what is nested too deep is left out
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return parser.document_fromstring(text.encode("utf-8", "replace"), parser=reader)
    except (etree.ParserError, etree.XMLSyntaxError) as fault:
        raise ReportError("no_text", "网页是空的，请企业提交 PDF 或 Word 版本。") from fault


def _pieces(node: etree._Element) -> Iterator[Piece]:
    """Blocks in document order; words between blocks make a block of their own."""
    words = [node.text or ""]
    for child in node:
        if _is_inline(child):
            words.append("".join(_words(child)))
        else:
            yield from _text("".join(words), node.tag)
            words = []
            if child.tag == "table" and _is_data(child):
                yield Piece("table", tuple((row, 0) for row in _rows(child)))
            elif child.tag not in _DROPPED:
                yield from _pieces(child)
        words.append(child.tail or "")
    yield from _text("".join(words), node.tag)


def _is_inline(node: etree._Element) -> bool:
    return node.tag not in _BLOCKS | _DROPPED and not any(
        inner.tag in _BLOCKS for inner in node.iter() if inner is not node
    )


def _words(node: etree._Element) -> Iterator[str]:
    if node.tag in _DROPPED:
        return
    if node.tag == "br":
        yield "\n"
    yield node.text or ""
    for child in node:
        yield from _words(child)
        yield child.tail or ""


def _text(words: str, tag: str) -> Iterator[Piece]:
    for line in words.split("\n\n") if tag == "pre" else [words]:
        shown = " ".join(line.split())
        if not shown:
            continue
        rank = _rank(tag, shown)
        yield Piece("text" if rank is None else "heading", ((shown, 0),), rank=rank)


def _rank(tag: str, words: str) -> int | None:
    if re.fullmatch(r"h[1-6]", tag):
        return _STYLED + int(tag[1])
    return None if tag in ("li", "dd") else outline_rank(words)


def _is_data(table: etree._Element) -> bool:
    """Whether it is a table of cells rather than a frame around the page."""
    rows = [row for row in table.iter("tr") if len(row) > 1]
    return len(rows) > 1 and next(table.iterdescendants("table"), None) is None


def _rows(table: etree._Element) -> Iterator[str]:
    for row in table.iter("tr"):
        cells = [" ".join("".join(_words(cell)).split()) for cell in row]
        if any(cells):
            yield "\t".join(cells)
