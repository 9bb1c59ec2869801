"""What a file is, by its content; and the sentences that refuse what is no report."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import cast, get_args

from pipeline.extract.plain import decode
from pipeline.records import Media, ReportError

LARGEST_FILE = 500 * 2**20  # bytes; the largest designed report seen has about 100 MiB

_SAMPLE = 4 * 2**20  # bytes that tell whether a file is text
_ZIP_END = 2**16 + 22  # bytes in which a ZIP file tells where its directory is
_LARGEST_DIRECTORY = 8 * 2**20  # bytes: some 100,000 parts
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip
_MAIL = re.compile(rb"(?:MIME-Version|Received|Return-Path|From):", re.IGNORECASE)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
_ZIPPED: tuple[tuple[str, str], ...] = (
    ("word/document", "docx"),
    ("xl/workbook", "not_report"),
    ("ppt/presentation", "presentation"),
    ("OFD.xml", "ofd"),
    ("[Content_Types].xml", "unknown_type"),  # of the Office family, but none of those
)
_STREAMS: tuple[tuple[str, str], ...] = (  # names of the streams in an OLE file
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "not_report"),
    ("PowerPoint Document", "presentation"),
)
_MEDIA = get_args(Media)
_SYSTEM = re.compile(r"~\$|\.|thumbs\.db$|desktop\.ini$|.*\.(?:tmp|lnk|crdownload)$", re.IGNORECASE)
_OPEN = "application/vnd.oasis.opendocument."
_MANIFEST = "META-INF/manifest.xml"
_DATA_SUFFIXES = {
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".xml",
    ".yaml",
    ".yml",
    ".ini",
    ".log",
    ".py",
    ".md",
}
_REASONS = {
    "empty": "文件是空的，请企业重新提交报告。",
    "too_large": f"文件超过 {LARGEST_FILE // 2**20} MB，请企业压缩图片后重新提交。",
    "unreadable": "文件无法读取，请检查文件权限或请企业重新提交。",
    "closed": "文件夹无法打开，其中的文件未评审，请检查权限或缩短路径后再次运行。",
    "changed": "评审过程中文件被改动或移走，未予评审；请放好文件后再次运行同一命令。",
    "damaged": "文件已损坏，无法打开，请企业检查后重新提交。",
    "encrypted": "文件设有打开密码，请企业取消密码后重新提交。",
    "mail": "文件是网页存档或邮件，不是报告原件，请企业提交 PDF 或 Word 版本。",
    "image": "文件是图片，请企业提交 PDF 或 Word 版本的完整报告；扫描件请将各页合并为一个 PDF。",
    "archive": "文件是压缩包，请解压后把报告放入文件夹，或请企业只提交一个 PDF 或 Word 文件。",
    "presentation": "文件是演示文稿，请企业导出为 PDF 后提交。",
    "ofd": "文件是 OFD 版式文件，请企业导出为 PDF 后提交。",
    "unknown_type": "无法识别的文件类型，请企业提交 PDF、Word 或纯文本版本。",
    "bad_name": "文件名含有无法识别的字符，请改名后重新放入文件夹。",
    "outside": "快捷方式指向文件夹之外，未读取。",
    "not_report": "不是报告文件，未评审。",
    "system_file": "系统或临时文件，未评审。",
    "registration": "登记表，不作为报告评审。",
    "registration_extra": "文件夹中已有另一份登记表，本表未使用。",
}


def refusal(code: str) -> ReportError:
    """The error of a file that is refused unread, with what to tell the office."""
    return ReportError(code, _REASONS[code])


def is_system_file(name: str) -> bool:
    """Whether a file of that name (without folders) is the system's or a program's own."""
    return bool(_SYSTEM.match(unicodedata.normalize("NFC", name)))


def sniff(path: Path) -> Media:
    """Kind of a report by its content, never by its name.

    Args:
        path: A file.

    Returns:
        ``pdf``, ``docx``, ``doc`` (also RTF and ODT: the same converter reads them), ``html``,
        ``txt``, ``zip`` (whatever is in it) or ``image``.

    Raises:
        ReportError: Why it cannot be a report: ``empty``, ``mail``, ``archive``, ...
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    kind = _by_head(head) or _by_content(path, head)
    if kind not in _MEDIA:
        raise refusal(kind)
    return cast(Media, kind)


def _by_head(head: bytes) -> str:
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return "empty"
    if b"%PDF" in head[:1024] and not head.startswith((b"PK\3\4", _OLE)):  # nor held by those
        return "pdf"
    if head.startswith(b"{\\rtf") or b'progid="Word.Document"' in head:
        return "doc"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if _MAIL.match(head):
        return "mail"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def _by_content(path: Path, head: bytes) -> str:
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(_OLE):
        return _ole(path)
    with path.open("rb") as stream:
        decoded = decode(stream.read(_SAMPLE))
    if decoded is None:
        return "unknown_type"
    if path.suffix.lower() in _DATA_SUFFIXES:
        return "not_report"
    return "txt" if any(ch.isalnum() for ch in decoded[0]) else "empty"


def _zipped(path: Path) -> str:
    try:
        if _directory_size(path) > _LARGEST_DIRECTORY:
            return "too_large"
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            kind = _open_document(package) if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "damaged"
    found = (kind for part, kind in _ZIPPED if any(name.startswith(part) for name in names))
    return kind or next(found, "zip")


def _directory_size(path: Path) -> int:
    """Bytes of a ZIP file's directory as the file tells it; reading it takes many times that."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - _ZIP_END, 0))
        end = stream.read()
    at = end.rfind(b"PK\5\6")
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def _open_document(package: zipfile.ZipFile) -> str:
    """Kind of a package that names its own."""
    try:
        with package.open("mimetype") as stream:
            told = stream.read(100).decode("ascii", "replace")
        locked = _MANIFEST in package.namelist() and _is_locked(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error):
        return "damaged"
    if not told.startswith(_OPEN):
        return "unknown_type"  # of a kind that names itself: an e-book, a drawing
    kinds = {"text": "doc", "presentation": "presentation", "spreadsheet": "not_report"}
    kinds |= {"text": "encrypted"} if locked else {}
    return kinds.get(told.removeprefix(_OPEN).split("-")[0], "unknown_type")


def _is_locked(package: zipfile.ZipFile) -> bool:
    """Whether an OpenDocument's list of parts says how each is encrypted."""
    with package.open(_MANIFEST) as stream:
        return b":encryption-data" in stream.read(_LARGEST_DIRECTORY)


def _ole(path: Path) -> str:
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
        for name, kind in _STREAMS:
            if (entry := data.find(name.encode("utf-16-le"))) >= 0:
                return "encrypted" if kind == "doc" and _is_locked_word(data, entry) else kind
    return "unknown_type"


def _is_locked_word(data: mmap, entry: int) -> bool:
    """Whether Word encrypted the stream of this entry in the file's directory: a flag tells."""
    sector = int.from_bytes(data[entry + 116 : entry + 120], "little")
    start = (sector + 1) << min(data[30], 12)
    word, flags = data[start : start + 2], data[start + 11 : start + 12]
    return word == b"\xec\xa5" and bool(flags) and bool(flags[0] & 1)
