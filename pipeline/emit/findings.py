"""findings.json: what was concluded, for programs; written and read back."""

from __future__ import annotations

from pathlib import Path

from pipeline.emit.contract import (
    CONTRACT,
    FINDINGS,
    CoverageFacts,
    FindingsFile,
    ReadingFacts,
    ReportFacts,
    Versions,
)
from pipeline.emit.files import put
from pipeline.records import Coverage, ReportScore

NAME = "findings.json"


def _coverage_facts(c: Coverage) -> CoverageFacts:
    return CoverageFacts(
        c.weighted, c.low, c.high, c.depth, c.core, c.extended, counts=dict(c.counts)
    )


def _report_facts(score: ReportScore, programme: str) -> ReportFacts:
    entry = score.submission
    return ReportFacts(
        file=entry.file,
        sha256=entry.sha256,
        pages=score.pages,
        characters=score.characters,
        company=entry.registration.company,
        year=entry.registration.year,
        programme=programme,
    )


def findings_file(score: ReportScore, versions: Versions) -> FindingsFile:
    """The contents of findings.json for a rounded score."""
    return FindingsFile(
        contract=CONTRACT,
        report=_report_facts(score, versions.programme),
        findings=score.findings,
        coverage={c.framework: _coverage_facts(c) for c in score.coverage},
        reading=ReadingFacts(score.passages, score.levels, score.warnings),
        submission=score.submission,
        versions=versions,
        facts=score.facts,
        overruled=score.overruled,
    )


def write_findings(folder: Path, score: ReportScore, versions: Versions) -> None:
    """Write findings.json of a rounded score into ``folder``."""
    put(folder / NAME, FINDINGS.dump_json(findings_file(score, versions)))


def read_score(folder: Path) -> ReportScore:
    """The (rounded) score written to ``folder``.

    Raises:
        FileNotFoundError: there is no findings.json.
        pydantic.ValidationError: it is not of this contract.
    """
    return _score(FINDINGS.validate_json((folder / NAME).read_bytes()))


def read_versions(folder: Path) -> Versions:
    """What produced the findings.json in ``folder``; raises as ``read_score``."""
    return FINDINGS.validate_json((folder / NAME).read_bytes()).versions


def read_reviewed(folder: Path) -> tuple[ReportScore, Versions]:
    """The score in ``folder`` and what produced it; raises as ``read_score``."""
    found = FINDINGS.validate_json((folder / NAME).read_bytes())
    return _score(found), found.versions


def _score(found: FindingsFile) -> ReportScore:
    return ReportScore(
        submission=found.submission,
        pages=found.report.pages,
        characters=found.report.characters,
        passages=found.reading.passages,
        findings=found.findings,
        coverage=tuple(_coverage(name, facts) for name, facts in found.coverage.items()),
        levels=found.reading.levels,
        warnings=found.reading.warnings,
        facts=found.facts,
        overruled=found.overruled,
    )


def _coverage(framework: str, facts: CoverageFacts) -> Coverage:
    return Coverage(
        framework=framework,
        weighted=facts.weighted,
        low=facts.low,
        high=facts.high,
        depth=facts.depth,
        counts=tuple(facts.counts.items()),
        core=facts.core,
        extended=facts.extended,
    )
