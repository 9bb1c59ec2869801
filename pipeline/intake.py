"""From a folder of submitted files to the submissions to review and the files that are none."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.records import FileOutcome, FileStatus, Media, Registration, ReportError, Submission
from pipeline.registration import NAMES, match_rows, read_registration
from pipeline.sniff import LARGEST_FILE, is_system_file, refusal, sniff

LONGEST_ID = 80  # bytes of UTF-8; with the output folder before it a path stays below 260

_SKIPPED = (
    "not_report", "system_file", "registration", "registration_extra", "outside", "duplicate",
)  # fmt: skip
_SAME = "内容完全相同，本份未重复评审；如应是另一份报告，请企业重新提交。"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Intake:
    """What lies in the folder of a year."""

    submissions: tuple[Submission, ...]
    refused: tuple[FileOutcome, ...]  # failed: a report that cannot be taken; skipped: no report
    orphan_rows: tuple[Registration, ...] = ()  # registered, but no file came
    orphan_files: tuple[str, ...] = ()  # came, but not registered; empty without a registration


@dataclass(frozen=True, slots=True)
class _Report:
    file: str
    sha256: str
    media: Media


def take_in(folder: Path) -> Intake:
    """Find the reports of a folder, or take a single file.

    Args:
        folder: The folder of a year, walked in sorted order, or one report.

    Returns:
        Submissions, refused files, and what could not be matched with the registration.

    Raises:
        ReportError: ``not_found`` where there is no such folder or file.
    """
    if not folder.exists():
        raise ReportError("not_found", f"找不到文件夹或文件：{folder}")
    root = folder if folder.is_dir() else folder.parent
    closed: list[OSError] = []
    paths = list(_walk(folder, closed.append)) if folder.is_dir() else [folder]
    rows, refused, used = _registered(root) if folder.is_dir() else (None, [], set())
    refused += [_outcome(_relative(Path(fault.filename), root), "", "closed") for fault in closed]
    reports: list[_Report] = []
    first: dict[str, str] = {}
    for path in paths:
        if path in used:
            continue
        taken = _take(path, root, first)
        if isinstance(taken, _Report):
            reports.append(taken)
        else:
            refused.append(taken)
    pages = _loose_pages(reports)
    refused += [_outcome(one.file, one.sha256, "image") for one in pages]
    return _assemble([one for one in reports if one not in pages], refused, rows)


def _loose_pages(reports: list[_Report]) -> list[_Report]:
    """Pictures that lie together: pages of one scan, of which none is a report."""
    pictures = [one for one in reports if one.media == "image"]
    count = Counter(PurePosixPath(one.file).parent for one in pictures)
    return [one for one in pictures if count[PurePosixPath(one.file).parent] > 1]


def _walk(folder: Path, closed: Callable[[OSError], None]) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=closed):
        folders[:] = sorted((f for f in folders if not _is_system_folder(f)), key=_nfc)
        yield from (Path(place, name) for name in sorted(files, key=_nfc))


def _is_system_folder(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _registered(
    root: Path,
) -> tuple[tuple[Registration, ...] | None, list[FileOutcome], set[Path]]:
    """Rows of the registration, None without one; outcomes of its files; those files."""
    here = {_nfc(path.name).casefold(): path for path in root.iterdir() if path.is_file()}
    tables = [here[name] for name in NAMES if name in here]
    rows, outcomes = None, []
    for table in tables:
        code = "registration" if rows is None else "registration_extra"
        try:
            rows = read_registration(table) if rows is None else rows
            outcomes.append(_outcome(table.name, _digest(table), code))
        except ReportError as fault:
            outcomes.append(_failed(table.name, "", fault))
        except OSError:
            outcomes.append(_outcome(table.name, "", "unreadable"))
    return rows, outcomes, set(tables)


def _take(path: Path, root: Path, first: dict[str, str]) -> _Report | FileOutcome:
    """A report, or why it is none; ``first`` holds the file seen first of each digest."""
    file = _relative(path, root)
    if not _is_text(path.as_posix()):
        return _outcome(file, "", "bad_name")
    if is_system_file(path.name):
        return _outcome(file, "", "system_file")
    digest = ""
    try:
        _check_place(path, root)
        digest = _digest(path)
        media = sniff(path)
    except ReportError as fault:
        return _failed(file, digest, fault)
    except OSError:
        return _outcome(file, digest, "unreadable")
    if (same := first.setdefault(digest, file)) != file:
        return _failed(file, digest, ReportError("duplicate", f"与“{same}”{_SAME}"))
    return _Report(file, digest, media)


def _relative(path: Path, root: Path) -> str:
    """The path as shown; what is no text in it is replaced."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")


def _is_text(name: str) -> bool:
    return not any("\ud800" <= ch <= "\udfff" for ch in name)


def _check_place(path: Path, root: Path) -> None:
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise refusal("outside")
    if not path.is_file():
        raise refusal("unreadable")
    if path.stat().st_size > LARGEST_FILE:
        raise refusal("too_large")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _outcome(file: str, sha256: str, code: str) -> FileOutcome:
    return _failed(file, sha256, refusal(code))


def _failed(file: str, sha256: str, fault: ReportError) -> FileOutcome:
    status: FileStatus = "skipped" if fault.code in _SKIPPED else "failed"
    return FileOutcome(file, sha256, "", status, fault.code, fault.reason)


def _assemble(
    reports: list[_Report], refused: list[FileOutcome], rows: tuple[Registration, ...] | None
) -> Intake:
    matched, orphans = match_rows(rows or (), [report.file for report in reports])
    # A file that came but cannot be read, or came twice, is still what its row announced.
    came = [one.file for one in refused if one.status == "failed" or one.code == "duplicate"]
    _, orphans = match_rows(orphans, came)
    used: set[str] = set()
    submissions = tuple(
        _submission(report, matched.get(report.file, Registration()), used) for report in reports
    )
    unregistered = [report.file for report in reports if report.file not in matched]
    return Intake(
        submissions,
        tuple(sorted(refused, key=lambda one: _nfc(one.file))),
        orphans,
        tuple(unregistered) if rows is not None else (),
    )


def _submission(report: _Report, row: Registration, used: set[str]) -> Submission:
    name = row.company or PurePosixPath(report.file).stem
    wanted = f"{name}-{row.year}" if row.company and row.year else name
    return Submission(safe_id(wanted, used), report.file, report.sha256, report.media, row)


def safe_id(name: str, used: set[str]) -> str:
    """A folder name for a submission.

    Args:
        name: Company or file name.
        used: Ids given so far, in lower case; the new one is added.

    Returns:
        Letters (Chinese ones too), digits, ``-``, ``_`` and brackets of ``name``, at most
        LONGEST_ID bytes, unlike all used ones also where case does not count.
    """
    kept = "".join(ch if ch.isalnum() or ch in "-()（）" else "_" for ch in _nfc(name))
    base = re.sub(r"_+", "_", kept).strip("_-") or "report"
    base = f"report_{base}" if _RESERVED.match(base) else base
    number, wanted = 1, _cut(base, LONGEST_ID)
    while wanted.casefold() in used:
        number += 1
        wanted = f"{_cut(base, LONGEST_ID - len(str(number)) - 1)}-{number}"
    used.add(wanted.casefold())
    return wanted


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
