"""The registration table (报名表) of a year: read, and its rows matched to report files."""

from __future__ import annotations

import csv
import datetime
import io
import posixpath
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.extract.plain import decode
from pipeline.records import Registration, ReportError

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

NAMES = ("registration.xlsx", "registration.csv", "报名表.xlsx", "报名表.csv")
HEADERS: dict[str, tuple[str, ...]] = {  # field -> column titles, spaces and case aside
    "company": ("企业名称", "单位名称", "公司名称", "申报单位", "企业全称", "company"),
    "industry": ("所属行业", "行业", "行业类别", "industry"),
    "district": ("区", "所在区", "所属区", "区县", "所属地区", "district"),
    "association": (
        "推荐协会", "推荐单位", "推荐行业协会", "行业协会", "association", "recommendingassociation"
    ),
    "file": ("报告文件", "报告文件名", "文件名", "reportfile", "file"),
    "year": ("报告年度", "年份", "年度", "报告年份", "year", "reportyear"),
}  # fmt: skip
MOST_ROWS = 20_000
LARGEST, UNPACKED = 20 * 2**20, 200 * 2**20  # bytes of a table, packed and unpacked

_FIELDS = {title: name for name, titles in HEADERS.items() for title in titles}
# Whom to ring up is the office's business and no part of any output: never read.
_CONTACT = re.compile(
    r"联系|联络|电话|手机|传真|邮箱|邮件|邮编|邮政编码|微信|身份证|填表人|经办人|负责人|"
    r"mail|phone|mobile|contact|\btel\b|\bfax\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|总公司|分公司|公司|集团|股份)$")
_UNREADABLE = (
    "registration_unreadable",
    "登记表无法打开，请检查后另存为 .xlsx 或 UTF-8 编码的 .csv。",
)
_NO_COMPANY = ("registration_unreadable", "登记表中找不到“企业名称”一列，请按说明填写表头。")


def read_registration(path: Path) -> tuple[Registration, ...]:
    """Read the rows of a registration table.

    Args:
        path: An .xlsx or .csv file; titles may stand above the header row.

    Returns:
        A Registration for every row with a company or a file name, in order; unknown columns
        become its statistics, contact columns are dropped.

    Raises:
        ReportError: ``registration_unreadable``.
    """
    try:
        _check_size(path)
        is_csv = path.suffix.lower() == ".csv"
        sheets = [_csv_rows(path)] if is_csv else _xlsx_sheets(path)
    except Exception as fault:  # openpyxl lets whatever a strange file provokes through
        raise ReportError(*_UNREADABLE) from fault
    for rows in sheets:
        for number, row in enumerate(rows[:10]):
            if "company" in (titles := [_field(cell) for cell in row]):
                found = (_registration(row, titles, values) for values in rows[number + 1 :])
                return tuple(one for one in found if one.company or one.file)
    raise ReportError(*_NO_COMPANY)


def _check_size(path: Path) -> None:
    """Refuse what would fill the memory; the table is read outside of the workers."""
    size, most = path.stat().st_size, LARGEST
    if size <= most and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            size, most = sum(part.file_size for part in package.infolist()), UNPACKED
    if size > most:
        raise ValueError("too large")


def _csv_rows(path: Path) -> list[list[str]]:
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise ValueError("no text")
    text = decoded[0].lstrip("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    return [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]


def _xlsx_sheets(path: Path) -> list[list[list[str]]]:
    import openpyxl  # a fifth of a second, which one report without a table need not wait

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        return [_sheet_rows(sheet) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet_rows(sheet: ReadOnlyWorksheet) -> list[list[str]]:
    sheet.reset_dimensions()  # some writers state a wrong one, and rows would be lost
    return [[_shown(cell) for cell in row] for row in sheet.iter_rows(max_row=MOST_ROWS)]


def _shown(cell: Cell) -> str:
    """A cell as its reader sees it: percentages as such, whole numbers without ``.0``."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = "%" in (cell.number_format or "")
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    return str(value).strip()


def _plain(title: str) -> str:
    """A column title without spaces, case, units in brackets and marks of required fields."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"\(.*?\)|[\s*:_\-]", "", text)


def _field(title: str) -> str:
    """Field of a column: a Registration field, ``contact``, ``statistics`` or ``""``."""
    if _CONTACT.search(title):
        return "contact"
    return _FIELDS.get(_plain(title), "statistics" if title.strip() else "")


def _registration(header: Sequence[str], titles: list[str], values: Sequence[str]) -> Registration:
    given: dict[str, str] = {}
    statistics = []
    for title, name, value in zip(header, titles, values, strict=False):
        if name == "statistics" and value:
            statistics.append((" ".join(title.split()), value))
        elif name in HEADERS:
            given.setdefault(name, " ".join(value.split()))
    year = re.search(r"(?:19|20)\d\d", given.pop("year", ""))
    return Registration(
        **given, year=int(year.group()) if year else None, statistics=tuple(statistics)
    )


def match_rows(
    rows: Sequence[Registration], files: Iterable[str]
) -> tuple[dict[str, Registration], tuple[Registration, ...]]:
    """Find the file of each row: by its file name, else by the company in the file's path.

    Args:
        rows: Registration rows.
        files: Paths relative to the reviewed folder.

    Returns:
        Row by file, and the rows without one. Where two rows or two files could be meant,
        neither is taken: a wrong company on a sheet is worse than none.
    """
    files = list(files)
    taken = _one_to_one(_by_name(rows, files))
    left = [i for i in range(len(rows)) if i not in taken.values()]
    taken |= _one_to_one(_by_company(rows, left, [file for file in files if file not in taken]))
    found = set(taken.values())
    orphans = tuple(row for i, row in enumerate(rows) if i not in found)
    return {file: rows[i] for file, i in taken.items()}, orphans


def _one_to_one(pairs: list[tuple[str, int]]) -> dict[str, int]:
    files = Counter(file for file, _ in pairs)
    rows = Counter(i for _, i in pairs)
    return {file: i for file, i in pairs if files[file] == 1 and rows[i] == 1}


def _by_name(rows: Sequence[Registration], files: list[str]) -> list[tuple[str, int]]:
    called: dict[str, list[str]] = {}
    for file in files:
        for name in _names(file):
            called.setdefault(name, []).append(file)
    return [(file, i) for i, row in enumerate(rows) for file in called.get(_path(row.file), [])]


def _names(file: str) -> set[str]:
    """What a row may call a file: its path or its name, with or without extension."""
    path = _path(file)
    return {path, posixpath.splitext(path)[0]} | {
        posixpath.basename(path),
        posixpath.splitext(posixpath.basename(path))[0],
    }


def _path(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\\", "/").strip().casefold()


def _by_company(
    rows: Sequence[Registration], left: list[int], files: list[str]
) -> list[tuple[str, int]]:
    cores = {i: company_core(rows[i].company) for i in left}
    pairs = []
    for file in files:
        name = _letters(posixpath.splitext(file)[0])
        fits = {
            i: (len(core), str(rows[i].year) in name)
            for i, core in cores.items()
            if len(core) > 1 and core in name
        }
        best = max(fits.values(), default=None)  # the longer name: 甲电力建设 before 甲电力
        pairs += [(file, i) for i, fit in fits.items() if fit == best]
    return pairs


def company_core(company: str) -> str:
    """The name of a company without spaces, punctuation and legal endings, for comparison."""
    core, longer = _letters(company), ""
    while core != longer:
        core, longer = _ENDING.sub("", core), core
    return core


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in text if ch.isalnum())
