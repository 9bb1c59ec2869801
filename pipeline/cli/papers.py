"""``zejian letter``, ``zejian compare`` and ``zejian papers``: what the office sends and files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, Json, app, refusing

Out = Annotated[Path, typer.Argument(metavar="结果", help="zejian review 的输出文件夹。")]


@app.command(cls=Command, help="为已评审的报告写修改建议函（Word）。")
def letter(
    out: Out,
    submissions: Annotated[
        list[str] | None,
        typer.Argument(metavar="报告", help="报告的输出文件夹名；不写则为全部报告。"),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="另用的 Word 模板。", show_default="随程序所附")
    ] = None,
) -> None:
    """Letters of reviewed reports."""
    from pipeline import choices
    from pipeline.letters import TEMPLATE, write_letters

    with refusing():
        chosen = template or choices.settings().letter_template or TEMPLATE
        for path in write_letters(out, submissions or (), chosen):
            typer.echo(f"已写 {path}")


@app.command(cls=Command, help="对照初稿与修改稿，逐条说明意见是否落实。")
def compare(
    first: Annotated[Path, typer.Argument(metavar="初稿", help="报告的输出文件夹，或报告文件。")],
    revised: Annotated[Path, typer.Argument(metavar="修改稿", help="同上。")],
    out: Annotated[
        Path | None, typer.Option(help="报告文件的评审结果所在的文件夹。", show_default="不用")
    ] = None,
    as_json: Json = False,
) -> None:
    """Two versions of a report, suggestion by suggestion."""
    from pipeline.comparing import compare_reviews

    with refusing():
        folder, made = compare_reviews(first, revised, out)
    if as_json:
        typer.echo((folder / "compare.json").read_text("utf-8"), nl=False)
        return
    from pipeline.emit.comparison import brief

    for line in brief(made):
        typer.echo(line)
    typer.echo(f"对照表：{folder / 'compare.html'}、compare.docx")


@app.command(cls=Command, help="写年度材料：发布单位名单、证书名单、奖项候选和统计公报。")
def papers(
    out: Out,
    year: Annotated[
        int | None, typer.Option(help="统计公报的报告年度。", show_default="项目规定的年度")
    ] = None,
) -> None:
    """Papers of a reviewed year."""
    from pipeline.yearpapers import write_year_papers

    with refusing():
        for path in write_year_papers(out, year):
            typer.echo(f"已写 {path}")
