"""A framework file examined: its shape, whether examples are matched as they say, its wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from pipeline.choices import BadUse, open_matcher
from pipeline.frameworks import Framework, read_framework
from pipeline.phrases import shape_fault
from pipeline.records import Passage
from pipeline.wording import lint

ACCEPTED = 0.5  # probability at which an example counts as accepted


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a framework file, and what it could say better: Chinese sentences."""

    faults: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()  # on its wording; none while its shape is wrong


def examine(file: str) -> Verdict:
    """Read a framework file as the matcher would.

    Raises:
        BadUse: there is no such file.
    """
    path = Path(file)
    if not path.is_file():
        raise BadUse(f"找不到文件“{file}”。")
    try:
        found = read_framework(path)
    except ValidationError as fault:
        return Verdict(tuple(shape_fault(one) for one in fault.errors()))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        return Verdict((f"不是 UTF-8 编码的 YAML：{fault}",))
    advice = (f"{issue.indicator} {issue.message}".lstrip() for issue in lint(found))
    return Verdict(tuple(_examples(found)), tuple(advice))


def _examples(found: Framework) -> Iterator[str]:
    """Every example is a report of its own: neighbours must not help it."""
    matcher = open_matcher((found,), None)
    for indicator in found.indicators:
        sides = ((indicator.examples.positive, True), (indicator.examples.negative, False))
        for text, wanted in ((text, wanted) for texts, wanted in sides for text in texts):
            (reading,) = matcher.read((Passage("example", text, (), end=len(text)),))
            got = {m.indicator: m.probability for m in reading.matches}.get(indicator.code, 0.0)
            if (got >= ACCEPTED) != wanted:
                verdict = "正例未被采信" if wanted else "反例被采信"
                yield f"{indicator.code} {indicator.name}：{verdict}（{got:.2f}）{text}"
