"""The shelf: what lies in OUT, read back for the desk; kept in memory while unchanged."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.emit import Summary, read_document, read_score
from pipeline.emit.contract import RUN, FileFacts, RunFile
from pipeline.emit.escape import clean
from pipeline.facts import Box
from pipeline.frameworks import Framework, framework
from pipeline.override import undone
from pipeline.quoted import Words
from pipeline.receipts import read_receipt, receipt_path
from pipeline.records import Document, Finding, Line, ReportScore

KEPT = 12  # reports in memory; one of 150 pages takes about 25 MB
_SUMMARY = TypeAdapter(Summary)


Lines = dict[int, list[tuple[Line, Box]]]


class NotThere(Exception):
    """No such report, page, or indicator; the desk answers 404 and says no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the reviewed folder: what became of it, and whose report it is."""

    facts: FileFacts
    summary: Summary | None  # None: no report, or one that failed

    @property
    def id(self) -> str:
        """Submission id; "" for files that are no report."""
        return self.facts.submission

    @property
    def name(self) -> str:
        """Company, else file name."""
        return clean((self.summary and self.summary.company) or self.facts.file)


class Report:
    """One reviewed report: its text, where it stands, and what was concluded."""

    def __init__(self, document: Document, score: ReportScore, frameworks: tuple[Framework, ...]):
        self.document, self.frameworks = document, frameworks
        self.score = undone(score, frameworks)  # readers are blind to others' decisions
        self.kept: dict[str, Any] = {}  # what pages work out once for a report, by name
        self.findings = {(f.framework, f.indicator): f for f in self.score.findings}

    @property
    def id(self) -> str:
        """Submission id."""
        return self.score.submission.id

    @property
    def name(self) -> str:
        """Company, else file name."""
        entry = self.score.submission
        return clean(entry.registration.company or entry.file)

    @cached_property
    def lines(self) -> Lines:
        """Printed lines that have a box, with it, by page."""
        return lines_by_page(self.document)

    @cached_property
    def words(self) -> Words:
        """The text, to find words in that stand on a page laid out anew."""
        return Words(self.document.text)

    @property
    def places(self) -> bool:
        """Whether it is known where on its pages the words stand."""
        return any(page.width for page in self.document.pages)

    def finding(self, framework_id: str, code: str) -> Finding:
        """The finding on an indicator.

        Raises:
            NotThere: the report has none.
        """
        try:
            return self.findings[framework_id, code]
        except KeyError as fault:
            raise NotThere(code) from fault


def lines_by_page(document: Document) -> Lines:
    """Printed lines that have a box, with it, by page."""
    found: Lines = {}
    for block in document.blocks:
        for line in block.lines:
            if line.box and line.end > line.start:
                found.setdefault(line.page, []).append((line, line.box))
    return found


def _framework(name: str) -> Framework | None:
    try:
        return framework(name)
    except KeyError:  # a YAML file of the office's own that is no longer where it was
        return None


class Shelf:
    """OUT and the folder of the reports themselves.

    Args:
        out: Folder that ``zejian review`` wrote.
        materials: Folder of the submitted files; what is not there can be shown as text only.
    """

    def __init__(self, out: Path, materials: Path):
        self.out, self.materials = out, materials
        self._read = lru_cache(maxsize=KEPT)(self._report)
        self._summary = lru_cache(maxsize=20_000)(_summary)
        self._run = lru_cache(maxsize=1)(lambda stamp: RUN.validate_json(self._run_bytes()))
        self._seen: tuple[int, int] | None = None

    def _run_bytes(self) -> bytes:
        return (self.out / "run.json").read_bytes()

    def run(self) -> RunFile | None:
        """The manifest of the last run; None if there was none yet."""
        try:
            return self._run(_stamp(self.out / "run.json"))
        except (FileNotFoundError, ValidationError):
            return None

    def run_is_new(self) -> bool:
        """Whether the manifest is another than at the last call."""
        stamp = _stamp(self.out / "run.json") if self.run() else None
        new, self._seen = stamp != self._seen, stamp
        return new

    def entries(self) -> tuple[Entry, ...]:
        """All files of the year that are, or should be, reports, by company or file name."""
        manifest = self.run()
        files = [f for f in manifest.files if f.status != "skipped"] if manifest else []
        found = (Entry(f, self._told(f.submission)) for f in files)
        return tuple(sorted(found, key=lambda one: (one.name, one.facts.file)))

    def _told(self, submission: str) -> Summary | None:
        path = receipt_path(self.out, submission)
        try:
            return self._summary(path, _stamp(path))
        except FileNotFoundError:
            return None

    def names(self) -> tuple[str, tuple[str, ...]]:
        """Programme and frameworks of the last run, as its user named them; blank if unknown.

        Its receipts keep them: run.json tells ids only, and a file of the user's own is a path.
        """
        manifest = self.run()
        for facts in manifest.files if manifest else ():
            receipt = read_receipt(self.out, facts.submission) if facts.submission else None
            if receipt and receipt.frameworks:
                return receipt.programme, receipt.frameworks
        return "", ()

    def entry(self, submission: str) -> Entry:
        """The entry of a submission; NotThere if it has none."""
        manifest = self.run()
        for facts in manifest.files if manifest and submission else ():
            if facts.submission == submission:
                return Entry(facts, self._told(submission))
        raise NotThere(submission)

    def report(self, submission: str) -> Report:
        """A reviewed report; never a path from outside: only ids of run.json are looked for.

        Raises:
            NotThere: no such report, or it was not read.
        """
        folder = self.out / self.entry(submission).id
        try:
            return self._read(folder, _stamp(folder / "findings.json"))
        except (FileNotFoundError, ValidationError) as fault:
            raise NotThere(submission) from fault

    def _report(self, folder: Path, _: object) -> Report:
        document = read_document(folder)
        if document is None:
            raise NotThere(folder.name)
        receipt = read_receipt(self.out, folder.name)
        known = (_framework(name) for name in (receipt.frameworks if receipt else ()))
        return Report(document, read_score(folder), tuple(one for one in known if one))

    def file(self, report: Report) -> Path | None:
        """The report's own file, unless it is gone or another by now."""
        path = self.materials / report.document.file
        try:
            inside = path.resolve().is_relative_to(self.materials.resolve())
            fits = inside and _digest(path, _stamp(path)) == report.document.sha256
        except OSError:
            return None
        return path if fits else None


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size


def _summary(path: Path, _: object) -> Summary | None:
    told = json.loads(path.read_bytes())["summary"]
    return _SUMMARY.validate_python(told) if told else None


@lru_cache(maxsize=1_000)
def _digest(path: Path, _: object) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
