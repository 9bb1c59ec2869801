"""How far experts agree with each other, and where with Zejian they do not.

Only decisions that a reader gave count here, and only of reports that both readers have
signed: silence is no measurement. ``one_sided`` says on how much only one of them spoke.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from sqlalchemy import Connection

from pipeline.decisions import Decision
from pipeline.desk.store.accounts import User
from pipeline.desk.store.board import readers
from pipeline.desk.store.rights import demand
from pipeline.desk.store.rulings import About, history, in_force, standing

LEVELS = (0, 1, 2, 3, 4)
Metric = Literal["nominal", "ordinal"]
Said = tuple[str, int | None]  # status, level; no level where none applies


@dataclass(frozen=True, slots=True)
class Pair:
    """What two readers concluded on one indicator of one report; None: said nothing of it.

    ``names`` are in the order of the alphabet, ``said`` in the order of ``names``: (status,
    level 0-4; None where it does not apply).
    """

    submission: str
    framework: str
    indicator: str
    names: tuple[str, str]
    said: tuple[Said | None, Said | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures over some pairs; None where they are not defined (too few, or all the same).

    Attributes:
        units: Pairs on which both readers spoke.
        one_sided: Those on which only one did.
        same: Share of the units with the same status.
        kappa: Cohen's kappa of the status (Cohen 1960).
        weighted: Quadratic-weighted kappa of the levels (Cohen 1968).
        alpha: Krippendorff's alpha of the status, nominal, over all readers.
        alpha_level: The same of the levels, ordinal.
    """

    units: int
    one_sided: int
    same: float | None
    kappa: float | None
    weighted: float | None
    alpha: float | None
    alpha_level: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How often experts overruled Zejian on one indicator, over all reports in force.

    Attributes:
        framework: Id.
        indicator: Code.
        decided: Decisions in force on it.
        overruled: Those that change status or level.
        missed: Zejian had not found what experts say is disclosed.
        imagined: Zejian had accepted what experts say is not disclosed.
        level: Mean of the experts' level less Zejian's, where both say disclosed.
    """

    framework: str
    indicator: str
    decided: int
    overruled: int
    missed: int
    imagined: int
    level: float | None


def pairs(db: Connection, by: User) -> list[Pair]:
    """Both readers' conclusions on every indicator that either spoke of; signed reports only."""
    demand(db, by, "agreement")
    seats: dict[str, list[str]] = defaultdict(list)
    for one in readers(db):
        if one.signed:
            seats[one.submission].append(one.name)
    given: dict[str, list[Decision]] = defaultdict(list)
    for decision in history(db):
        if decision.subject == "finding" and not decision.final:
            given[decision.submission].append(decision)
    both = sorted((name, sorted(who)) for name, who in seats.items() if len(who) == 2)
    return [pair for name, (a, b) in both for pair in _pairs(name, (a, b), given[name])]


def agreement(of: Sequence[Pair]) -> Agreement:
    """The figures over some pairs; alpha takes each expert as one reader throughout."""
    both = [(p, p.said[0], p.said[1]) for p in of if p.said[0] and p.said[1]]
    units, status = [p for p, _, _ in both], [(a[0], b[0]) for _, a, b in both]
    rated = [(p, (a[1], b[1])) for p, a, b in both if a[1] is not None and b[1] is not None]
    graded, levels = [p for p, _ in rated], [pair for _, pair in rated]
    return Agreement(
        units=len(units),
        one_sided=len(of) - len(units),
        same=round(sum(a == b for a, b in status) / len(units), 4) if units else None,
        kappa=_kappa(status),
        weighted=_kappa(levels, weights="quadratic", labels=list(LEVELS)),
        alpha=_alpha(units, status, "nominal"),
        alpha_level=_alpha(graded, levels, "ordinal"),
    )


def by_framework(of: Iterable[Pair]) -> dict[str, Agreement]:
    """Agreement per framework id."""
    return _grouped(of, lambda p: p.framework)


def by_indicator(of: Iterable[Pair]) -> dict[tuple[str, str], Agreement]:
    """Agreement per (framework, indicator)."""
    return _grouped(of, lambda p: (p.framework, p.indicator))


def by_experts(of: Iterable[Pair]) -> dict[tuple[str, str], Agreement]:
    """Agreement per pair of account names."""
    return _grouped(of, lambda p: p.names)


def with_zejian(db: Connection, by: User) -> list[Difference]:
    """Where experts and Zejian differ, most often overruled first; decisions in force only."""
    demand(db, by, "agreement")
    found: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for name in sorted({one.submission for one in history(db)}):
        for decision in in_force(db, name):
            if decision.subject == "finding":
                found[decision.framework, decision.key].append(decision)
    table = [_difference(*about, given) for about, given in found.items()]
    return sorted(table, key=lambda d: (-d.overruled, d.decided, d.framework, d.indicator))


def _pairs(submission: str, names: tuple[str, str], given: Sequence[Decision]) -> list[Pair]:
    said = [standing(one for one in given if one.who == name) for name in names]
    about = sorted({*said[0], *said[1]})
    return [
        Pair(submission, a[1], a[2], names, (_said(said[0], a), _said(said[1], a))) for a in about
    ]


def _said(said: dict[About, Decision], about: About) -> Said | None:
    one = said.get(about)
    return (one.status, _level(one.status, one.level)) if one else None


def _level(status: str, level: float | None) -> int | None:
    """Level as a grade; what is not found is level 0, what does not apply has none."""
    if status in ("not_applicable", "unreadable"):
        return None
    return int(level or 0) if status in ("disclosed", "needs_expert") else 0


def _grouped(of: Iterable[Pair], key: Callable[[Pair], Any]) -> dict[Any, Agreement]:
    groups: dict[Any, list[Pair]] = defaultdict(list)
    for pair in of:
        groups[key(pair)].append(pair)
    return {name: agreement(groups[name]) for name in sorted(groups)}


def _kappa(said: Sequence[tuple[Any, Any]], **how: Any) -> float | None:
    if len({one for pair in said for one in pair}) < 2:
        return None  # all the same: chance alone would agree, kappa is 0/0
    first, second = zip(*said, strict=True)
    value = float(cohen_kappa_score(first, second, **how))
    return None if math.isnan(value) else round(value, 4)


def _alpha(units: Sequence[Pair], said: Sequence[tuple[Any, Any]], metric: Metric) -> float | None:
    """Krippendorff's alpha; readers are rows, units columns, a blank where one did not read."""
    values = sorted({one for pair in said for one in pair})
    if len(values) < 2:
        return None
    names = sorted({name for unit in units for name in unit.names})
    table = np.full((len(names), len(units)), np.nan)
    for column, (unit, pair) in enumerate(zip(units, said, strict=True)):
        for name, one in zip(unit.names, pair, strict=True):
            table[names.index(name), column] = values.index(one)
    return round(float(krippendorff.alpha(table, level_of_measurement=metric)), 4)


def _difference(framework: str, indicator: str, given: Sequence[Decision]) -> Difference:
    changed = [d for d in given if _now(d) != _before(d)]
    status = [(d.old_status, d.status) for d in given]
    graded = [d for d in given if (d.old_status, d.status) == ("disclosed", "disclosed")]
    gaps = [float(d.level or 0) - float(d.old_level or 0) for d in graded]
    return Difference(
        framework=framework,
        indicator=indicator,
        decided=len(given),
        overruled=len(changed),
        missed=status.count(("not_found", "disclosed")),
        imagined=status.count(("disclosed", "not_found")),
        level=round(sum(gaps) / len(gaps), 2) if gaps else None,
    )


def _now(one: Decision) -> tuple[str, int | None]:
    return one.status, _level(one.status, one.level)


def _before(one: Decision) -> tuple[str, int | None]:
    return one.old_status, _level(one.old_status, one.old_level)
