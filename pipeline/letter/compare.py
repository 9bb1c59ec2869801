"""Two versions of a report, suggestion by suggestion: what was addressed, what is new or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.facts import Quote
from pipeline.letter.records import Ask, Kind, Suggestion
from pipeline.letter.standing import now_standing, widened
from pipeline.quality.report import as_quote
from pipeline.records import Document, Finding, ReportScore

Outcome = Literal["addressed", "partly", "pending", "open", "new", "vanished"]


@dataclass(frozen=True, slots=True)
class Version:
    """A reviewed version of a report and what the letter on it suggests."""

    suggestions: Sequence[Suggestion]
    score: ReportScore
    document: Document


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one suggestion.

    Attributes:
        id: The suggestion's.
        kind: Its kind; never strength.
        outcome: addressed 已落实, partly 部分落实, pending 待专家判断, open 尚未落实, new 新出现,
            vanished 不再披露 (the first version told it).
        title: What it is about.
        text: What was suggested: of the first version, else of the revised one.
        before: Words of the first version it rests on.
        after: Words of the revised version that answer it, or that it now rests on.
        asks: Indicators that the outcome speaks of.
    """

    id: str
    kind: Kind
    outcome: Outcome
    title: str
    text: str
    before: tuple[Quote, ...] = ()
    after: tuple[Quote, ...] = ()
    asks: tuple[Ask, ...] = ()


def compare(first: Version, revised: Version) -> tuple[Change, ...]:
    """What became of every suggestion of ``first``, then what is new or gone in ``revised``.

    Of a version compared with itself every change is ``open``.
    """
    then, now = _by_id(first.suggestions), _by_id(revised.suggestions)
    told = _Told(first), _Told(revised)
    found = [_fate(one, now.get(one.id), told[1], first, revised) for one in then.values()]
    return (*found, *_arrived(now.values(), then, told[0]))


def _by_id(suggestions: Iterable[Suggestion]) -> dict[str, Suggestion]:
    return {one.id: one for one in suggestions if one.kind != "strength"}


class _Told:
    """Findings of a version by (framework, code)."""

    def __init__(self, version: Version):
        self._findings = {(f.framework, f.indicator): f for f in version.score.findings}

    def status(self, ask: Ask) -> str:
        found = self._findings.get((ask.framework, ask.code))
        return found.status if found else "unreadable"

    def quotes(self, asks: Iterable[Ask]) -> tuple[Quote, ...]:
        """The best evidence of each, nothing twice."""
        best = (self._best(self._findings.get((a.framework, a.code))) for a in asks)
        return tuple(dict.fromkeys(quote for quote in best if quote))

    def _best(self, finding: Finding | None) -> Quote | None:
        return as_quote(finding.evidence[0]) if finding and finding.evidence else None


def _fate(
    old: Suggestion, new: Suggestion | None, told: _Told, first: Version, revised: Version
) -> Change:
    if old.kind == "missing":
        return _answered(old, new, told)
    old = replace(old, quotes=_wide(old.quotes, first.document))
    if new:
        return _change(old, "open", _wide(new.quotes, revised.document))
    return _change(old, "addressed", tuple(now_standing(old.quotes, revised.document)))


def _wide(quotes: Sequence[Quote], document: Document) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(widened(one, document) for one in quotes))


def _answered(old: Suggestion, new: Suggestion | None, told: _Told) -> Change:
    """What was missing: told now, for an expert to say, or still missing."""
    answered = [ask for ask in old.asks if told.status(ask) == "disclosed"]
    doubtful = [ask for ask in old.asks if told.status(ask) in ("needs_expert", "unreadable")]
    left = len(old.asks) - len(answered)
    outcome: Outcome
    if answered:
        asks, outcome = answered, "partly" if left else "addressed"
    elif doubtful:
        asks, outcome = doubtful, "pending"
    elif new is None:  # the indicator does not apply any more
        asks, outcome = list(old.asks), "addressed"
    else:
        return _change(old, "open", new.quotes, old.asks)
    return _change(old, outcome, told.quotes(asks), asks)


def _arrived(
    now: Iterable[Suggestion], then: dict[str, Suggestion], told: _Told
) -> Iterator[Change]:
    for one in now:
        old = then.get(one.id)
        gone = [ask for ask in one.asks if told.status(ask) == "disclosed"]
        if gone:
            lost = told.quotes(gone)
            yield Change(
                one.id, one.kind, "vanished", one.title, one.text, lost, one.quotes, tuple(gone)
            )
        elif old is None:
            yield Change(one.id, one.kind, "new", one.title, one.text, (), one.quotes, one.asks)


def _change(
    old: Suggestion, outcome: Outcome, after: Sequence[Quote], asks: Sequence[Ask] = ()
) -> Change:
    return Change(
        old.id, old.kind, outcome, old.title, old.text, old.quotes, tuple(after), tuple(asks)
    )
