"""``zejian desk``: the review desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, app, refuse


@app.command(cls=Command, help="打开评审台：专家改判，评审办公室看全年。")
def desk(
    out: Annotated[Path, typer.Argument(metavar="结果", help="zejian review 的输出文件夹。")],
    materials: Annotated[
        Path | None,
        typer.Option(help="申报材料文件夹，用来显示版面。", show_default="网上收件的文件夹"),
    ] = None,
    last_year: Annotated[
        Path | None,
        typer.Option(help="上年的输出文件夹，重新评审时逐家相比。", show_default="同上次评审"),
    ] = None,
    host: Annotated[str, typer.Option(help="监听的地址；对外开放须先有账号。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 8780,
) -> None:
    """Serve the review desk until interrupted."""
    from pipeline.desk.command import CannotOpen, serve

    try:
        serve(out, materials, last_year, host, port, typer.echo)
    except CannotOpen as fault:
        refuse(str(fault))
