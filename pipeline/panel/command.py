"""What ``zejian panel`` does, in sentences for whoever typed it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.choices import BadUse
from pipeline.panel.build import build_panel, report_folders


def build(outs: Sequence[Path], to: Path, same: Path | None, workers: int) -> str:
    """Build the panel and say what is in it; BadUse where there is nothing to build from."""
    try:
        empty = [str(out) for out in outs if not report_folders([out])]
        if empty:
            raise BadUse(f"这些文件夹中没有评审结果（findings.json）：{'、'.join(empty)}")
        built = build_panel(outs, to, confirmed(same) if same else (), workers)
    except ValidationError as fault:
        raise BadUse("有的评审结果不是本版所能读取的，请用本版重新评审。") from fault
    except OSError as fault:
        raise BadUse(f"无法写入“{to}”：{fault.strerror or fault}") from fault
    counts = dict(built.rows)
    told = "{companies} 家企业、{reports} 份报告、{indicators} 条指标结论".format(**counts)
    asked = (
        f"\n有 {built.proposals} 对名称相近，未合并，请看 proposals；确认后用 --same 合并。"
        if built.proposals
        else ""
    )
    return f"{told}，已写入“{to}”（说明见 dictionary.md）。{asked}"


def confirmed(path: Path) -> list[tuple[str, str]]:
    """Pairs of names, two columns a row; the first row may be a heading."""
    try:
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as fault:
        raise BadUse(f"无法读取“{path}”，应为 UTF-8 编码的 CSV。") from fault
    if bad := [n for n, row in enumerate(rows, 1) if row and len(row) < 2]:
        raise BadUse(f"“{path}”第 {bad[0]} 行不是两个名称。")
    return [(row[0], row[1]) for row in rows if row]
