"""Pages whose reading order is known to the last character: real words, set by us.

One, two columns, and a designed page: a sidebar and a table. Lines are drawn in the order of
their height on the page, as layout programs may do, so that nothing but the places tells the
columns apart; two columns also one after the other, as most programs do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from likeness import Reference, sentences
from readers import Heading
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "STSong-Light"
_WIDTH, _HEIGHT = A4
_TOP, _BOTTOM, _LEFT = 770.0, 70.0, 60.0
_SIZE, _STEP = 10.5, 17.0
HEADER = "企业社会责任报告"
ROWS = [
    ["指标", "单位", "2015年", "2016年"],
    ["综合能耗", "吨标准煤", "1,204", "1,187"],
    ["用水量", "万吨", "36.5", "35.1"],
    ["员工培训", "人次", "2,310", "2,644"],
]

Line = tuple[float, float, str, float]  # x, y, words, size
Column = tuple[float, float, float, float]  # x, top, width, bottom


@dataclass(slots=True)
class _Page:
    lines: list[Line] = field(default_factory=list)
    shades: list[Column] = field(default_factory=list)
    tables: list[tuple[float, float, float]] = field(default_factory=list)  # x, y, width of a cell


def paragraphs(path: Path) -> list[str]:
    """The first long paragraphs of a text, a paragraph a line, without the blanks of its OCR."""
    lines = [" ".join(line.split()) for line in path.read_text("utf-8").splitlines()]
    return [line.replace(" ", "") for line in lines if len(line) >= 60][:24]


def layouts(texts: list[Path], folder: Path) -> Iterator[tuple[str, Path, Reference]]:
    """Files of each layout with what they say.

    Args:
        texts: Real reports as plain text, a paragraph a line.
        folder: Where the files are made.

    Yields:
        Name of the layout, the file, its reference.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    kinds = {
        "one column": _one,
        "two columns": _two,
        "two columns in turn": _two,
        "designed": _designed,
        "turned": _two,
    }
    for path in texts:
        long = paragraphs(path)
        for kind, lay in kinds.items():
            out = folder / f"{path.stem}-{kind.replace(' ', '-')}.pdf"
            pages, reference = _set(long, lay)
            if not kind.endswith("in turn"):
                for page in pages:
                    page.lines.sort(key=lambda line: (-line[1], line[0]))
            _draw(pages, out, turned=kind == "turned")
            yield kind, out, reference


Lay = Callable[[int], tuple[list[Column], list[Column]]]  # main columns and sidebars of a page


def _one(_: int) -> tuple[list[Column], list[Column]]:
    return [(_LEFT, _TOP, 475, _BOTTOM)], []


def _two(_: int) -> tuple[list[Column], list[Column]]:
    return [(_LEFT, _TOP, 222, _BOTTOM), (_LEFT + 252, _TOP, 222, _BOTTOM)], []


def _designed(number: int) -> tuple[list[Column], list[Column]]:
    """Sidebar to the right or left in turn; two columns above a table on every other page."""
    if number % 2:
        return [(_LEFT, _TOP, 310, _BOTTOM)], [(400, _TOP - 40, 130, 300)]
    return [(230, _TOP, 305, 250)], [(_LEFT, _TOP, 130, 260)]


def _set(texts: list[str], lay: Lay) -> tuple[list[_Page], Reference]:
    """Fill pages with the texts, one in four of them into the sidebars where there are any."""
    aside = texts[::4] if lay is _designed else []
    main = [text for i, text in enumerate(texts) if not aside or i % 4]
    pages: list[_Page] = []
    said: list[str] = []
    rows: list[list[str]] = []
    rest, spare = "", list(aside)
    while main or rest:
        page = _Page()
        columns, page.shades = lay(len(pages))
        apart: list[str] = []
        for side in page.shades:
            _fill(page, side, spare[:1], "", apart)
            del spare[:1]
        if page.shades and page.shades[0][0] < columns[0][0]:
            said, apart = [*said, *apart], []  # a sidebar to the left is read first
        for column in columns:
            rest = _fill(page, column, main, rest, said)
        if page.shades and len(pages) % 2 == 0:
            page.tables.append((230, 220.0, 76))
            rows += ROWS
            said.append("\n".join("\t".join(row) for row in ROWS))
        said += apart
        pages.append(page)
    text = "\n".join(said)
    prose = "\n".join(part for part in said if "\t" not in part)
    return pages, Reference(text, sentences(prose), rows, list[Heading](), [HEADER])


def _fill(page: _Page, column: Column, texts: list[str], rest: str, said: list[str]) -> str:
    """Set texts into a column until it is full; gives back what did not fit of the last."""
    x, y, width, bottom = column
    fresh = not rest
    while (rest or texts) and y > bottom:
        if fresh:
            rest = texts.pop(0)
            said.append("")
        indent = 2 * _SIZE if fresh else 0.0
        count = _fitting(rest, width - indent)
        page.lines.append((x + indent, y, rest[:count], _SIZE))
        said[-1] += rest[:count]
        rest, y = rest[count:], y - _STEP
        fresh = not rest
    return rest


def _fitting(text: str, width: float) -> int:
    """How many characters fill a line of this width."""
    used = 0.0
    for count, char in enumerate(text):
        used += pdfmetrics.stringWidth(char, _FONT, _SIZE)
        if used > width:
            return count
    return len(text)


def _draw(pages: list[_Page], out: Path, turned: bool) -> None:
    canvas = Canvas(str(out), pagesize=A4, invariant=True)
    for number, page in enumerate(pages, start=1):
        if turned:  # printed sideways, shown upright by the page's own rotation
            canvas.setPageRotation(90)
            canvas.translate(_HEIGHT, 0)
            canvas.rotate(90)
        _paint(canvas, page, number)
        canvas.showPage()
    canvas.save()


def _paint(canvas: Canvas, page: _Page, number: int) -> None:
    for x, top, width, bottom in page.shades:
        canvas.setFillGray(0.93)
        canvas.rect(x - 8, bottom - 8, width + 16, top - bottom + 28, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setFont(_FONT, 9)
    canvas.drawString(_LEFT, 805, HEADER)
    canvas.drawCentredString(_WIDTH / 2, 35, str(number))
    for x, y, words, size in page.lines:
        canvas.setFont(_FONT, size)
        canvas.drawString(x, y, words)
    for x, y, wide in page.tables:
        _table(canvas, x, y, wide)


def _table(canvas: Canvas, x: float, y: float, wide: float) -> None:
    for i, row in enumerate(ROWS):
        for j, words in enumerate(row):
            canvas.rect(x + j * wide, y - 22 * i, wide, 22)
            canvas.drawString(x + j * wide + 5, y - 22 * i + 7, words)
