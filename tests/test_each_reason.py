"""Sentences that no other test has a file for: each is told of a real one."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as NewDocument
from pdfs import page_with, pdf, save, words

from pipeline.extract import extract, html
from pipeline.extract import pdf as pdfs
from pipeline.intake import take_in
from pipeline.records import ReportError
from pipeline.sniff import LARGEST_FILE


def large(path: Path, head: bytes, size: int) -> Path:
    """A file of that size that takes no room on the disk."""
    path.write_bytes(head)
    os.truncate(path, size)
    return path


def locked(folder: Path) -> Path:
    """A Word file whose parts say that they are encrypted, as archive programs do it."""
    packed = io.BytesIO()
    NewDocument().save(packed)
    with zipfile.ZipFile(packed) as package:
        places = [part.header_offset for part in package.infolist()]
        directory = package.start_dir
    data = bytearray(packed.getvalue())
    for place in places:
        data[place + 6] |= 1
    for _ in places:
        directory = data.index(b"PK\1\2", directory) + 4
        data[directory + 4] |= 1
    return save(folder, bytes(data), "a.docx")


def pages(kids: bytes, count: int) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", tree, page)


def folder(path: Path) -> Path:
    """Of which one file is a pipe, one a link to nowhere, and one larger than any report."""
    os.mkfifo(path / "管道.pdf")
    (path / "链接.pdf").symlink_to(path / "没有.pdf")
    large(path / "巨大.pdf", b"%PDF-1.7\n", LARGEST_FILE + 1)
    return path


def test_files_that_cannot_be_opened_or_are_too_large(tmp_path: Path) -> None:
    told = {one.file: (one.code, one.reason) for one in take_in(folder(tmp_path)).refused}
    assert {file: code for file, (code, _) in told.items()} == {
        "管道.pdf": "unreadable",
        "链接.pdf": "unreadable",
        "巨大.pdf": "too_large",
    }
    assert "检查文件权限" in told["管道.pdf"][1]
    assert "超过 500 MB" in told["巨大.pdf"][1]


@pytest.mark.parametrize(
    ("make", "media", "code", "said"),
    [
        (lambda f: save(f, pages(b"3 0 R 9 0 R", 2)), "pdf", "damaged", "PDF 第2页已损坏"),
        (lambda f: save(f, pages(b"", 0)), "pdf", "damaged", "PDF 文件已损坏或不完整"),
        (lambda f: save(f, b""), "pdf", "empty", "0 字节"),
        (lambda f: save(f, "　　\n".encode()), "txt", "empty", "文件中没有文字"),
        (lambda f: save(f, b"<!doctype html>"), "html", "no_text", "网页是空的"),
        (locked, "docx", "encrypted", "Word 文件设有打开密码"),
        (
            lambda f: large(f / "a.html", b"<html>", html.LARGEST + 1),
            "html",
            "too_large",
            "网页文件异常庞大",
        ),
    ],
    ids=["page", "no page", "no bytes", "blanks", "no page at all", "locked", "web page"],
)
def test_reports_that_cannot_be_read(
    tmp_path: Path, make: Callable[[Path], Path], media: str, code: str, said: str
) -> None:
    with pytest.raises(ReportError) as caught:
        extract(make(tmp_path), "x", "0" * 64, media)
    assert (caught.value.code, said in caught.value.reason) == (code, True)


def test_a_locked_report_says_nothing_of_the_next(tmp_path: Path) -> None:
    (there,) = (Path(__file__).parent.parent / "data/samples").glob("*蓼江*.pdf")
    broken = save(tmp_path, pages(b"", 0))
    for path, code in ((broken, "damaged"), (there, "encrypted"), (broken, "damaged")):
        with pytest.raises(ReportError) as caught:
            extract(path, "x", "0" * 64, "pdf")
        assert caught.value.code == code


def test_a_pdf_of_more_words_than_any_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdfs, "MAX_CHARACTERS", 20)
    with pytest.raises(ReportError, match="too_large"):
        extract(save(tmp_path, page_with(words("x" * 30))), "x", "0" * 64, "pdf")
