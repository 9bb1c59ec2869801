"""Labelled reports: what the matcher learns from and is tested on."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from pipeline.choices import BadUse
from pipeline.match.text import normal
from pipeline.records import Flag, Passage
from pipeline.resources import shipped

FIELDS = {"gbt36000": ("gbt", ""), "gri": ("gri", "GRI ")}  # framework: key and code prefix
UNKNOWN = -1  # level of a passage that nobody graded (decisions of experts as labels)
_NEEDED = {"heading", "text", "level", "flags", *(key for key, _ in FIELDS.values())}
MORE = "csr2016-more.jsonl"
SINGLE = 0.7  # trust in labels given once, unadjudicated


@dataclass(frozen=True)
class LabelledReport:
    """A report's passages with what a reader said of each.

    Attributes:
        name: Report id, with ``@`` and a number where only a part was labelled; passages of
            one report are never split between folds.
        passages: In report order.
        codes: Per passage, the (framework, code) pairs it is evidence for.
        levels: Disclosure level of each passage, 0-4, or `UNKNOWN`.
        flags: Flags of each passage.
        trust: Weight in training: 1 for adjudicated labels.
        whole: Whether the whole report was labelled, so that absence is known too.
    """

    name: str
    passages: tuple[Passage, ...]
    codes: tuple[frozenset[tuple[str, str]], ...]
    levels: tuple[int, ...]
    flags: tuple[frozenset[str], ...]
    trust: float = 1.0
    whole: bool = True

    @property
    def source(self) -> str:
        """Id of the report, also where this is a part of one."""
        return self.name.partition("@")[0]

    def normal_texts(self) -> tuple[list[str], list[str]]:
        """Normal texts and headings of the passages."""
        headings = [normal("/".join(p.heading[-2:])) for p in self.passages]
        return [normal(p.text) for p in self.passages], headings

    def wanted(self, framework: str, codes: Sequence[str]) -> np.ndarray:
        """Labels as a matrix, (passages, codes) float32."""
        rows = [[float((framework, code) in said) for code in codes] for said in self.codes]
        return np.array(rows, np.float32).reshape(len(self.passages), len(codes))

    def outcomes(self) -> np.ndarray:
        """What was said of levels and flags, (passages, `levels.OUTCOMES`) 0 or 1."""
        deep = np.array(self.levels)[:, None] >= np.arange(1, 5)
        flags = [[flag in said for flag in get_args(Flag)] for said in self.flags]
        return np.hstack([deep, np.array(flags)]).astype(np.float32)


def read_labelled(folder: Path) -> Iterator[LabelledReport]:
    """Labelled reports of a folder of JSONL files, one report a file, sorted by name.

    Each line has `_NEEDED`, and ``id`` (docs/evaluation.md).

    Raises:
        BadUse: the folder holds no such files, or a line is not as it should be.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise BadUse(f"“{folder}”中没有标注文件（*.jsonl）。")
    for path in paths:
        numbered = enumerate(path.read_text("utf-8").splitlines(), 1)
        yield _report(path.stem, [_line(f"{path.name} 第 {n} 行", text) for n, text in numbered])


def _line(where: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as fault:
        raise BadUse(f"{where}：不是 JSON。") from fault
    if missing := _NEEDED - (found.keys() if isinstance(found, dict) else set()):
        raise BadUse(f"{where}：缺少字段（{'、'.join(sorted(missing))}）。")
    return dict(found)


def read_own_labels(texts: Path, name: str = "csr2016.jsonl") -> Iterator[LabelledReport]:
    """Our own labels of parts of reports, in data/labels.

    The file holds places, not words: spans into the report's text without white space.

    Args:
        texts: Folder with the reports, ``<id>.txt``.
        name: ``csr2016.jsonl``, or `MORE` for what the network alone learns from.
    """
    lines = shipped("data", "labels", name).read_text("utf-8").splitlines()
    labels = (json.loads(line) for line in lines)
    for unit, rows in itertools.groupby(labels, key=lambda row: row["unit"]):
        source = texts / f"{unit.partition('@')[0]}.txt"
        text = re.sub(r"\s+", "", source.read_text("utf-8"))
        filled = [
            {**row, "heading": text[slice(*row["heading"])], "text": text[slice(*row["text"])]}
            for row in rows
        ]
        yield _report(unit, filled, SINGLE, whole=False)


def read_fictional() -> Iterator[LabelledReport]:
    """Fictional reports of our own writing, data/labels/fictional/*.jsonl.

    They are of kinds that the public reports lack: small organisations, services, reports built
    along the core subjects of GB/T 36000.
    """
    for report in read_labelled(shipped("data", "labels", "fictional")):
        yield replace(report, trust=SINGLE, whole=False)


def _report(
    name: str, lines: Sequence[dict[str, Any]], trust: float = 1.0, whole: bool = True
) -> LabelledReport:
    return LabelledReport(
        name=name,
        passages=tuple(_passage(line, k) for k, line in enumerate(lines)),
        codes=tuple(_codes(line) for line in lines),
        levels=tuple(line["level"] for line in lines),
        flags=tuple(frozenset(line["flags"]) for line in lines),
        trust=trust,
        whole=whole,
    )


def _passage(line: dict[str, Any], number: int) -> Passage:
    heading = (line["heading"],) if line["heading"] else ()
    return Passage(line.get("id", str(number)), line["text"], heading)


def _codes(line: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (framework, prefix + code)
        for framework, (key, prefix) in FIELDS.items()
        for code in line[key]
    )
