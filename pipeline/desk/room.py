"""A report with whoever reads it: what they may do, what they decided, what wants a second look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pipeline.decisions import Decision, Ruling
from pipeline.decisions import Subject as Kind
from pipeline.desk.cards import DECIDED, Card, Piece, Subject, of_quote
from pipeline.desk.lists import Item, item, listed
from pipeline.desk.render import moment
from pipeline.desk.seat import Seat
from pipeline.desk.shelf import Report
from pipeline.desk.store import rulings
from pipeline.desk.store.rights import both_signed, may
from pipeline.emit.words import STATUS
from pipeline.facts import Quote
from pipeline.override import fallen
from pipeline.place import block_at

RULINGS: dict[str, str] = {str(status): name for status, name in STATUS.items()} | {
    "not_found": "未披露", "confirmed": "属实", "dismissed": "不成立", "scored": "评分",
    "withdrawn": "已撤回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Own:
    """A decision, ready to show."""

    who: str
    verdict: str
    level: int | None
    remark: str
    when: str
    stale: bool
    evidence: Piece | None
    final: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the doubtful findings are decided, and what wants a second look."""

    done: int
    all: int
    stale: int


class Room:
    """One request's view of a report. Raises NotThere or Forbidden where there is none to have."""

    def __init__(self, seat: Seat, submission: str):
        seat.demand("read", submission)
        self.seat, self.report = seat, seat.desk.shelf.report(submission)
        with seat.desk.store.write() as db:  # a look is written down
            self.seen = rulings.look(db, seat.user, submission)
            self.may_decide = may(db, seat.user, "decide", submission)
            self.may_compare = may(db, seat.user, "compare", submission)
            self.closed = both_signed(db, submission)
        own = (one for one in self.seen if one.who == seat.user.name and not one.final)
        self.mine = rulings.standing(own)
        self._fallen = self._stale_ids(self.seen)

    def stale(self) -> list[Subject]:
        """Subjects decided on words that stand in the report no longer."""
        gone = (one for one in self.mine.values() if not self.holds(one))
        return [Subject(*one.about) for one in gone]

    def holds(self, one: Decision) -> bool:
        """Whether a decision still has its words and its subject."""
        return one.id not in self._fallen

    def _stale_ids(self, given: list[Decision]) -> frozenset[str]:
        """Ids of decisions whose words are gone; only another file can have taken them."""
        report = self.report
        if all(one.basis.document == report.document.sha256 for one in given):
            return frozenset()
        gone = fallen(report.score, report.document, report.frameworks, given)
        return frozenset(one.id for one in gone)

    def progress(self) -> Progress:
        """Of the reader."""
        wanted = listed(self.report, "doubt")
        done = sum(one.about in self.mine for one in wanted)
        return Progress(done, len(wanted), len(self.stale()))

    def items(self, chosen: str) -> list[Item]:
        """Lines of a list."""
        return [self.item(one) for one in listed(self.report, chosen, self.stale())]

    def item(self, of: Subject) -> Item:
        """The line of a subject."""
        one = self.mine.get(of.about)
        if one is None:
            return item(self.report, of)
        stale = not self.holds(one)
        return item(self.report, of, "复看" if stale else verdict(one), stale)

    def own(self, of: Subject) -> list[Own]:
        """The decisions on a subject that may be seen: one's own, later everybody's."""
        about = [one for one in self.seen if one.about == of.about]
        latest = {(one.who, one.final): one for one in about}
        return [self.shown(one) for one in latest.values() if one.status != "withdrawn"]

    def shown(self, one: Decision) -> Own:
        """A decision as pages show it."""
        name = "我" if one.who == self.seat.user.name else one.who
        who = f"裁定（{one.who}）" if one.final else name
        level = None if one.level is None else int(one.level)
        stale = not self.holds(one)
        return Own(
            who, verdict(one), level, one.why, moment(one.when), stale,
            based(self.report, one), one.final,
        )  # fmt: skip


def verdict(one: Decision) -> str:
    """What was decided, in Chinese."""
    return RULINGS[one.status]


def based(report: Report, one: Decision) -> Piece | None:
    """The words a decision rests on; with their place where they stand in this version."""
    basis = one.basis
    if not basis.quote:
        return None
    quote = Quote(basis.page, basis.paragraph, basis.start, basis.end, basis.quote)
    here = report.document.text[basis.start : basis.end] == basis.quote
    if here:
        return of_quote(report, quote)
    return Piece(basis.quote, "上一版报告", None)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds when the card opens."""

    verdict: str
    level: int | None
    remark: str
    picked: str
    points: int | None
    start: int | None = None
    end: int | None = None


def draft(shown: Card, one: Decision | None) -> Draft:
    """The form for a card: as decided before, else as Zejian concluded."""
    level, points = shown.level, None if shown.points is None else round(shown.points)
    if one is None:
        return Draft("", level, "", "", points)
    was = "agree" if (one.status, one.level) == (shown.status, shown.level) else one.status
    decided = None if one.level is None else int(one.level)
    if shown.scored:
        return Draft(was, None, one.why, "", decided)
    return Draft(was, level if decided is None else decided, one.why, "", None)


def verdicts(shown: Card, decided: bool) -> list[tuple[str, str, str]]:
    """What can be concluded: (value, label, keys that choose it)."""
    back = [("withdrawn", "撤回", "w")] if decided else []
    if shown.subject.kind not in DECIDED:
        return []
    if shown.subject.kind == "check":
        return [("confirmed", "属实", "a y"), ("dismissed", "不成立", "x"), *back]
    if shown.scored:
        return [("scored", "按此评分", "a y"), *back]
    if shown.status == "needs_expert":
        first = [("disclosed", "采信：已披露", "a y"), ("not_found", "未披露", "x")]
    else:
        first = [("agree", "同意", "a"), ("disclosed", "已披露", "y"), ("not_found", "未披露", "x")]
    return [*first, ("not_applicable", "不适用", "u"), *back]


@dataclass(frozen=True, slots=True)
class Said:
    """The fields of a form: what a reader says of a card; ``span`` None: no words of their own."""

    verdict: str
    level: float | None
    points: float | None
    remark: str
    span: Quote | None = None


def choice(report: Report, shown: Card, said: Said) -> rulings.Choice:
    """What the reader says, as the store takes it; the store refuses what makes no sense.

    Without words of the reader's own it rests on the best words shown: those were judged.
    """
    status = shown.status if said.verdict == "agree" else said.verdict
    level = said.points if shown.scored else said.level
    words = said.span or _best(report, shown, status) or Quote(None, 0, 0, 0, "")
    return rulings.Choice(
        subject=cast(Kind, shown.subject.kind),
        framework=shown.subject.framework,
        key=shown.subject.code,
        old_status=shown.status,
        old_level=shown.points if shown.scored else shown.level,
        status=cast(Ruling, status),
        level=level if status in rulings.GRADED else None,
        why=said.remark,
        document=report.document.sha256,
        quote=words.quote,
        start=words.start,
        end=words.end,
        page=words.page,
        paragraph=words.paragraph,
    )


def _best(report: Report, shown: Card, status: str) -> Quote | None:
    best = next((one.at for one in shown.pieces if one.at), None)
    if best is None or status == "withdrawn":
        return None
    text = report.document.text[best.start : best.end]
    page = best.leaf if report.document.pages else None
    return Quote(page, _paragraph(report, best.start), best.start, best.end, text)


def _paragraph(report: Report, start: int) -> int:
    return block_at(report.document, start).paragraph
