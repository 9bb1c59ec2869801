"""The committee list (发布单位名单): who meets what, and what is left to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.papers.records import Entry, Member, Verdict
from pipeline.programmes import Programme


def committee(
    entries: Iterable[Entry], programme: Programme, year: int | None
) -> tuple[Member, ...]:
    """A row for each entry: those ready first, then those to confirm, those unread, those absent.

    Conditions that only a person can confirm hold nobody back: they are asked of everybody.

    Args:
        entries: The year's reports, unread ones too.
        programme: Its conditions.
        year: Year that reports are asked of; None asks for none.
    """
    order: Sequence[Verdict] = ("ready", "confirm", "unread", "absent")
    asked = {one.code for one in programme.eligibility if one.evidence == "person"}
    rows = (_member(one, asked, year) for one in entries)
    return tuple(sorted(rows, key=lambda one: (order.index(one.verdict), one.entry.company)))


def _member(entry: Entry, asked: set[str], year: int | None) -> Member:
    if entry.status == "failed":
        return Member(entry, "unread" if entry.arrived else "absent", (), (entry.fault,))
    met = tuple(one.code for one in entry.conditions if one.state == "met")
    left = [*_unmet(entry, asked), *_doubts(entry, year)]
    return Member(entry, "confirm" if left else "ready", met, tuple(left))


def _unmet(entry: Entry, asked: set[str]) -> list[str]:
    left = (one for one in entry.conditions if one.state != "met" and one.code not in asked)
    return [f"{one.code}：{one.note}" for one in left]


def _doubts(entry: Entry, year: int | None) -> list[str]:
    """What stands in the way besides the conditions."""
    found = []
    if entry.alarms:
        found.append(f"报告述及{'、'.join(dict.fromkeys(entry.alarms))}，请核实。")
    if entry.contradictions:
        found.append(f"有{entry.contradictions}处数字自相矛盾，请企业更正或说明。")
    if year and entry.year and entry.year != year:
        found.append(f"报告年度为{entry.year}年，不是{year}年。")
    if entry.status == "partial":
        found.append(entry.fault or "报告只读取了一部分。")
    return found
