"""Small files of each kind, to be damaged by benchmarks/fuzz.py; in a fixed order."""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from pipeline.resources import shipped

Sample = tuple[str, bytes]  # kind, content
HTML = "<html><body><h1>社会责任报告</h1><table><tr><td>用水<td>12<tr><td>用电<td>3</table><p>公司"
_FILTERS = {"doc": "doc", "rtf": "rtf", "odt": "odt", "wordml": "xml:MS Word 2003 XML"}
_SHOWN = (1240, 600)  # pixels of a third of a page: a second's work


def plain() -> list[Sample]:
    """What is read by our own code and PDFium."""
    found: list[Sample] = []
    for path in sorted(shipped("data", "samples").iterdir()):
        if path.suffix in (".docx", ".txt"):
            found.append((path.suffix[1:], path.read_bytes()))
        elif path.suffix == ".pdf":
            found += [("pdf", page) for page in _page(path)]
    return [*found, ("html", HTML.encode()), ("zip", _archive("docx", _of(found, "docx")))]


def _of(found: list[Sample], kind: str) -> bytes:
    """The first sample of a kind."""
    return next(content for name, content in found if name == kind)


def _archive(kind: str, report: bytes) -> bytes:
    """A report as companies' mail programs pack it, with a note."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"材料/报告.{kind}", report)
        package.writestr("说明.txt", "请查收。")
    return packed.getvalue()


def _page(path: Path) -> list[bytes]:
    """A page from the middle of a PDF, as a file of its own; none of the one with a password."""
    try:
        whole = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return []
    part, packed = pdfium.PdfDocument.new(), BytesIO()
    part.import_pages(whole, [len(whole) // 2])
    part.save(packed)
    return [packed.getvalue()]


def pictured() -> list[Sample]:
    """What OCR reads: parts of a scanned page as pictures and as PDF, and a whole page."""
    (scan,) = shipped("data", "samples").glob("*扫描*.pdf")
    page = pdfium.PdfDocument(scan)[0]
    shown = page.render(scale=_SHOWN[0] / page.get_width()).to_pil().convert("L")
    part = shown.crop((0, 200, _SHOWN[0], 200 + _SHOWN[1]))
    images = [("image", _saved(part, form)) for form in ("PNG", "JPEG", "TIFF", "BMP", "GIF")]
    scans = [("scan", one) for one in (_saved(part, "PDF"), *_page(scan))]
    return [*images, *scans, ("zip", _archive("pdf", scans[0][1]))]


def _saved(picture: Image.Image, form: str) -> bytes:
    packed = BytesIO()
    picture.save(packed, form, **({"resolution": 150} if form == "PDF" else {}))
    return packed.getvalue()


def converted() -> list[Sample]:
    """What LibreOffice reads, made by it: not the same to the byte every time."""
    found = [sample for sample in plain() if sample[0] == "docx"][-2:]
    with tempfile.TemporaryDirectory(prefix="zejian-fuzz-") as folder:
        for number, (_, content) in enumerate(found):
            Path(folder, f"{number}.docx").write_bytes(content)
        sources = sorted(map(str, Path(folder).glob("*.docx")))
        for kind, told in _FILTERS.items():
            out = Path(folder, kind)
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            command = ["soffice", "--headless", profile, "--convert-to", told, "--outdir", str(out)]
            subprocess.run([*command, *sources], check=True, capture_output=True)
            found += [(kind, path.read_bytes()) for path in sorted(out.iterdir())]
    # A web page is LibreOffice's where it says that it is Word's.
    html = HTML.replace("<html>", '<html><!-- progid="Word.Document" -->').encode()
    return [*found, ("html", html), ("zip", _archive("doc", _of(found, "doc")))]
