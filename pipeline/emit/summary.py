"""The little that a year's overview keeps of each report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.emit.contract import Versions
from pipeline.emit.rounding import rounded_coverage
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
    entry = score.submission.registration
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
    )
