"""Annual themes (年度主题): what a report tells of each, with highlights in its words."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.conform.words import Said, highlights, practised
from pipeline.facts import ConditionResult, ConditionState
from pipeline.programmes import Programme, Theme
from pipeline.records import Document, Reading


def themes(programme: Programme, said: Said) -> tuple[ConditionResult, ...]:
    """One result a theme, in the order of the programme; ``value`` counts its passages.

    ``met`` where a passage tells of practice, ``confirm`` where the words stand in statements
    of belief alone, ``absent`` where no passage holds them.
    """
    asked = [theme for theme in programme.themes if theme.kind == "theme"]
    return tuple(_result(theme, said.document, said.speaking(theme.cues)) for theme in asked)


def _result(theme: Theme, document: Document, held: Sequence[Reading]) -> ConditionResult:
    done = practised(held)
    state: ConditionState
    if done:
        note, state = f"{len(done)}处讲到具体做法或数据。", "met"
    elif held:
        note, state = "只有理念性表述，未见具体做法，请人工确认。", "confirm"
    else:
        note, state = f"未找到与“{'、'.join(theme.cues[:4])}”等有关的内容。", "absent"
    return ConditionResult(
        code=theme.code,
        name=f"{theme.group}—{theme.name}",
        state=state,
        note=f"{note}（线索词为本地所拟）",
        value=float(len(held)),
        unit="处",
        quotes=highlights(document, done or held),
    )
