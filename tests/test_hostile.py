"""Files made to hurt: each costs itself, with a reason, and nothing else."""

import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest
from docx import Document as NewDocument
from pdfs import page_with, pdf, save, stream, words
from run import write_report, zejian

from pipeline.extract import extract
from pipeline.extract.ocr import Ocr
from pipeline.intake import take_in
from pipeline.records import ReportError
from pipeline.review import explain
from pipeline.sniff import LARGEST_FILE as LARGEST_REPORT
from pipeline.workers import LARGEST_FILE, Workers

MEMORY = 1536 * 2**20
NS = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zeros(count: int) -> bytes:
    """Compressed, without ever holding them."""
    packer = zlib.compressobj(1)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(count)), packer.flush()])


def bomb() -> bytes:
    """A content stream that unpacks twice, to 400 MiB."""
    packed = zlib.compress(zeros(400), 9)
    return page_with(b"").replace(
        stream(b""), stream(packed, b"/Filter[/FlateDecode/FlateDecode]"), 1
    )


def crowded() -> bytes:
    packed = zlib.compress(
        b"BT /F 1 Tf 72 700 Td " + b"(aaaaaaaaaaaaaaaaaaaa) Tj " * 40_000 + b"ET"
    )
    return page_with(b"").replace(stream(b""), stream(packed, b"/Filter/FlateDecode"), 1)


def form(content: bytes, inner: int) -> bytes:
    more = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % inner
    return stream(content, more)


def forms(depth: int, each: int) -> bytes:
    """Forms that draw the next one many times: each ** depth objects."""
    extra = [form(b"/X Do " * each, number + 1) for number in range(6, 6 + depth)]
    page = b"".join([b"/X Do "] * each)
    made = page_with(page, extra=(*extra, stream(b"0 0 1 1 re f", b"/Type/XObject/Subtype/Form")))
    return made.replace(b"/Resources<</Font", b"/Resources<</XObject<</X 6 0 R>>/Font", 1)


def shapes() -> bytes:
    packed = zlib.compress(b"0 0 5 5 re S\n" * 300_000)
    return page_with(b"").replace(stream(b""), stream(packed, b"/Filter/FlateDecode"), 1)


def pages(kids: bytes, count: int) -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )


def image(width: int) -> bytes:
    """A page that is one black picture of width x width dots."""
    data = zeros(width * width // 8 // 2**20 + 1)
    made = page_with(
        b"q 595 0 0 842 0 0 cm /I Do Q",
        extra=(
            stream(
                data,
                b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1"
                b"/ColorSpace/DeviceGray/Filter/FlateDecode" % (width, width),
            ),
        ),
    )
    return made.replace(b"/Resources<</Font", b"/Resources<</XObject<</I 6 0 R>>/Font", 1)


PDFS = {
    "bomb": bomb,
    "crowded page": crowded,
    "forms in forms": lambda: forms(8, 30),
    "many shapes": shapes,
    "page tree in itself": lambda: pages(b"2 0 R 2 0 R", 2),
    "a thousand million pages": lambda: pages(b"3 0 R", 10**9),
    "the same page again and again": lambda: pages(b"3 0 R " * 5000, 5000),
    "endless page": lambda: page_with(words("x")).replace(b"595 842", b"1e9 1e9"),
    "endless picture page": lambda: image(1000).replace(b"595 842]", b"9e5 9e5]"),
    "picture on a strip": lambda: (
        image(1000).replace(b"595 842]", b"9999 50]").replace(b"595 0 0 842", b"9999 0 0 50")
    ),
    "huge picture": lambda: image(40_000),
    "nested arrays": lambda: page_with(words("x"), page=b"/A " + b"[" * 5000 + b"]" * 5000),
    "nothing but a head": lambda: b"%PDF-1.7\n",
}


ENDS = {"read", "empty", "damaged", "scanned", "too_large", "MemoryError", "BrokenProcessPool"}


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with Workers(1, tmp_path_factory.mktemp("state") / "server.pid", MEMORY) as found:
        yield found


def outcome(workers: Workers, path: Path, media: str) -> str:
    try:
        workers.run(extract, path, path.name, "0" * 64, media, Ocr(), seconds=240)
    except ReportError as fault:
        return fault.code if "请" in fault.reason else "no request"
    except (BrokenProcessPool, MemoryError) as fault:
        return type(fault).__name__
    return "read"


@pytest.mark.parametrize("name", PDFS)
def test_a_hostile_pdf_costs_only_itself(workers: Workers, tmp_path: Path, name: str) -> None:
    path = save(tmp_path, PDFS[name]())
    assert path.stat().st_size < 2**20
    assert outcome(workers, path, "pdf") in ENDS
    good = save(tmp_path, page_with(words("a page that can be read")), "good.pdf")
    assert outcome(workers, good, "pdf") == "read"


def test_a_pdf_of_too_many_pages_is_not_read(workers: Workers, tmp_path: Path) -> None:
    path = save(tmp_path, PDFS["the same page again and again"]())
    assert outcome(workers, path, "pdf") == "too_large"


def fill_memory() -> int:
    return len(bytearray(4 * 2**30))


def fill_disk(path: Path) -> None:
    with path.open("wb") as stream:
        stream.seek(LARGEST_FILE - 1)
        stream.write(b"12")


def test_memory_and_output_have_their_limits(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(MemoryError) as full:
        workers.run(fill_memory, seconds=60)
    assert explain(full.value)[0] == "memory"
    with pytest.raises(OSError, match="File too large") as written:
        workers.run(fill_disk, tmp_path / "large", seconds=60)
    assert explain(written.value)[0] == "machine"
    assert workers.run(abs, -1, seconds=60) == 1


def docx(path: Path, body: bytes, doctype: bytes = b"") -> Path:
    NewDocument().save(path)
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    held["word/document.xml"] = (
        b'<?xml version="1.0"?>%s<w:document %s><w:body>%s</w:body></w:document>'
        % (doctype, NS, body)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in held.items():
            package.writestr(name, data)
    return path


def test_entities_in_word_are_not_expanded(workers: Workers, tmp_path: Path) -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12))
    doctype = b'<!DOCTYPE d [<!ENTITY l0 "ha">%s]>' % laughs
    text = b"<w:p><w:r><w:t>&l12;</w:t></w:r></w:p>"
    assert outcome(workers, docx(tmp_path / "a.docx", text, doctype), "docx") == "damaged"
    attribute = b'<w:p w:x="&l12;"><w:r><w:t>x</w:t></w:r></w:p>'
    assert outcome(workers, docx(tmp_path / "b.docx", attribute, doctype), "docx") == "damaged"


def test_word_nested_without_end_is_damaged(workers: Workers, tmp_path: Path) -> None:
    deep = b"<w:sdt><w:sdtContent>" * 400 + b"</w:sdtContent></w:sdt>" * 400
    assert outcome(workers, docx(tmp_path / "a.docx", deep), "docx") == "damaged"
    tables = b"<w:tbl><w:tr><w:tc>" * 80 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 80
    assert outcome(workers, docx(tmp_path / "b.docx", tables), "docx") == "no_text"


def test_text_without_end_is_too_large(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("社会责任。\n".encode() * 2_200_000)
    assert outcome(workers, tmp_path / "a.txt", "txt") == "too_large"
    (tmp_path / "b.txt").write_bytes(b"a line of a report\n" * 300_000)
    assert outcome(workers, tmp_path / "b.txt", "txt") == "too_large"


def test_an_archive_of_a_million_parts_is_not_listed(tmp_path: Path) -> None:
    entry = b"PK\1\2" + bytes(42)
    count = 200_000
    end = b"PK\5\6" + bytes(8) + (46 * count).to_bytes(4, "little") + bytes(6)
    (tmp_path / "a.docx").write_bytes(b"PK\3\4" + bytes(26) + entry * count + end)
    assert [one.code for one in take_in(tmp_path).refused] == ["too_large"]


SOFFICE = """#!/bin/sh
for last; do :; done
grep -q slow "$last" && echo $$ > "$0.slow" && exec sleep 600
kill -9 $PPID
"""
TOLD = {  # where the code is sure: the others end by memory or by time
    "crowded page.pdf": "too_large",
    "page tree in itself.pdf": "damaged",
    "slow.doc": "too_slow",
    "fatal.doc": "crashed",
    "vast.rtf": "memory",
    "堵住.txt": "machine",
}


def test_hostile_files_do_not_stop_the_others(tmp_path: Path) -> None:
    """A conversion that never ends, one at which the process dies, a folder that cannot be made."""
    (source := tmp_path / "in").mkdir()
    for name in ("bomb", "crowded page", "page tree in itself", "huge picture"):
        save(source, PDFS[name](), f"{name}.pdf")
    save(source, rb"{\rtf1 slow}", "slow.doc")
    save(source, rb"{\rtf1 fatal}", "fatal.doc")
    save(source, rb"{\rtf1 \fldinst", "vast.rtf")
    os.truncate(source / "vast.rtf", LARGEST_REPORT - 1)  # takes no room on the disk
    write_report(source / "堵住.txt", 9)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "堵住").touch()
    (programs := tmp_path / "bin").mkdir()
    save(programs, SOFFICE.encode(), "soffice").chmod(0o755)
    for number in range(3):
        write_report(source / f"好{number}.txt", number)
    told = zejian(
        *("review", source, "--out", tmp_path / "out", "--frameworks", "gbt36000", "--json"),
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
        ZEJIAN_SECONDS_PER_REPORT="60",
        ZEJIAN_MEMORY_MB="1280",
    )
    assert told.returncode == 3, told.stderr
    found = {one["file"]: one for one in json.loads(told.stdout)["files"]}
    assert len(found) == 11
    assert {file for file, one in found.items() if one["status"] == "done"} == {
        f"好{number}.txt" for number in range(3)
    }
    assert {file: found[file]["code"] for file in TOLD} == TOLD
    assert all("请" in one["reason"] for one in found.values() if one["status"] == "failed")
    assert ends(int((programs / "soffice.slow").read_text()))


def ends(process: int) -> bool:
    """Whether a process, if still there, ends within a few seconds."""
    try:
        psutil.Process(process).wait(10)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE  # nobody buries it
    return True
