"""``zejian panel``: reviewed years as one data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, app, refuse, refusing


@app.command(cls=Command, help="把历年评审结果汇成一套数据（Parquet、CSV 和数据字典）。")
def panel(
    outs: Annotated[
        list[Path], typer.Argument(metavar="结果", help="各年 zejian review 的输出文件夹。")
    ],
    to: Annotated[Path, typer.Option("--to", help="数据集文件夹。")],
    same: Annotated[
        Path | None,
        typer.Option(
            "--same", help="人工确认为同一企业的名称：CSV，每行两个名称。", show_default="无"
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="同时用几个进程读取。")] = 2,
) -> None:
    """Write the panel of several years."""
    with refusing():
        try:
            from pipeline.panel.command import build
        except ImportError:
            refuse("多年数据集需要附加组件：pip install 'zejian[years]'")
        typer.echo(build(outs, to, same, workers))
