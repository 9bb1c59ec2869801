"""Faults of a framework file: its shape, and whether the matcher keeps its examples' word."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from pipeline.choices import BadUse, open_matcher
from pipeline.frameworks import Framework, read_framework
from pipeline.records import Passage

ACCEPTED = 0.5  # probability at which an example counts as accepted


def faults(file: str) -> list[str]:
    """What is wrong with a framework file, a Chinese sentence each; empty if nothing is.

    Raises:
        BadUse: there is no such file.
    """
    path = Path(file)
    if not path.is_file():
        raise BadUse(f"找不到文件“{file}”。")
    try:
        found = read_framework(path)
    except ValidationError as fault:
        return [f"{'.'.join(map(str, e['loc'])) or '整个文件'}：{e['msg']}" for e in fault.errors()]
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        return [f"不是 UTF-8 编码的 YAML：{fault}"]
    return _examples(found)


def _examples(found: Framework) -> list[str]:
    """Every example is a report of its own: neighbours must not help it."""
    matcher = open_matcher((found,), None)
    broken = []
    for indicator in found.indicators:
        sides = ((indicator.examples.positive, True), (indicator.examples.negative, False))
        for text, wanted in ((text, wanted) for texts, wanted in sides for text in texts):
            (reading,) = matcher.read((Passage("example", text, (), end=len(text)),))
            got = {m.indicator: m.probability for m in reading.matches}.get(indicator.code, 0.0)
            if (got >= ACCEPTED) != wanted:
                verdict = "正例未被采信" if wanted else "反例被采信"
                broken.append(f"{indicator.code} {indicator.name}：{verdict}（{got:.2f}）{text}")
    return broken
