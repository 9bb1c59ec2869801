"""Findings as Label Studio tasks: predictions by Zejian, annotations by experts.

Format: https://labelstud.io/guide/tasks and /guide/predictions (JSON import). A project takes
`CONFIG` as its labelling interface.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.decisions import Decision
from pipeline.emit.words import STATUS
from pipeline.records import Finding, ReportScore

_STATUS: dict[str, str] = {str(k): v for k, v in STATUS.items()}  # by ruling
NEAREST = "（未采信，最接近的原文）"
NONE = "没有接近的表述"
CONFIG = """<View>
  <Header value="$indicator_name"/>
  <Text name="about" value="$about"/>
  <Text name="text" value="$text"/>
  <Choices name="status" toName="text" choice="single" required="true">
    <Choice value="已披露"/><Choice value="待专家判断"/><Choice value="未找到"/>
    <Choice value="无法读取"/><Choice value="不适用"/>
  </Choices>
  <Rating name="level" toName="text" maxRating="4"/>
  <TextArea name="why" toName="text"/>
</View>
"""


def label_studio(
    score: ReportScore, decisions: Sequence[Decision], model_version: str
) -> list[dict[str, Any]]:
    """One task a finding, in the sheet's order.

    Args:
        score: Zejian's own (``pipeline.override.undone``).
        decisions: Of the experts, as they may be seen; each becomes an annotation, in the order
            of ``data.experts`` (Label Studio takes no names that it has no account of).
        model_version: Version of the matcher.
    """
    given: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for one in decisions:
        if one.subject == "finding" and one.status in STATUS:
            given[one.framework, one.key].append(one)
    return [_task(score, f, given[f.framework, f.indicator], model_version) for f in score.findings]


def tasks_json(tasks: Sequence[dict[str, Any]]) -> bytes:
    """Tasks as Label Studio imports them."""
    return json.dumps(tasks, ensure_ascii=False, indent=1).encode() + b"\n"


def _task(
    score: ReportScore, finding: Finding, given: Sequence[Decision], model_version: str
) -> dict[str, Any]:
    status = STATUS[finding.status]
    predicted = {
        "model_version": model_version,
        "score": finding.probability,
        "result": list(_result(status, finding.level, "")),
    }
    return {
        "data": _data(score, finding) | {"experts": "、".join(one.who for one in given)},
        "predictions": [predicted],
        "annotations": [
            {
                "created_at": one.when,
                "result": list(_result(_STATUS[one.status], int(one.level or 0), one.why)),
            }
            for one in given
        ],
    }


def _data(score: ReportScore, finding: Finding) -> dict[str, Any]:
    best = next(iter(finding.evidence or finding.nearest), None)
    told = {
        "submission": score.submission.id,
        "company": score.submission.registration.company,
        "framework": finding.framework,
        "indicator": finding.indicator,
        "indicator_name": f"{finding.indicator} {finding.name}",
        "about": "证据原文" if finding.evidence else NEAREST,
        "text": best.quote if best else NONE,
    }
    if best is None:
        return told
    place = {"page": best.page, "start": best.start, "end": best.end}
    return {**told, **place, "heading": "/".join(best.heading)}


def _result(status: str, level: int, why: str) -> Iterator[dict[str, Any]]:
    yield _given("status", "choices", {"choices": [status]})
    if level:
        yield _given("level", "rating", {"rating": level})
    if why:
        yield _given("why", "textarea", {"text": [why]})


def _given(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": name, "to_name": "text", "type": kind, "value": value}
