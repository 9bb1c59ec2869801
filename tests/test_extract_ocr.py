"""Pages that are pictures: read where that is wanted, and told of wherever they are quoted."""

import hashlib
import io
import json
import re
import sys
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from pipeline.choices import Configuration
from pipeline.extract import extract
from pipeline.extract.ocr import DOUBTFUL, Ocr
from pipeline.records import Document, ReportError, Submission
from pipeline.resources import shipped
from pipeline.review import Job, review_file
from pipeline.score import OCR_REASON

pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
SCAN = next(shipped("data", "samples").glob("*扫描*.pdf"))
TYPED = "公司全年处置一般固体废物三百吨，危险废物交由有资质的单位处置。"


def read(path: Path, ocr: Ocr | None = Ocr()) -> Document:  # noqa: B008
    return extract(path, path.name, "0" * 64, "pdf", ocr)


@pytest.fixture(scope="module")
def scan() -> Document:
    return read(SCAN)


@pytest.fixture(scope="module")
def source() -> list[str]:
    sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
    from samples.source import read_sources

    texts = [
        getattr(b, "text", "") for s in read_sources() if s.file == SCAN.name for b in s.blocks
    ]
    return [text for text in texts if text]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A page of text and a scanned page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 700, TYPED)
    canvas.showPage()
    canvas.save()
    pdf = pdfium.PdfDocument(stream.getvalue())
    pdf.import_pages(pdfium.PdfDocument(SCAN), [0])
    pdf.save(tmp_path / "mixed.pdf")
    return tmp_path / "mixed.pdf"


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_a_scan_is_read_in_order_with_headings_and_tables(
    scan: Document, source: list[str]
) -> None:
    found, wanted = bare(scan.text), [bare(text) for text in source]
    whole = sum(text in found for text in wanted)
    assert whole >= 0.9 * len(wanted)
    likeness = SequenceMatcher(None, "".join(wanted), found, autojunk=False)
    kept = sum(match.size for match in likeness.get_matching_blocks())
    assert kept >= 0.995 * len("".join(wanted))
    headings = [scan.text[b.start : b.end] for b in scan.blocks if b.kind == "heading"]
    assert headings == [
        "一、企业概况",
        "二、质量与服务",
        "三、职工权益",
        "四、环境保护",
        "五、诚信与公益",
        "六、下一步目标",
    ]
    table = next(scan.text[b.start : b.end] for b in scan.blocks if b.kind == "table")
    assert "上缴税金\t万元\t538\t512\n" in table


def test_every_character_of_a_scan_has_its_place(scan: Document) -> None:
    for block in scan.blocks:
        for line in block.lines:
            page = scan.pages[line.page - 1]
            assert line.box is not None
            x0, top, x1, bottom = line.box
            assert 0 <= x0 < x1 <= page.width
            assert 0 <= top < bottom <= page.height
            assert block.start <= line.start < line.end <= block.end


def test_the_pages_that_were_read_so_are_marked(scan: Document) -> None:
    assert all(page.readable and page.ocr for page in scan.pages)
    assert all(page.confidence is not None and page.confidence > 0.95 for page in scan.pages)
    assert [code for code, _ in scan.warnings] == ["ocr_pages"]
    assert "第1–3页" in scan.warnings[0][1]


def test_only_the_pages_that_need_it_are_read_so(mixed: Path) -> None:
    document = read(mixed)
    assert [page.ocr for page in document.pages] == [False, True]
    assert document.text.startswith(TYPED)
    assert "一、企业概况" in document.text


def test_pages_beyond_the_limit_are_named(scan: Document) -> None:
    short = read(SCAN, Ocr(pages=1))
    assert [page.readable for page in short.pages] == [True, False, False]
    assert [code for code, _ in short.warnings] == ["scanned_pages", "ocr_pages"]
    assert "第2–3页" in short.warnings[0][1]
    assert "上限" in short.warnings[0][1]


def test_pictures_stay_unread_where_that_is_not_wanted(mixed: Path) -> None:
    with pytest.raises(ReportError, match="scanned"):
        read(SCAN, None)
    assert [page.readable for page in read(mixed, None).pages] == [True, False]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_scan_put_sideways_or_upside_down_is_read_as_well(tmp_path: Path, degrees: int) -> None:
    page = pdfium.PdfDocument(SCAN)[0].render(scale=150 / 72).to_pil().convert("L")
    page.rotate(degrees, expand=True).save(tmp_path / "turned.pdf", "PDF", resolution=150)
    document = read(tmp_path / "turned.pdf")
    assert re.search(r"一、企业概况\n.*二、质量与服务\n", document.text, re.DOTALL)
    lines = [line for block in document.blocks for line in block.lines]
    tall = sum(ln.box[3] - ln.box[1] > ln.box[2] - ln.box[0] for ln in lines)
    assert (tall > len(lines) / 2) == (degrees != 180)
    if degrees == 180:  # what is read first stands lowest
        assert lines[0].box[1] > lines[-1].box[3]
    assert all(ln.box[2] <= document.pages[0].width for ln in lines)


def test_unclear_pictures_are_told_apart(tmp_path: Path) -> None:
    page = pdfium.PdfDocument(SCAN)[0].render(scale=0.45).to_pil().convert("L")
    poor = page.resize((page.width * 2, page.height * 2))
    poor.save(tmp_path / "poor.pdf", "PDF", resolution=65, quality=30)
    document = read(tmp_path / "poor.pdf")
    assert [code for code, _ in document.warnings] == ["ocr_doubtful"]
    assert document.pages[0].confidence < DOUBTFUL


def test_findings_from_a_scan_say_so(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(SCAN.read_bytes()).hexdigest()
    configuration = Configuration("shanghai-2023", ("gbt36000",), None, Ocr())
    job = Job(Submission("甲", SCAN.name, sha256, "pdf"), SCAN, tmp_path, configuration)
    receipt = review_file(job)
    assert (receipt.outcome.status, receipt.outcome.code) == ("done", "ocr_pages")
    findings = json.loads((job.folder / "findings.json").read_text("utf-8"))
    evidence = [e for f in findings["findings"] for e in (*f["evidence"], *f["nearest"])]
    assert evidence
    assert all(OCR_REASON in e["reasons"] for e in evidence)
    assert findings["versions"]["ocr"].startswith("rapidocr")


def over(folder: Path, words: str, font: str = "STSong-Light") -> Path:
    """The first page of the scan with words laid over it, unseen, as scanners do."""
    page = pdfium.PdfDocument(SCAN)[0].render(scale=150 / 72).to_pil().convert("L")
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(folder / "layer.pdf"), pagesize=A4)
    canvas.drawInlineImage(page, 0, 0, *A4)
    layer = canvas.beginText(72, 700)
    layer.setFont(font, 12)
    layer.setTextRenderMode(3)
    layer.textLines(words)
    canvas.drawText(layer)
    canvas.save()
    return folder / "layer.pdf"


LAID = "这是扫描软件附在图片上的文字，与图片上印的不是一回事，仅供检验。"


def test_a_text_layer_over_a_scan_is_trusted_or_read_again(tmp_path: Path) -> None:
    path = over(tmp_path, LAID)
    trusted = read(path)
    assert trusted.text == LAID
    assert not trusted.pages[0].ocr
    again = read(path, Ocr(redo=True))
    assert "一、企业概况" in again.text
    assert LAID not in again.text
    assert again.pages[0].ocr
    # Beyond the limit the layer is better than nothing.
    assert read(path, Ocr(redo=True, pages=0)).text == LAID


def test_a_broken_text_layer_is_read_off_the_picture(tmp_path: Path) -> None:
    broken = read(over(tmp_path, "\ue0a1\ue0b2\ue0c3\ue0d4\ue0e5" * 6))
    assert "一、企业概况" in broken.text
    assert [code for code, _ in broken.warnings] == ["ocr_pages"]


def test_a_stamp_on_a_scan_is_no_text_layer(tmp_path: Path) -> None:
    stamped = read(over(tmp_path, "第 1 页"))
    assert "一、企业概况" in stamped.text


def test_a_picture_without_text_is_no_scan(mixed: Path, tmp_path: Path) -> None:
    from PIL import Image

    Image.linear_gradient("L").resize((600, 800)).save(tmp_path / "photo.pdf", "PDF")
    with pytest.raises(ReportError, match="scanned"):
        read(tmp_path / "photo.pdf")
    pdf = pdfium.PdfDocument(mixed)
    pdf.import_pages(pdfium.PdfDocument(tmp_path / "photo.pdf"), [0])
    pdf.save(tmp_path / "all.pdf")
    document = read(tmp_path / "all.pdf")
    assert [code for code, _ in document.warnings] == ["ocr_pages", "ocr_blank"]
    assert document.pages[2].readable


@pytest.mark.parametrize("degrees", [0, 0.8])
def test_ruling_lines_of_a_scan_part_its_cells(tmp_path: Path, degrees: float) -> None:
    """As narrow as they are: words that wrap, figures that almost touch."""
    rows = [
        ["指标", "单位", "2015年", "2016年"],
        ["综合能\n耗", "吨标准\n煤", "1,204", "1,187"],
        ["用水量", "万吨", "36.5", "35.1"],
    ]
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "table.pdf"), pagesize=(260, 150))
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONT", (0, 0), (-1, -1), "STSong-Light", 11),
    ]
    table = Table(rows, colWidths=44, style=[*grid, ("LEFTPADDING", (0, 0), (-1, -1), 4)])
    table.wrapOn(canvas, 260, 150)
    table.drawOn(canvas, 40, 40)
    canvas.save()
    page = (
        pdfium.PdfDocument(tmp_path / "table.pdf")[0].render(scale=150 / 72).to_pil().convert("L")
    )
    scan = page.rotate(degrees, resample=2, fillcolor=255)
    scan.save(tmp_path / "scan.pdf", "PDF", resolution=150)
    document = read(tmp_path / "scan.pdf")
    (block,) = [b for b in document.blocks if b.kind == "table"]
    found = [row.split("\t") for row in document.text[block.start : block.end].split("\n")]
    assert found == [[cell.replace("\n", "") for cell in row] for row in rows]
