"""Reports that come in by web: checked like those of a folder, then put where reviews read.

What a browser sends is first kept apart in a folder of its own; nothing of it gets a name or a
place that the sender chose.
"""

from __future__ import annotations

import csv
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import openpyxl

from pipeline.desk.store.accounts import Refused
from pipeline.intake import safe_id, take_in
from pipeline.records import Registration, Submission
from pipeline.registration import HEADERS, NAMES, read_registration
from pipeline.sniff import LARGEST_FILE

SUFFIXES = {"pdf": ".pdf", "docx": ".docx", "doc": ".doc", "html": ".html", "txt": ".txt"}
LEAST_FREE = 256 * 2**20  # bytes on the disk below which nothing is taken in
KEPT = ".versions"  # folder of the materials for files that newer ones replaced; intake skips it
_TITLES = {
    "company": "企业名称", "year": "报告年度", "industry": "所属行业", "district": "所在区",
    "association": "推荐单位", "file": "报告文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that passed the checks and lies among the materials."""

    submission: Submission
    replaced: bool  # whether an earlier version was put aside


@contextmanager
def received(home: Path, stream: BinaryIO, name: str) -> Iterator[Path]:
    """An upload in a folder of its own, under a harmless name with the sender's extension."""
    home.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(home).free < LEAST_FREE:
        raise Refused("服务器磁盘空间不足，请联系评审办公室。")
    plain = unicodedata.normalize("NFC", name)
    suffix = "".join(ch for ch in Path(plain).suffix.lower() if ch.isascii() and ch.isalnum())[:8]
    with TemporaryDirectory(dir=home) as folder:
        path = Path(folder, f"report.{suffix}" if suffix else "report")
        with path.open("wb") as into:
            shutil.copyfileobj(stream, into, 2**20)
        yield path


def checked(path: Path) -> Submission:
    """The upload as intake sees it; Refused with intake's own reason where it is no report."""
    if path.stat().st_size > LARGEST_FILE:
        raise Refused("文件太大。")
    found = take_in(path)
    if found.submissions:
        return found.submissions[0]
    reasons = (one.reason for one in found.refused if one.reason)
    raise Refused(next(reasons, "这个文件不是报告（PDF、Word、网页或纯文本）。"))


def put_in(
    materials: Path, path: Path, told: Registration, old: str = "", discreet: bool = False
) -> Taken:
    """Put a checked upload among the materials and its row into the registration.

    Args:
        materials: The year's folder.
        path: The upload.
        told: Who hands it in; ``file`` is ignored.
        old: File that it replaces, relative to ``materials``; put aside as a version.
        discreet: Whether who hands in must not learn the names of others' files.

    Raises:
        Refused: it is no report, or the very file is there already.
    """
    entry = checked(path)
    materials.mkdir(parents=True, exist_ok=True)
    _demand_new(materials, entry, discreet)
    wanted = safe_id(f"{told.company}-{told.year}" if told.year else told.company, set())
    if old and (materials / old).is_file():
        wanted = Path(old).with_suffix("").as_posix()  # keeps the submission's id
        _put_aside(materials, old)
    suffix = SUFFIXES.get(entry.media, path.suffix)  # archives and pictures keep the sender's
    name = _free(materials, wanted, suffix)
    shutil.move(path, materials / name)
    _register(materials, told, name)
    return Taken(_found(materials, name), bool(old))


def _demand_new(materials: Path, entry: Submission, discreet: bool) -> None:
    """Refused where the same bytes lie there already."""
    for one in take_in(materials).submissions:
        if one.sha256 == entry.sha256:
            named = "文件" if discreet else f"“{one.file}”"
            raise Refused(f"与已提交的{named}内容完全相同。")


def _put_aside(materials: Path, old: str) -> None:
    aside = materials / KEPT
    aside.mkdir(exist_ok=True)
    path = materials / old
    (materials / old).rename(aside / _free(aside, path.stem, path.suffix))


def _free(folder: Path, stem: str, suffix: str) -> str:
    names = (f"{stem}{'' if n == 1 else f'-{n}'}{suffix}" for n in range(1, 10_000))
    return next(name for name in names if not (folder / name).exists())


def _found(materials: Path, name: str) -> Submission:
    taken = take_in(materials)
    for one in taken.submissions:
        if one.file == name:
            return one
    told = next((one.reason for one in taken.refused if one.file == name), "")
    raise Refused(told or "文件没有收到，请重试。")


def put_registration(materials: Path, path: Path) -> int:
    """Make an uploaded table the registration of the year; the former one is put aside.

    Returns:
        How many rows it has. Raises ReportError where it cannot be read.
    """
    rows = read_registration(path)
    materials.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        if (materials / name).is_file():
            _put_aside(materials, name)
    shutil.move(path, materials / f"registration{path.suffix}")
    return len(rows)


def _register(materials: Path, told: Registration, name: str) -> None:
    """A row for the report, unless one names the company; the office's own columns stay."""
    table = next((materials / n for n in NAMES if (materials / n).is_file()), None)
    if table is None:
        book = openpyxl.Workbook()
        book.create_sheet("登记", 0).append(list(_TITLES.values()))
        table = materials / NAMES[0]
        book.save(table)
    known = read_registration(table)
    if any((one.company, one.year) == (told.company, told.year) for one in known):
        return
    values = {"company": told.company, "year": told.year or "", "industry": told.industry}
    values |= {"district": told.district, "association": told.association, "file": name}
    (_append_csv if table.suffix == ".csv" else _append_xlsx)(table, values)


def _append_xlsx(table: Path, values: dict[str, str | int]) -> None:
    book = openpyxl.load_workbook(table)
    for sheet in book.worksheets:
        for number in range(1, min(sheet.max_row, 10) + 1):
            heads = [str(cell.value or "") for cell in sheet[number]]
            if "company" in (fields := [_field(head) for head in heads]):
                row = sheet.max_row + 1
                for column, field in enumerate(fields, 1):
                    if field in values:
                        cell = sheet.cell(row, column)
                        cell.value = values[field]
                        cell.data_type = "n" if isinstance(values[field], int) else "s"
                book.save(table)
                return


def _append_csv(table: Path, values: dict[str, str | int]) -> None:
    raw = table.read_text("utf-8-sig")
    heads = next((h for h in csv.reader(raw.splitlines()) if "company" in map(_field, h)), [])
    told = {name: str(value).lstrip("=+-@\t\r") for name, value in values.items()}  # no formulas
    row = [told.get(_field(head), "") for head in heads]
    with table.open("a", encoding="utf-8", newline="") as into:
        into.write("" if raw.endswith("\n") else "\n")
        csv.writer(into).writerow(row)


def _field(head: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", head).split()).casefold()
    return next((name for name, titles in HEADERS.items() if plain in titles), "")
