"""What a valid framework file could say better: its cues, units, groups and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.frameworks import Framework, Indicator

SHARED = 3  # indicators of one framework that may share a cue; beyond, it tells nothing
LONGEST_CUE = 16  # characters; a longer phrase is hardly ever met word for word
EXAMPLE = range(8, 201)  # characters of a passage that a reviewer would quote


@dataclass(frozen=True)
class Issue:
    """Something to better in a framework's wording; ``indicator`` is "" if about the whole."""

    code: str
    indicator: str
    message: str  # Chinese, for the one who writes the file


def lint(framework: Framework) -> tuple[Issue, ...]:
    """What a valid framework could say better, in file order; nothing is matched."""
    own = (issue for i in framework.indicators for issue in _own_issues(i))
    return (*_empty_groups(framework), *_shared_cues(framework), *own)


def _empty_groups(framework: Framework) -> Iterator[Issue]:
    used = {i.group for i in framework.indicators} | {g.parent for g in framework.groups}
    for group in framework.groups:
        if group.code not in used:
            yield Issue("group_empty", "", f"分组“{group.code} {group.name}”下没有指标。")


def _shared_cues(framework: Framework) -> Iterator[Issue]:
    counts = Counter(cue for i in framework.indicators for cue in set(i.cues))
    for cue, count in counts.items():
        if count > SHARED:
            yield Issue("cue_shared", "", f"提示语“{cue}”由 {count} 个指标共用，难以区分。")


def _own_issues(indicator: Indicator) -> Iterator[Issue]:
    code, examples = indicator.code, indicator.examples
    if indicator.kind == "quantitative" and not indicator.units:
        yield Issue("units_missing", code, "定量指标没有写计量单位。")
    for cue in indicator.cues:
        if len(cue) > LONGEST_CUE:
            yield Issue("cue_long", code, f"提示语“{cue}”超过 {LONGEST_CUE} 个字。")
    yield from _repeats(code, "提示语", indicator.cues)
    for cue in sorted({*indicator.cues} & {*indicator.not_cues}):
        yield Issue("cue_torn", code, f"“{cue}”既是提示语又是排除语。")
    yield from _repeats(code, "例句", (*examples.positive, *examples.negative))
    for text in (*examples.positive, *examples.negative):
        if len(text) not in EXAMPLE:
            yield Issue("example_length", code, f"例句长 {len(text)} 字，应为 8 至 200 字：{text}")


def _repeats(code: str, what: str, texts: tuple[str, ...]) -> Iterator[Issue]:
    for text, count in Counter(texts).items():
        if count > 1:
            yield Issue("repeated", code, f"{what}重复 {count} 次：{text}")
