"""Why a match was made, in Chinese short enough for a cell of the sheet."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from pipeline.match.glossary import Glossary

LIKE = 0.3  # similarity to an example from which it is worth naming
SHORT = 24  # characters of an example shown


def reasons(
    glossary: Glossary, number: int, text: Set[str], heading: Set[str], similar: np.ndarray
) -> tuple[str, ...]:
    """Up to three reasons, the most telling first.

    Args:
        glossary: The indicator's framework.
        number: Index of the indicator in it.
        text: Cues found in the passage.
        heading: Cues found in its headings.
        similar: Similarity of the passage to each of ``glossary.texts``, (texts,).
    """
    found = []
    if cues := glossary.cues_among(text, number):
        found.append("线索词：" + "、".join(cues[:3]))
    if cues := glossary.cues_among(heading, number):
        found.append("所在标题：" + "、".join(cues[:2]))
    first, end = glossary.bounds[number : number + 2]
    best = first + int(np.argmax(similar[first:end]))
    if similar[best] >= LIKE:
        example = glossary.texts[best]
        found.append(f"近似例句：{example[:SHORT]}{'…' if len(example) > SHORT else ''}")
    return tuple(found) or ("上下文与同类段落",)
