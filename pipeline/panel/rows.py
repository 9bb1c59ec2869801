"""Rows of one report for every table of the panel, before it is known whose report it is."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.emit import Versions
from pipeline.facts import Figure, Measure
from pipeline.memory.figures import series_of
from pipeline.names import renamings
from pipeline.panel.bridges import codes_then, concept_rows
from pipeline.panel.names import Identity, registered_code
from pipeline.records import Coverage, Document, Evidence, Finding, ReportScore

Row = tuple[object, ...]
LONGEST = 2000  # characters of a quote


def report_id(score: ReportScore) -> str:
    """Sixteen hexadecimal digits of the file's bytes."""
    return score.submission.sha256[:16]


def identity(score: ReportScore, document: Document | None, source: str) -> Identity:
    """Whose report it is, as far as it says itself; ``source`` names its OUT."""
    row = score.submission.registration
    return Identity(
        report_id=report_id(score),
        company=row.company,
        year=row.year,
        code=registered_code(row),
        renamed=renamings(document) if document else (),
        industry=row.industry,
        district=row.district,
        source=source,
        characters=score.characters,
    )


def rows(score: ReportScore, versions: Versions, source: str) -> dict[str, list[Row]]:
    """Rows by table, without the key of the report; ``source`` names its OUT."""
    mine, year = report_id(score), score.submission.registration.year
    return {
        "reports": [_report(score, versions, source)],
        "texts": [_text(score)],
        "indicators": list(_indicators(mine, score, year)),
        "evidence": list(_evidence(mine, score.findings)),
        "concepts": list(concept_rows(score.findings)),
        "coverage": [_coverage(one) for one in score.coverage],
        "dimensions": list(_dimensions(score)),
        "measures": [_measure(mine, one) for one in score.facts.measures],
    }


def _report(score: ReportScore, versions: Versions, source: str) -> Row:
    entry, told = score.submission, score.submission.registration
    about = (told.industry, told.district, told.association)
    made_by = (versions.programme, versions.code, versions.matcher)
    warnings = "；".join(code for code, _ in score.warnings)
    return (source, entry.id, entry.file, entry.sha256, *about, *made_by, warnings)


def _text(score: ReportScore) -> Row:
    """Without what only last year's report can tell: the last two columns are blank."""
    judged = score.facts.quality
    said = (judged.boilerplate, judged.substance) if judged else (None, None)
    return (score.characters, score.pages, score.passages, *score.levels, *said, None, None)


def _indicators(mine: str, score: ReportScore, year: int | None) -> Iterator[Row]:
    own = {(f.framework, f.indicator): f for f in score.overruled.findings}
    ruled = {(d.framework, d.key) for d in score.overruled.decisions if d.subject == "finding"}
    for one in score.findings:
        key = (one.framework, one.indicator)
        before = own.get(key, one)
        same = (before.status, before.level) == (one.status, one.level)
        override = ("confirmed" if same else "changed") if key in ruled else ""
        then = codes_then(one.framework, year).get(one.indicator)
        words = _words(mine, one.evidence[0]) if one.evidence else None
        concluded = (one.name, one.status, one.level, one.probability, words)
        ruling = (override, before.status, before.level)
        yield (*key, then or one.indicator, then is not None, *concluded, *ruling)


def _words(mine: str, one: Evidence) -> str:
    return f"{mine}:{one.start}-{one.end}"


def _evidence(mine: str, findings: tuple[Finding, ...]) -> Iterator[Row]:
    best = {(f.evidence[0].start, f.evidence[0].end): f.evidence[0] for f in findings if f.evidence}
    for _, e in sorted(best.items()):
        place = (e.page, e.paragraph, e.start, e.end, e.level)
        yield (_words(mine, e), *place, e.quote[:LONGEST], " > ".join(e.heading))


def _coverage(one: Coverage) -> Row:
    counts = dict(one.counts)
    applicable = sum(counts.values()) - counts.get("not_applicable", 0)
    shares = (one.weighted, one.low, one.high, one.depth, one.core, one.extended)
    found = (counts.get("disclosed", 0), counts.get("needs_expert", 0))
    return (one.framework, *shares, *found, applicable)


def _dimensions(score: ReportScore) -> Iterator[Row]:
    judged = score.facts.quality
    if judged:
        yield ("总分", judged.total, judged.local)
        yield from ((one.dimension, one.score, judged.local) for one in judged.dimensions)


def _measure(mine: str, one: Measure) -> Row:
    figure = one.figure
    year, base = _base(one)
    compared = "；".join(f"{what}={said.printed}" for what, said in one.compared)
    indicators = "；".join(f"{guide}:{code}" for guide, code in one.indicators)
    named = (
        f"{mine}:{one.id}",
        series_of(one),
        one.name,
        figure.value,
        figure.unit,
        figure.printed,
    )
    when = (_year(one.period), one.scope, year, base.value if base else None)
    return (*named, *when, compared, indicators, figure.quote.page, figure.quote.quote[:LONGEST])


def _base(one: Measure) -> tuple[int | None, Figure | None]:
    """The latest earlier year that the report itself sets beside the figure."""
    same = [(int(what), f) for what, f in one.compared if _year(what) and f.unit == one.figure.unit]
    return max(same, key=lambda pair: pair[0], default=(None, None))


def _year(text: str) -> int | None:
    return int(text) if len(text) == 4 and text.isdecimal() else None
