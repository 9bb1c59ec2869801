"""What to clear up: checks, index lines that lead nowhere, alarms, weak dimensions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import get_args

from pipeline.facts import Alarm, Check, DimensionScore, IndexLine, Severity
from pipeline.letter.records import Suggestion
from pipeline.letter.words import CHECK, LINE, QUALITY
from pipeline.programmes import Programme
from pipeline.records import ReportScore

WEAK = 40.0  # points below which a dimension is worth a word
_NUMBER = re.compile(r"[\d.,，%％]+")


def slips(score: ReportScore, programme: Programme) -> list[Suggestion]:
    """Alarms, checks, index lines and weak dimensions, in this order; ids are unique."""
    facts = score.facts
    judged = facts.quality
    alarms = map(_alarm, judged.alarms if judged else ())
    rank = get_args(Severity)
    checks = map(_check, sorted(facts.checks, key=lambda one: rank.index(one.severity)))
    lines = (_line(one) for one in facts.index if one.state in LINE)
    weak = _weak(judged.dimensions if judged else (), programme)
    return list(_told_apart((*alarms, *checks, *lines, *weak)))


def _alarm(alarm: Alarm) -> Suggestion:
    text = "请说明有关情况、原因、处理结果和改进措施；已在别处说明的，请告知页码。"
    return Suggestion(f"alarm.{alarm.code}", "alarm", alarm.name, text, quotes=alarm.quotes)


def _check(check: Check) -> Suggestion:
    """A check keeps its id when its figures change and still do not agree."""
    said = "".join(_NUMBER.sub("", quote.quote) for quote in check.quotes)
    key = sha256(said.encode("utf-8", "replace")).hexdigest()[:10]
    shown = f"（算式：{check.arithmetic}）" if check.arithmetic else ""
    text = f"{check.message.rstrip('。')}{shown}。"
    title = CHECK.get(check.kind, "前后不一致")
    return Suggestion(f"check.{check.kind}.{key}", "check", title, text, quotes=check.quotes)


def _line(line: IndexLine) -> Suggestion:
    pointer = f"索引指向“{line.pointer}”，" if line.pointer else ""
    text = f"{pointer}{LINE[line.state]}，请核对页码或补充。"
    title = f"{line.code} {line.title}".strip()
    return Suggestion(
        f"index.{line.standard}.{line.code}", "index", title, text, quotes=(line.line,)
    )


def _weak(dimensions: Iterable[DimensionScore], programme: Programme) -> list[Suggestion]:
    """Dimensions that the programme weighs and that score low, the lowest first."""
    weighed = {one.dimension for one in programme.quality.weights} & set(QUALITY)
    low = [(d.score, d.dimension) for d in dimensions if d.score is not None and d.score < WEAK]
    return [
        Suggestion(f"quality.{name}", "quality", name, QUALITY[name])
        for _, name in sorted(low)
        if name in weighed
    ]


def _told_apart(suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
    seen: Counter[str] = Counter()
    for one in suggestions:
        seen[one.id] += 1
        yield replace(one, id=f"{one.id}-{seen[one.id]}") if seen[one.id] > 1 else one
