"""From the conclusions on one report to what the year's papers need of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.conform.quantities import Quantity, quantities
from pipeline.facts import Quote
from pipeline.papers.awards import reasons
from pipeline.papers.records import Entry, Told
from pipeline.papers.rules import Figure, bulletin
from pipeline.place import quote
from pipeline.records import Document, FileStatus, Registration, ReportScore


def entry(
    score: ReportScore, document: Document, status: FileStatus = "done", fault: str = ""
) -> Entry:
    """Gather what the papers tell of a report.

    Args:
        score: Its conclusions, decisions of experts in them.
        document: Its text, for the tax-credit grade.
        status: Whether all of it was read.
        fault: Chinese; why not.
    """
    facts, judged = score.facts, score.facts.quality
    row = score.submission.registration
    return Entry(
        submission=score.submission,
        status=status,
        conditions=facts.conditions,
        alarms=tuple(one.name for one in judged.alarms) if judged else (),
        contradictions=sum(one.severity == "error" for one in facts.checks),
        total=judged.total if judged else None,
        band=judged.band if judged else "",
        coverage=tuple((one.framework, one.weighted) for one in score.coverage),
        figures=tuple(_figures(score)),
        grade=_grade(row, document),
        reasons=reasons(score),
        fault=fault,
    )


def _figures(score: ReportScore) -> Iterator[Told]:
    row = score.submission.registration
    known = quantities(row, score.facts.measures)
    for rule in bulletin().statistics:
        if found := _told(rule, known):
            value, quantity = found
            fits = rule.low <= value <= rule.high
            company = row.company or score.submission.file
            yield Told(company, rule.name, value, quantity.printed, quantity.quote, fits)


def _told(rule: Figure, known: dict[str, Quantity]) -> tuple[float, Quantity] | None:
    if rule.ratio and (found := _ratio(rule.ratio, known)):
        return found
    quantity = known.get(rule.name)
    if quantity is None or not re.search(rule.printed + "$", quantity.printed.strip()):
        return None
    return quantity.value / rule.per, quantity


def _ratio(names: tuple[str, str], known: dict[str, Quantity]) -> tuple[float, Quantity] | None:
    part, whole = (known.get(name) for name in names)
    if not part or not whole or not whole.value:
        return None
    printed = f"{part.printed}÷{whole.printed}"
    return 100 * part.value / whole.value, Quantity(part.value, printed, part.quote)


def _grade(row: Registration, document: Document) -> tuple[str, Quote] | None:
    """The grade that the form tells, else the report."""
    rule = bulletin().grade
    for title, told in row.statistics:
        grade = told.strip().upper().removesuffix("级")
        if title.split("（")[0].strip() == rule.name and grade in rule.grades:
            return grade, Quote(None, 0, 0, 0, f"{title}：{told}", source="form")
    found = re.search(rule.said, document.text)
    return (found[1], quote(document, found.start(), found.end())) if found else None
