"""Review one submission: through all the stages, in this process, to its files.

Whatever goes wrong with one report becomes its outcome with a reason; only faults of the
machine (memory, disk) are raised, because trying again may help.
"""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.choices import Configuration, open_matcher
from pipeline.doubts import DOUBTS, doubts
from pipeline.emit import Summary, Versions, read_document, summarise, write_report
from pipeline.emit.files import put
from pipeline.extract import extract
from pipeline.extract.ocr import ocr_version
from pipeline.frameworks import Framework, framework, framework_path
from pipeline.identity import complete
from pipeline.match import Matcher
from pipeline.programmes import programme
from pipeline.records import Document, FileOutcome, FileStatus, ReportError, Submission
from pipeline.score import score
from pipeline.segment import segment
from pipeline.versions import code_version, digest, extractor_version
from pipeline.workers import TooSlow

STATE = ".zejian"  # folder of OUT that holds what later runs need and no reader does
FILES = ("document.json", "findings.json", "sheet.html", "sheet.xlsx")
WRITTEN_IN = "sheet.xlsx"  # the file in which experts write
MACHINE_FAULTS = (MemoryError, OSError)
# Warnings of reports that were read to their end all the same.
NOTES = frozenset({"ocr_pages", "ocr_blank", *DOUBTS})


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to review, and where to."""

    submission: Submission
    path: Path
    out: Path  # the year's folder; the report's own is ``folder``
    configuration: Configuration

    @property
    def folder(self) -> Path:
        """OUT/<submission>."""
        return self.out / self.submission.id

    @property
    def picture_seconds(self) -> float:
        """Time it may take to read pages that are pictures, besides all other work."""
        ocr = self.configuration.ocr
        return ocr.seconds if ocr and self.submission.media == "pdf" else 0.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a review left: its outcome, its row of the overview and its files' digests."""

    outcome: FileOutcome
    summary: Summary | None = None  # None: the report failed
    extractor: str = ""
    files: tuple[tuple[str, str], ...] = ()  # (name, SHA-256) as written


RECEIPT = TypeAdapter(Receipt)


def review_file(job: Job) -> Receipt:
    """Review one submission and write its files.

    Returns:
        The receipt; of status ``failed`` with a Chinese reason where the report, or our own
        code, is at fault.

    Raises:
        MemoryError, OSError: the machine failed; try again.
    """
    try:
        return _review(job)
    except ReportError as fault:
        return failure(job, fault.code, fault.reason)
    except MACHINE_FAULTS:
        raise
    except Exception:
        note = Path(STATE, "errors", f"{job.submission.id}.txt")
        put(job.out / note, traceback.format_exc().encode())
        return failure(job, "internal", f"系统处理时出错，请把 {note} 发给维护人员。")


def failure(job: Job, code: str, reason: str) -> Receipt:
    """Receipt of a report that failed; sheets of an earlier run are withdrawn."""
    _set_aside(job)
    for name in FILES:
        (job.folder / name).unlink(missing_ok=True)
    _receipt_path(job).unlink(missing_ok=True)
    entry = job.submission
    return Receipt(FileOutcome(entry.file, entry.sha256, entry.id, "failed", code, reason))


def explain(fault: object) -> tuple[str, str]:
    """Code and Chinese reason of what kept a report from being reviewed to its end.

    Raises:
        TypeError: it is no fault of a machine or a report, but of our own.
    """
    if isinstance(fault, TooSlow):
        return "too_slow", "处理超过时限，已放弃；请检查文件，或调高 ZEJIAN_SECONDS_PER_REPORT。"
    if isinstance(fault, BrokenProcessPool):
        return "crashed", "处理该文件的进程意外终止，请企业重新导出报告后提交。"
    if isinstance(fault, MemoryError):
        return "memory", "内存不足，未能处理；请企业压缩图片后重新提交，或调高 ZEJIAN_MEMORY_MB。"
    if isinstance(fault, OSError):
        return "machine", f"读写文件出错（{fault.strerror or fault}），请检查磁盘后重试。"
    raise TypeError(f"a review ended with {fault!r}")


def intact(job: Job, receipt: Receipt) -> bool:
    """Whether the files of ``receipt`` still lie in OUT as it left them.

    sheet.xlsx only has to be there: what an expert wrote in it does not make it stale.
    """
    if _receipt(job) != receipt or not (job.folder / WRITTEN_IN).is_file():
        return False
    kept = (pair for pair in receipt.files if pair[0] != WRITTEN_IN)
    return all(_sha256(job.folder / name) == sha256 for name, sha256 in kept)


def versions(configuration: Configuration) -> Versions:
    """Versions of everything that produces a sheet; loads the matcher."""
    matcher = _matcher(configuration)
    return Versions(
        code=code_version(),
        encoder=f"{matcher.encoder.name} {matcher.encoder.digest[:8]}",
        matcher=matcher.version,
        frameworks=tuple(
            (framework(name).id, digest(framework_path(name).read_bytes()))
            for name in configuration.frameworks
        ),
        programme=programme(configuration.programme).id,
        ocr=ocr_version() if configuration.ocr else "",
        promise=matcher.policy.promise,
    )


def circumstances(job: Job, made_by: Versions) -> str:
    """Digest of all that decides on a report's files besides the bytes of the report."""
    rules = programme(job.configuration.programme).model_dump(mode="json")
    facts = [asdict(job.submission), asdict(made_by), rules]
    return digest(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())


def _review(job: Job) -> Receipt:
    document = _document(job)
    frameworks = _frameworks(job.configuration)
    matcher = _matcher(job.configuration)
    readings = matcher.read(segment(document))
    noted = _noted(job, document)
    concluded = score(
        complete(job.submission, document), noted, readings, frameworks, matcher.policy
    )
    aside = _set_aside(job)
    write_report(job.folder, document, concluded, frameworks, versions(job.configuration))
    if aside and _sha256(aside) == _sha256(job.folder / WRITTEN_IN):
        aside.unlink()  # nobody wrote in it: left by a run that was killed before its receipt
    receipt = Receipt(
        outcome=_outcome(job, noted.warnings),
        summary=summarise(concluded),
        extractor=_extractor(job),
        files=tuple((name, _sha256(job.folder / name)) for name in FILES),
    )
    put(_receipt_path(job), RECEIPT.dump_json(receipt))
    return receipt


def _outcome(job: Job, warnings: Sequence[tuple[str, str]]) -> FileOutcome:
    entry = job.submission
    lost = any(code not in NOTES for code, _ in warnings)
    status: FileStatus = "partial" if lost else "done"
    code = warnings[0][0] if warnings else ""
    reason = "".join(dict.fromkeys(sentence for _, sentence in warnings))
    return FileOutcome(entry.file, entry.sha256, entry.id, status, code, reason)


def _document(job: Job) -> Document:
    """The document of an earlier run where it fits, so that only matching is done again."""
    entry, receipt = job.submission, _receipt(job)
    if receipt and receipt.extractor == _extractor(job):
        known = dict(receipt.files).get("document.json")
        document = read_document(job.folder) if known == _sha256(job.folder / FILES[0]) else None
        if document and (document.file, document.sha256) == (entry.file, entry.sha256):
            return document
    return extract(job.path, entry.file, entry.sha256, entry.media, job.configuration.ocr)


def _noted(job: Job, document: Document) -> Document:
    noted = doubts(document, job.submission.registration.year)
    return replace(document, warnings=(*document.warnings, *noted))


def _extractor(job: Job) -> str:
    return extractor_version(ocr_version() if job.configuration.ocr else "")


def _set_aside(job: Job) -> Path | None:
    """Move a sheet.xlsx that is not as we left it (an expert's) to a name of its own."""
    sheet, receipt = job.folder / WRITTEN_IN, _receipt(job)
    if not sheet.is_file() or (receipt and dict(receipt.files)[WRITTEN_IN] == _sha256(sheet)):
        return None
    number = 1
    while (aside := sheet.with_name(f"sheet.edited-{number}.xlsx")).exists():
        number += 1
    os.replace(sheet, aside)
    return aside


def _receipt_path(job: Job) -> Path:
    return job.out / STATE / "receipts" / f"{job.submission.id}.json"


def _receipt(job: Job) -> Receipt | None:
    """The receipt of the last review into this folder; None if there is none we can read."""
    try:
        return RECEIPT.validate_json(_receipt_path(job).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _frameworks(configuration: Configuration) -> tuple[Framework, ...]:
    return tuple(framework(name) for name in configuration.frameworks)


@lru_cache(maxsize=1)
def _matcher(configuration: Configuration) -> Matcher:
    """Loaded once in a process: a second or more, and most of its memory."""
    return open_matcher(_frameworks(configuration), configuration.encoder)
