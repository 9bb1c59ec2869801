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
from pipeline.records import Coverage, Evidence, Finding, ReportScore

NAME = "findings.json"


def _evidence(e: Evidence) -> Evidence:
    box = None if e.box is None else tuple(round(float(v), 1) for v in e.box)
    return Evidence(
        page=e.page,
        paragraph=e.paragraph,
        start=e.start,
        end=e.end,
        quote=e.quote,
        heading=e.heading,
        box=box,
        probability=round(float(e.probability), 4),
        level=e.level,
        flags=e.flags,
        reasons=e.reasons,
    )


def _finding(f: Finding) -> Finding:
    return Finding(
        framework=f.framework,
        indicator=f.indicator,
        name=f.name,
        status=f.status,
        probability=round(float(f.probability), 4),
        level=f.level,
        evidence=tuple(map(_evidence, f.evidence)),
        nearest=tuple(map(_evidence, f.nearest)),
        note=f.note,
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def rounded_coverage(c: Coverage) -> Coverage:
    """Coverage with four decimals."""
    return Coverage(
        framework=c.framework,
        weighted=round(float(c.weighted), 4),
        low=round(float(c.low), 4),
        high=round(float(c.high), 4),
        depth=round(float(c.depth), 4),
        counts=c.counts,
        core=_share(c.core),
        extended=_share(c.extended),
    )


def rounded(score: ReportScore) -> ReportScore:
    """The score as it is written: shares with four decimals, boxes with one.

    Every file is made from this, so that a score read back gives the same bytes.
    """
    return ReportScore(
        submission=score.submission,
        pages=score.pages,
        characters=score.characters,
        passages=score.passages,
        findings=tuple(map(_finding, score.findings)),
        coverage=tuple(map(rounded_coverage, score.coverage)),
        levels=score.levels,
        warnings=score.warnings,
    )


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
    found = FINDINGS.validate_json((folder / NAME).read_bytes())
    return ReportScore(
        submission=found.submission,
        pages=found.report.pages,
        characters=found.report.characters,
        passages=found.reading.passages,
        findings=found.findings,
        coverage=tuple(_coverage(name, facts) for name, facts in found.coverage.items()),
        levels=found.reading.levels,
        warnings=found.reading.warnings,
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
