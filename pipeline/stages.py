"""One submission through all the stages, to its files."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pydantic import ValidationError

from pipeline.choices import Configuration, open_matcher
from pipeline.conclude import conclude
from pipeline.decisions import Decision
from pipeline.doubts import DOUBTS, doubts
from pipeline.emit import Versions, read_document, summarise, write_report
from pipeline.emit.decisions import NAME as DECISIONS
from pipeline.emit.decisions import read_decisions
from pipeline.extract import extract
from pipeline.extract.ocr import read_by
from pipeline.frameworks import Framework, framework
from pipeline.identity import complete
from pipeline.match import Matcher
from pipeline.override import apply_overrides
from pipeline.past import last_report, sent_before
from pipeline.programmes import programme
from pipeline.receipts import (
    FILES,
    Receipt,
    as_left,
    drop_twin,
    file_digests,
    read_receipt,
    set_aside,
    sha256_of,
    up_to_date,
    write_receipt,
)
from pipeline.records import Document, FileOutcome, FileStatus, ReportError
from pipeline.reissue import renew
from pipeline.review import Job, circumstances, versions
from pipeline.segment import segment
from pipeline.sniff import refusal
from pipeline.versions import extractor_version

# Warnings of reports that were read to their end all the same.
NOTES = frozenset({"unpacked", "ocr_pages", "ocr_blank", *DOUBTS})
gc.set_threshold(50_000, 20)  # at its usual 700 the collector takes a tenth of start and review


def review(job: Job) -> Receipt:
    """Review one submission and write its files; raises what goes wrong, see review_file."""
    made_by = versions(job.configuration)
    if _ruled_since(job, made_by):
        return renew(job.out, job.submission.id)
    document = _document(job)
    frameworks = _frameworks(job.configuration)
    found = matcher(job.configuration)
    readings = found.read(segment(document))
    noted = _noted(job, document)
    submission, past = complete(job.submission, document), job.configuration.last_year
    concluded = conclude(
        submission,
        noted,
        readings,
        frameworks,
        programme(job.configuration.programme),
        found.policy,
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
def matcher(configuration: Configuration) -> Matcher:
    """Loaded once in a process: a second or more, and most of its memory."""
    found = open_matcher(_frameworks(configuration), configuration.encoder)
    gc.freeze()  # a million objects that stay: looked through again and again, they cost a tenth
    return found
