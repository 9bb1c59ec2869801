"""Review one submission: through all the stages, in this process, to its files.

Whatever goes wrong with one report becomes its outcome with a reason; only faults of the
machine (memory, disk) are raised, because trying again may help.
"""

from __future__ import annotations

import gc
import json
import traceback
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.choices import Configuration, open_matcher
from pipeline.conclude import conclude
from pipeline.decisions import Decision
from pipeline.doubts import DOUBTS, doubts
from pipeline.emit import Versions, read_document, summarise, write_report
from pipeline.emit.decisions import NAME as DECISIONS
from pipeline.emit.decisions import read_decisions
from pipeline.emit.files import put
from pipeline.extract import extract
from pipeline.extract.ocr import read_by
from pipeline.frameworks import Framework, framework, framework_path
from pipeline.identity import complete
from pipeline.match import Matcher, matcher_facts
from pipeline.override import apply_overrides
from pipeline.past import last_report, sent_before, state_of
from pipeline.programmes import programme
from pipeline.receipts import (
    FILES,
    STATE,
    Receipt,
    as_left,
    drop_twin,
    file_digests,
    read_receipt,
    receipt_path,
    set_aside,
    sha256_of,
    up_to_date,
    write_receipt,
)
from pipeline.records import Document, FileOutcome, FileStatus, ReportError, Submission
from pipeline.reissue import renew
from pipeline.segment import segment
from pipeline.sniff import refusal
from pipeline.versions import code_version, digest, extractor_version
from pipeline.workers import TooSlow

MACHINE_FAULTS = (MemoryError, OSError)
# Warnings of reports that were read to their end all the same.
NOTES = frozenset({"unpacked", "ocr_pages", "ocr_blank", *DOUBTS})


class OtherVersion(Exception):
    """Another machine reviewed, with other code, models or guidelines than were asked for."""


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
        return ocr.seconds if ocr and self.submission.media in ("pdf", "zip", "image") else 0.0


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
    if job.folder.is_dir():  # where something else is in its place, that stays
        set_aside(job.folder, read_receipt(job.out, job.submission.id))
        for name in FILES:
            (job.folder / name).unlink(missing_ok=True)
    receipt_path(job.out, job.submission.id).unlink(missing_ok=True)
    entry = job.submission
    return Receipt(FileOutcome(entry.file, entry.sha256, entry.id, "failed", code, reason))


def explain(fault: object) -> tuple[str, str]:
    """Code and Chinese reason of what kept a report from being reviewed to its end.

    Raises:
        TypeError: it is no fault of a machine or a report, but of our own.
    """
    if isinstance(fault, TooSlow):
        return "too_slow", "处理超过时限，已放弃；请检查文件，或调高 ZEJIAN_SECONDS_PER_REPORT。"
    if isinstance(fault, OtherVersion):
        return "other_version", "处理它的机器上程序或指南与本机不同，请更新后重启其 Dask 工作进程。"
    if isinstance(fault, BrokenProcessPool):
        return "crashed", "处理该文件的进程意外终止，请企业重新导出报告后提交。"
    if isinstance(fault, MemoryError):
        return "memory", "内存不足，未能处理；请企业压缩图片后重新提交，或调高 ZEJIAN_MEMORY_MB。"
    if isinstance(fault, OSError):
        return "machine", f"读写文件出错（{fault.strerror or fault}），请检查磁盘后重试。"
    raise TypeError(f"a review ended with {fault!r}")


def kept(job: Job, made_by: Versions) -> Receipt | None:
    """What lies in OUT for a report reviewed before by ``made_by``; None to review it again."""
    found = read_receipt(job.out, job.submission.id)
    if found is None or found.circumstances != circumstances(job, made_by):
        return None
    return found if as_left(job.out, found) and up_to_date(job.out, found) else None


def warm(configuration: Configuration) -> None:
    """Load the matcher, so that the first report does not wait for it.

    Raises:
        BadUse: the encoder cannot be had.
    """
    _matcher(configuration)


def versions(configuration: Configuration) -> Versions:
    """Versions of everything that produces a sheet."""
    matcher, asked = matcher_facts(configuration.encoder), programme(configuration.programme)
    return Versions(
        code=code_version(),
        encoder=matcher.encoder,
        matcher=matcher.version,
        frameworks=tuple(
            (framework(name).id, digest(framework_path(name).read_bytes()))
            for name in configuration.frameworks
        ),
        programme=asked.id,
        ocr=read_by(configuration.ocr),
        promise=matcher.promise,
        title=asked.title,
    )


def circumstances(job: Job, made_by: Versions) -> str:
    """Digest of all that decides on a report's files besides the bytes of the report."""
    rules = programme(job.configuration.programme).model_dump(mode="json")
    past = job.configuration.last_year
    facts = [asdict(job.submission), asdict(made_by), rules, *([state_of(past)] if past else [])]
    return digest(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())


def _review(job: Job) -> Receipt:
    made_by = versions(job.configuration)
    if _ruled_since(job, made_by):
        return renew(job.out, job.submission.id)
    document = _document(job)
    frameworks = _frameworks(job.configuration)
    matcher = _matcher(job.configuration)
    readings = matcher.read(segment(document))
    noted = _noted(job, document)
    submission, past = complete(job.submission, document), job.configuration.last_year
    concluded = conclude(
        submission,
        noted,
        readings,
        frameworks,
        programme(job.configuration.programme),
        matcher.policy,
        last_report(past, submission, document) if past else None,
    )
    decisions = sha256_of(job.folder / DECISIONS)
    ruled = apply_overrides(
        concluded, noted, frameworks, _decisions(job), programme(job.configuration.programme)
    )
    aside = set_aside(job.folder, read_receipt(job.out, job.submission.id))
    write_report(job.folder, document, ruled, frameworks, made_by)
    drop_twin(aside, job.folder)
    receipt = Receipt(
        outcome=_outcome(job, noted.warnings),
        summary=summarise(ruled),
        extractor=_extractor(job),
        files=file_digests(job.folder),
        frameworks=job.configuration.frameworks,
        programme=job.configuration.programme,
        circumstances=circumstances(job, made_by),
        decisions=decisions,
    )
    write_receipt(job.out, receipt)
    return receipt


def _ruled_since(job: Job, made_by: Versions) -> bool:
    """Whether nothing changed since the last review but what experts decided."""
    found = read_receipt(job.out, job.submission.id)
    if found is None or found.circumstances != circumstances(job, made_by):
        return False
    return as_left(job.out, found) and not up_to_date(job.out, found)


def _decisions(job: Job) -> tuple[Decision, ...]:
    try:
        return read_decisions(job.folder)
    except ValidationError as fault:
        raise ReportError(
            "decisions", "专家改判文件 decisions.json 已损坏，请从评审台重新导出后再评审。"
        ) from fault


def _outcome(job: Job, warnings: Sequence[tuple[str, str]]) -> FileOutcome:
    entry = job.submission
    lost = any(code not in NOTES for code, _ in warnings)
    status: FileStatus = "partial" if lost else "done"
    code = warnings[0][0] if warnings else ""
    reason = "".join(dict.fromkeys(sentence for _, sentence in warnings))
    return FileOutcome(entry.file, entry.sha256, entry.id, status, code, reason)


def _document(job: Job) -> Document:
    """The document of an earlier run where it fits, so that only matching is done again."""
    entry, receipt = job.submission, read_receipt(job.out, job.submission.id)
    if receipt and receipt.extractor == _extractor(job):
        known = dict(receipt.files).get("document.json")
        document = read_document(job.folder) if known == sha256_of(job.folder / FILES[0]) else None
        if document and (document.file, document.sha256) == (entry.file, entry.sha256):
            return document
    try:
        return extract(job.path, entry.file, entry.sha256, entry.media, job.configuration.ocr)
    finally:
        if sha256_of(job.path) != entry.sha256:  # what was read is not what intake saw
            raise refusal("changed")


def _noted(job: Job, document: Document) -> Document:
    past = job.configuration.last_year
    again = sent_before(past, job.submission.sha256) if past else ()
    noted = (*again, *doubts(document, job.submission.registration.year))
    return replace(document, warnings=(*document.warnings, *noted))


def _extractor(job: Job) -> str:
    return extractor_version(read_by(job.configuration.ocr))


def _frameworks(configuration: Configuration) -> tuple[Framework, ...]:
    return tuple(framework(name) for name in configuration.frameworks)


@lru_cache(maxsize=1)
def _matcher(configuration: Configuration) -> Matcher:
    """Loaded once in a process: a second or more, and most of its memory."""
    found = open_matcher(_frameworks(configuration), configuration.encoder)
    gc.freeze()  # a million objects that stay: looked through again and again, they cost a tenth
    return found
