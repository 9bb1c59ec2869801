"""The data dictionary (数据字典), from the schema: for people and for programs."""

from __future__ import annotations

import csv
from pathlib import Path

from pipeline.panel.schema import TABLES, TOLD

HEAD = ("表", "表名", "字段", "类型", "含义")
INTRODUCTION = """# 数据字典

由 `zejian panel` 生成。每张表有一个 Parquet 文件；`csv/` 中含年度的表按年度分文件，
便于 Excel 打开（编码为带 BOM 的 UTF-8；以 =、+、-、@ 开头的文字前加了一个单引号，以免被当作公式）。
同一企业同一年度有多份报告时，请只用 `main` 为真的行。
"""


def write_dictionary(folder: Path) -> None:
    """Write dictionary.csv and dictionary.md into ``folder``."""
    with (folder / "dictionary.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for table in TABLES.values():
            rows = (
                (table.name, table.title, c.name, TOLD[c.type], c.meaning) for c in table.columns
            )
            writer.writerows(rows)
    (folder / "dictionary.md").write_text(
        "\n".join([INTRODUCTION, *map(_section, TABLES)]), "utf-8"
    )


def _section(name: str) -> str:
    table = TABLES[name]
    lines = [f"| `{c.name}` | {TOLD[c.type]} | {c.meaning} |" for c in table.columns]
    return "\n".join(
        [f"## {name}：{table.title}\n", "| 字段 | 类型 | 含义 |", "|---|---|---|", *lines, ""]
    )
