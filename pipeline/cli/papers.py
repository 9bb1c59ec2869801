"""``zejian letter``, ``zejian compare`` and ``zejian papers``: what the office sends and files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, app, refusing

Out = Annotated[Path, typer.Argument(metavar="结果", help="zejian review 的输出文件夹。")]


@app.command(cls=Command, help="为已评审的报告写修改建议函（Word）。")
def letter(
    out: Out,
    submissions: Annotated[
        list[str] | None,
        typer.Argument(metavar="报告", help="报告的输出文件夹名；不写则为全部报告。"),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            envvar="ZEJIAN_LETTER_TEMPLATE", help="另用的 Word 模板。", show_default="随程序所附"
        ),
    ] = None,
) -> None:
    """Letters of reviewed reports."""
    from pipeline.letters import TEMPLATE, write_letters

    with refusing():
        for path in write_letters(out, submissions or (), template or TEMPLATE):
            typer.echo(f"已写 {path}")
