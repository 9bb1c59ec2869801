"""PDF samples by ReportLab: a plain report, and a designed one in two columns."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from samples.source import Block, Box, Figures, Heading, Source, Table, Text, paged
from samples.wrap import wrap

FONTS = Path(__file__).parent / "fonts"
BODY, BOLD = "SampleSans", "SampleSansBold"
_WIDTH, _HEIGHT = A4
_MARGIN = 62.0
_GAP = 22.0  # between two columns
_INK, _PALE, _RULE = HexColor("#1d4f73"), HexColor("#e8f0f5"), HexColor("#8aa3b3")
_TEXT = HexColor("#222222")
_SIZES = {1: 16.0, 2: 12.5, 3: 10.5}


def setup() -> None:
    """Register the fonts and fix what ReportLab would take from the clock."""
    rl_config.invariant = 1
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont(BODY, FONTS / "SampleSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, FONTS / "SampleSans-Bold.ttf"))


def build_pdf(source: Source) -> bytes:
    """The PDF of a sample; built until the pages named in it are those it has."""
    pages: dict[str, int] = {}
    for _ in range(4):
        report = _Report(source, pages)
        data = report.render()
        if report.found == pages:
            return data
        pages = report.found
    raise RuntimeError(f"{source.file}: page numbers do not settle")


class _Report(BaseDocTemplate):
    def __init__(self, source: Source, pages: dict[str, int]):
        self.source, self.pages, self.found = source, pages, {}
        self.stream = io.BytesIO()
        self.columns = 2 if source.look == "designed" else 1
        self.size, self.spread = (14.0, 1.9) if source.look == "bare" else (10.5, 1.62)
        self.column = (_WIDTH - 2 * _MARGIN - _GAP * (self.columns - 1)) / self.columns
        encrypt = StandardEncryption(source.password, strength=128) if source.password else None
        super().__init__(
            self.stream, pagesize=A4, title="".join(source.title), author=source.company,
            encrypt=encrypt, pageCompression=1,
        )  # fmt: skip
        cover = Frame(0, 0, _WIDTH, _HEIGHT)
        inner = [
            Frame(_MARGIN + i * (self.column + _GAP), 68, self.column, _HEIGHT - 140, 0, 0, 0, 0)
            for i in range(self.columns)
        ]
        self.addPageTemplates(
            [
                PageTemplate("cover", [cover], onPage=self._cover),
                PageTemplate("inner", inner, onPage=self._furniture),
            ]
        )

    def render(self) -> bytes:
        story: list[Flowable] = [NextPageTemplate("inner"), PageBreak()]
        if self.source.look == "bare":
            story = story[:1]
            self.pageTemplates.pop(0)
        for block in self.source.blocks:
            story += self._flow(block)
        self.build(story)
        return self.stream.getvalue()

    def afterFlowable(self, flowable: Flowable) -> None:
        self.found |= dict.fromkeys(getattr(flowable, "names", ()), self.page)

    # Pages

    def _cover(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        designed = self.columns == 2
        if designed:
            canvas.setFillColor(_INK)
            canvas.rect(0, _HEIGHT * 0.42, _WIDTH, _HEIGHT * 0.58, stroke=0, fill=1)
        canvas.setFillColor(white if designed else _INK)
        for number, line in enumerate(self.source.title):
            canvas.setFont(BOLD, 26 if number == 1 else 20)
            canvas.drawCentredString(_WIDTH / 2, _HEIGHT * 0.68 - 44 * number, line)
        canvas.setFont(BODY, 11)
        canvas.setFillColor(_INK)
        canvas.drawCentredString(_WIDTH / 2, 90, self.source.company)

    def _furniture(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont(BODY, 8.5)
        canvas.setFillColor(_RULE)
        canvas.setStrokeColor(_RULE)
        if self.source.header:
            canvas.drawString(_MARGIN, _HEIGHT - 48, self.source.header)
            canvas.line(_MARGIN, _HEIGHT - 54, _WIDTH - _MARGIN, _HEIGHT - 54)
        footer = self.source.footer.format(page=canvas.getPageNumber())
        canvas.drawCentredString(_WIDTH / 2, 40, footer)

    # Blocks

    def _flow(self, block: Block) -> list[Flowable]:
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Box):
            return [Spacer(0, 4), self._box(block), Spacer(0, 8)]
        if isinstance(block, Figures):
            return [Spacer(0, 8), self._figures(block), Spacer(0, 8)]
        return self._text(block)

    def _heading(self, block: Heading) -> list[Flowable]:
        size = _SIZES[block.level]
        words = self._paragraph(
            block.text, BOLD, size, self.column, color=_INK, before=size / 2, after=size / 2
        )
        words.names = tuple(name for name in (block.key, f"heading:{block.text}") if name)
        words.keepWithNext = 1
        return [words]

    def _text(self, block: Text) -> list[Flowable]:
        if block.kind == "break":
            return [PageBreak()]
        if block.kind == "toc":
            return [self._contents(), PageBreak()]
        if block.kind == "bullet":
            return [self._paragraph("• " + block.text, BODY, self.size, self.column)]
        return [self._paragraph(block.text, BODY, self.size, self.column, indent=2 * self.size)]

    def _paragraph(
        self, text: str, font: str, size: float, width: float, *, indent: float = 0,
        before: float = 0, after: float = 5, color: HexColor | None = None, align: int = 0,
    ) -> Paragraph:  # fmt: skip
        style = ParagraphStyle(
            "x", fontName=font, fontSize=size, leading=size * self.spread, firstLineIndent=indent,
            spaceBefore=before, spaceAfter=after, alignment=align, textColor=color or _TEXT,
        )  # fmt: skip
        lines = wrap(text, font, size, width - 0.5, indent)
        return Paragraph("<br/>".join(map(escape, lines)), style)

    def _contents(self) -> Flowable:
        rows = [
            (block, self.pages.get(f"heading:{block.text}", 0))
            for block in self.source.blocks
            if isinstance(block, Heading) and block.level < 3 and block.text != "目录"
        ]
        width = self.column - 24
        cells = [[self._leader(block, page, width)] for block, page in rows]
        style = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "TOP", "BOTTOM")]
        return Grid(cells, [self.column], style=style)

    def _leader(self, block: Heading, page: int, width: float) -> Paragraph:
        text = "　" * (block.level - 1) + block.text
        dots = (width - sum(pdfmetrics.stringWidth(s, BODY, 10) for s in (text, str(page)))) / 3
        dot = pdfmetrics.stringWidth(".", BODY, 10) / 3
        return self._paragraph(f"{text} {'.' * int(dots / dot)} {page}", BODY, 10, self.column * 2)

    def _table(self, block: Table) -> list[Flowable]:
        widths = self._widths(block)
        rows = [
            [
                self._cell(paged(cell, self.pages), width, head=n == 0)
                for cell, width in zip(row, widths, strict=True)
            ]
            for n, row in enumerate(block.rows)
        ]
        style = [
            ("GRID", (0, 0), (-1, -1), 0.5, _RULE),
            ("BACKGROUND", (0, 0), (-1, 0), _PALE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
        grid = Grid(rows, widths, style=style, repeatRows=1)
        if not block.caption:
            return [grid, Spacer(0, 10)]
        caption = self._paragraph(block.caption, BOLD, 9.5, self.column, before=3, align=1)
        caption.keepWithNext = 1
        return [caption, grid, Spacer(0, 10)]

    def _widths(self, block: Table) -> list[float]:
        columns = zip(*block.rows, strict=True)
        shares = [max(4, *(min(len(cell), 22) for cell in column)) for column in columns]
        return [self.column * share / sum(shares) for share in shares]

    def _cell(self, text: str, width: float, *, head: bool) -> Paragraph:
        return self._paragraph(text, BOLD if head else BODY, 9, width - 12, after=0)

    def _box(self, block: Box) -> Flowable:
        width = self.column - 20
        title = self._paragraph(block.lines[0], BOLD, 10.5, width, color=_INK)
        rest = [self._paragraph(line, BODY, 9.5, width) for line in block.lines[1:]]
        style = [("BACKGROUND", (0, 0), (-1, -1), _PALE), ("LINEBEFORE", (0, 0), (0, -1), 3, _INK)]
        style += [(f"{side}PADDING", (0, 0), (-1, -1), 9) for side in ("LEFT", "RIGHT", "TOP")]
        return KeepTogether([Grid([[[title, *rest]]], [self.column], style=style)])

    def _figures(self, block: Figures) -> Flowable:
        width = self.column / len(block.items)
        values = [self._paragraph(v, BOLD, 17, width, color=_INK, align=1) for v, _ in block.items]
        names = [self._paragraph(name, BODY, 8.5, width - 8, align=1) for _, name in block.items]
        flat = [(f"{side}PADDING", (0, 0), (-1, -1), 2) for side in ("LEFT", "RIGHT", "TOP")]
        style = [
            *flat,
            ("LINEABOVE", (0, 0), (-1, 0), 1.5, _INK),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
        return KeepTogether([Grid([values, names], [width] * len(block.items), style=style)])
