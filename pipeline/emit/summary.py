"""The little that a year's overview keeps of each report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.emit.contract import Versions
from pipeline.emit.rounding import rounded_coverage, rounded_quality
from pipeline.emit.words import SEVERITY
from pipeline.facts import Severity
from pipeline.frameworks import Framework
from pipeline.records import Coverage, FileOutcome, Registration, ReportScore, Submission


@dataclass(frozen=True, slots=True)
class Summary:
    """One report in the overview; about 2 kB, so that ten thousand fit in memory."""

    submission: str
    company: str
    industry: str
    district: str
    year: int | None
    pages: int
    characters: int
    coverage: tuple[Coverage, ...]
    levels: tuple[int, int, int, int, int]
    needs_expert: int
    quality: float | None = None  # total, 0-100
    band: str = ""
    dimensions: tuple[tuple[str, float | None], ...] = ()
    checks: tuple[tuple[Severity, int], ...] = ()  # how many of each severity
    alarms: int = 0


@dataclass(frozen=True, slots=True)
class Orphans:
    """What registration and folder do not have in common."""

    rows: tuple[Registration, ...] = ()  # registered, but no file was found
    files: tuple[str, ...] = ()  # a report file that nobody registered


@dataclass(frozen=True, slots=True)
class Year:
    """A reviewed folder: every file's outcome and a summary of every report read."""

    outcomes: Sequence[FileOutcome]
    summaries: Mapping[str, Summary]  # by submission id
    frameworks: Sequence[Framework]
    versions: Versions
    orphans: Orphans = field(default_factory=Orphans)
    submissions: Sequence[Submission] = ()  # to name the company of a report that failed

    def ordered(self) -> list[FileOutcome]:
        """Outcomes by file name, whatever order the workers finished in."""
        return sorted(self.outcomes, key=lambda o: o.file)


def summarise(score: ReportScore) -> Summary:
    """The summary of a score; the same for a score read back from its file."""
    entry, quality = score.submission.registration, score.facts.quality
    final = rounded_quality(quality) if quality else None
    counted = Counter(check.severity for check in score.facts.checks)
    return Summary(
        submission=score.submission.id,
        company=entry.company,
        industry=entry.industry,
        district=entry.district,
        year=entry.year,
        pages=score.pages,
        characters=score.characters,
        coverage=tuple(map(rounded_coverage, score.coverage)),
        levels=score.levels,
        needs_expert=sum(f.status == "needs_expert" for f in score.findings),
        quality=final.total if final else None,
        band=final.band if final else "",
        dimensions=tuple((d.dimension, d.score) for d in final.dimensions) if final else (),
        checks=tuple((severity, counted[severity]) for severity in SEVERITY),
        alarms=len(final.alarms) if final else 0,
    )
