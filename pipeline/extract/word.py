"""Word reports: .docx (and .docm, templates) by their XML, .doc through LibreOffice."""

from __future__ import annotations

import posixpath
import tempfile
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from lxml import etree

from pipeline.extract.build import Piece, build
from pipeline.extract.office import convert
from pipeline.extract.word_look import Fonts, promote, style_fonts
from pipeline.extract.word_numbers import Numbers, read_numbers
from pipeline.extract.word_styles import Styles, style_levels
from pipeline.extract.word_walk import Walker
from pipeline.records import Document, ReportError

LARGEST_XML = 64 * 2**20  # bytes of one XML part unpacked; a 400-page report has about 10 MiB
LARGEST_TOTAL = 2 * 2**30  # bytes of the whole package unpacked, pictures included
LARGEST_RATIO = 200  # unpacked to packed size of an XML part over 1 MiB; real ones reach 60

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = (  # the ISO "strict" flavour says the same in other namespaces
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_DAMAGED = ("damaged", "Word 文件已损坏，无法打开，请企业检查后重新提交。")
_ENCRYPTED = ("encrypted", "Word 文件设有打开密码，请企业取消密码后重新提交。")
_TOO_LARGE = (
    "too_large",
    "Word 文件解压后的内容异常庞大，未予打开，请企业精简后重新提交或提交 PDF 版本。",
)
_BROKEN = (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, zlib.error, EOFError, OSError)


def extract_word(path: Path, file: str, sha256: str) -> Document:
    """Read a Word report in the Open XML format.

    The package is read directly: python-docx loads every picture and refuses files with a
    dangling relationship, macros (.docm) or the strict flavour, all of which offices send.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.

    Returns:
        Its Document; pages where the file records rendered page breaks, no boxes.

    Raises:
        ReportError: ``damaged``, ``encrypted``, ``too_large`` or ``no_text``.
    """
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package)
            pieces = _walk(package)
    except (*_BROKEN, NotImplementedError, RuntimeError) as fault:
        raise ReportError(*_DAMAGED) from fault
    if not pieces:
        raise ReportError(
            "no_text", "Word 文件中没有可读的文字（可能只有图片），请企业提交文字版。"
        )
    return build(file, sha256, "docx", pieces)


def _check_sizes(package: zipfile.ZipFile) -> None:
    """Refuse archives that would fill the memory, by their directory, before unpacking."""
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise ReportError(*_ENCRYPTED)
    markup = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if (
        sum(part.file_size for part in parts) > LARGEST_TOTAL
        or any(part.file_size > LARGEST_XML for part in markup)
        or any(part.file_size > max(2**20, LARGEST_RATIO * part.compress_size) for part in markup)
    ):
        raise ReportError(*_TOO_LARGE)


def _walk(package: zipfile.ZipFile) -> list[Piece]:
    main = _related(package, "").get("officeDocument")
    if main is None:
        raise KeyError("no main document")
    related = _related(package, main)
    root = _parse(package, main)
    body = root.find(f"{_W}body")
    if body is None:
        raise KeyError("no body")
    paged = next(root.iter(f"{_W}lastRenderedPageBreak"), None) is not None
    levels, fonts, numbers = _styles(package, related)
    walker = Walker(levels, fonts, numbers, _notes(package, related), paged)
    walker.walk(body)
    return promote(walker.pieces, walker.looks)


def _parse(package: zipfile.ZipFile, name: str) -> etree._Element:
    data = package.read(name)
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    return etree.fromstring(data, parser)


def _related(package: zipfile.ZipFile, source: str) -> dict[str, str]:
    """Parts that ``source`` refers to, by the last word of the relationship's type."""
    folder, base = posixpath.split(source)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in package.namelist():
        return {}
    found = {}
    for rel in _parse(package, name):
        if rel.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, rel.get("Target", "")))
            found[posixpath.basename(rel.get("Type", ""))] = target.lstrip("/")
    return found


def _styles(package: zipfile.ZipFile, related: dict[str, str]) -> tuple[Styles, Fonts, Numbers]:
    root, numbering = (_part(package, related.get(name)) for name in ("styles", "numbering"))
    numbers = read_numbers(numbering, root)
    return ({}, {}, numbers) if root is None else (style_levels(root), style_fonts(root), numbers)


def _part(package: zipfile.ZipFile, name: str | None) -> etree._Element | None:
    return _parse(package, name) if name in package.namelist() else None


def _notes(
    package: zipfile.ZipFile, related: dict[str, str]
) -> dict[tuple[str, str], etree._Element]:
    found = {}
    for kind in ("footnote", "endnote"):
        name = related.get(f"{kind}s")
        if name in package.namelist():
            for note in _parse(package, name).iter(f"{_W}{kind}"):
                if note.get(f"{_W}type", "normal") == "normal":  # not the separator line
                    found[kind, note.get(f"{_W}id", "")] = note
    return found


def extract_doc(path: Path, file: str, sha256: str) -> Document:
    """Read a .doc (or RTF, WPS, ODT) report by letting LibreOffice convert it.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.

    Returns:
        Its Document, as ``extract_word`` gives.

    Raises:
        ReportError: ``no_converter`` without LibreOffice, ``timeout``, ``damaged``, and those
            of ``extract_word``.
    """
    with tempfile.TemporaryDirectory(prefix="zejian-doc-") as folder:
        converted = convert(path, Path(folder), "docx")
        return replace(extract_word(converted, file, sha256), media="doc")
