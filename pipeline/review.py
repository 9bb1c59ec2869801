"""Review one submission: what it is, what is kept of it, what became of it.

Whatever goes wrong with one report becomes its outcome with a reason; only faults of the
machine (memory, disk) are raised, because trying again may help. The stages themselves are
imported by the process that reads reports, not by the one that hands them out.
"""

from __future__ import annotations

import json
import traceback
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.choices import Configuration
from pipeline.emit import Versions
from pipeline.emit.files import put
from pipeline.extract.ocr import read_by
from pipeline.frameworks import framework, framework_path
from pipeline.match import matcher_facts
from pipeline.past import state_of
from pipeline.programmes import programme
from pipeline.receipts import (
    FILES,
    STATE,
    Receipt,
    as_left,
    read_receipt,
    receipt_path,
    set_aside,
    up_to_date,
)
from pipeline.records import FileOutcome, ReportError, Submission
from pipeline.storage import SHARED, Carrier
from pipeline.versions import code_version, digest
from pipeline.workers import TooSlow

MACHINE_FAULTS = (MemoryError, OSError)


class OtherVersion(Exception):
    """Another machine reviewed, with other code, models or guidelines than were asked for."""


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to review, and where to."""

    submission: Submission
    path: Path
    out: Path  # the year's folder; the report's own is ``folder``
    configuration: Configuration
    carrier: Carrier = SHARED  # between those two and object storage

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
        from pipeline.stages import review

        return review(job)
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
    from pipeline.stages import matcher

    matcher(configuration)


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
