"""``zejian trends``: what the reports tell over the years, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, app, refuse, refusing


@app.command(cls=Command, help="把多年数据集画成历年趋势（一个网页文件）。")
def trends(
    panel: Annotated[Path, typer.Argument(metavar="数据集", help="zejian panel 的输出文件夹。")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个网页文件。")],
    text: Annotated[
        list[Path] | None,
        typer.Option(
            "--text",
            help="各年 zejian review 的输出文件夹，可写多次；给出后另有年度主题、词语与话题。",
            show_default="无",
        ),
    ] = None,
) -> None:
    """Write the trends page."""
    with refusing():
        try:
            from pipeline.trends import write_trends
        except ImportError:
            refuse("历年趋势需要附加组件：pip install 'zejian[years]'")
        write_trends(panel, out, text or ())
        typer.echo(f"已写 {out}")
