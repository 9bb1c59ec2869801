"""A report sent in a ZIP file: taken out where it is the only one, in a folder of ours.

Nothing is ever written under a name from the archive.
"""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.records import Document, ReportError
from pipeline.sniff import LARGEST_FILE, is_system_file, refusal, sniff

if TYPE_CHECKING:
    from pipeline.extract.ocr import Ocr

MOST_FILES = 500
LARGEST_UNPACKED = 2 * LARGEST_FILE  # bytes of all files together

# What a report comes as, readable or not; a web page or a text beside it only explains it.
_REPORTS = ("pdf", "docx", "doc", "encrypted", "damaged", "ofd", "presentation", "zip", "archive")
_LESSER = ("html", "txt", "image", "mail")
_READABLE = ("pdf", "docx", "doc", "html", "txt", "image")
_TOO_LARGE = (
    "too_large",
    "压缩包解压后的内容异常庞大，未予打开，请企业只提交一个 PDF 或 Word 文件。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the archive, unpacked."""

    name: str  # as shown
    path: Path  # where it was unpacked to
    kind: str  # media, or the code of the reason why it is none


def extract_zip(path: Path, file: str, sha256: str, ocr: Ocr | None) -> Document:
    """Read the only report in a ZIP file; archives within are not opened.

    Args:
        path: The file.
        file: Name shown to the office.
        sha256: Digest of the file.
        ocr: Read pages that are pictures, within these limits; None leaves them unread.

    Returns:
        Its Document, with a warning that says which file of the archive was read.

    Raises:
        ReportError: ``archive`` without a report, ``archive_several``, ``encrypted``,
            ``too_large``, ``damaged``, and those of the report itself.
    """
    from pipeline.extract import extract

    with tempfile.TemporaryDirectory(prefix="zejian-zip-") as folder:
        one, count = only_report(path, Path(folder))
        document = extract(one.path, file, sha256, one.kind, ocr)
    note = (
        "unpacked",
        f"报告取自压缩包中的“{one.name}”（包中共 {count} 个文件），其他文件未评审。",
    )
    return replace(document, media="zip", warnings=(note, *document.warnings))


def only_report(path: Path, folder: Path) -> tuple[Held, int]:
    """Unpack a ZIP file into ``folder``: its only report, and how many files it holds.

    Raises:
        ReportError: as ``extract_zip``, but for those of the report itself.
    """
    try:
        held = list(_unpack(path, folder))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise refusal("damaged") from fault
    return _only_report(held), len(held)


def _unpack(path: Path, folder: Path) -> Iterator[Held]:
    with zipfile.ZipFile(path) as package:
        names = {part: _shown(part) for part in package.infolist() if not part.is_dir()}
        parts = [part for part, name in names.items() if not _is_of_the_system(name)]
        if any(part.flag_bits & 1 for part in parts):
            raise refusal("encrypted")
        # What is unpacked of a part never exceeds what the directory says of it.
        if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise ReportError(*_TOO_LARGE)
        for number, part in enumerate(parts):
            into = folder / f"{number}{_suffix(names[part])}"
            yield Held(names[part], into, _kind(package, part, into))


def _shown(part: zipfile.ZipInfo) -> str:
    """Name of a part; Chinese Windows writes GBK without saying so."""
    name = part.filename
    if not part.flag_bits & 0x800:
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    return "".join(ch if ch.isprintable() else "�" for ch in unicodedata.normalize("NFC", name))


def _is_of_the_system(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or is_system_file(path.name)


def _suffix(name: str) -> str:
    """The extension, harmless: ``sniff`` tells data from text by it."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _kind(package: zipfile.ZipFile, part: zipfile.ZipInfo, into: Path) -> str:
    try:
        with package.open(part) as packed, into.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 2**20)
        return sniff(into)
    except ReportError as fault:
        return fault.code
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error):
        return "damaged"
    except OSError as fault:
        if fault.errno != errno.EINVAL:  # a part that should lie before the file's start
            raise
        return "damaged"


def _only_report(held: list[Held]) -> Held:
    found = [one for one in held if one.kind in _REPORTS]
    found = found or [one for one in held if one.kind in _LESSER]
    if len(found) > 1:
        names = "、".join(f"“{one.name}”" for one in found[:3]) + "等" * (len(found) > 3)
        raise ReportError(
            "archive_several",
            f"压缩包中有 {len(found)} 份文件（{names}），无法确定哪一份是"
            "报告；请解压后只把报告放入文件夹，分成几部分的请企业合并为一个文件后提交。",
        )
    if not found or found[0].kind == "zip":
        raise refusal("archive")
    if found[0].kind not in _READABLE:
        raise refusal(found[0].kind)
    return found[0]
