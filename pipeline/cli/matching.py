"""``zejian match``, ``evaluate`` and ``train``: the matcher by itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import Command, app, refuse, refusing


@app.command(cls=Command, help="从标准输入读 JSONL 段落，逐行输出符合的指标。")
def match(
    framework: Annotated[list[str], typer.Option(help="指南名或 YAML 文件，可给多个。")],
    doc_field: Annotated[
        str | None, typer.Option(help="标明段落属于哪份报告的字段。", show_default="全部属于一份")
    ] = None,
) -> None:
    """Match passages from outside; nothing is written unless all lines can be read."""
    from pipeline.workers import one_thread_each

    one_thread_each()
    from pipeline import choices
    from pipeline.lines import match_lines, read_lines

    with refusing():
        chosen = choices.chosen_frameworks(framework)
        given = read_lines(sys.stdin.buffer, doc_field)
        matcher = choices.open_matcher(chosen, choices.settings().encoder)
    for line in match_lines(given, matcher):
        typer.echo(line)


@app.command(cls=Command, help="在已标注的报告上检验匹配的准确程度。")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="标注", help="文件夹，每份报告一个 JSONL。")],
    texts: Annotated[Path | None, typer.Option(help="报告全文：重新训练并交叉验证。")] = None,
    out: Annotated[Path | None, typer.Option(help="另存为 JSON。")] = None,
    page: Annotated[Path | None, typer.Option(help="另存为带可靠性图的网页。")] = None,
) -> None:
    """Figures of the shipped matcher, or of a training run cross-validated over reports."""
    from pipeline.evaluate import command

    with refusing():
        found, lines = command.run(gold, texts, None)
    typer.echo("\n".join(lines))
    if out:
        command.write(found, out)
    if page:
        command.draw(found, page)


@app.command(cls=Command, help="用已标注的报告重新训练匹配模型。")
def train(
    gold: Annotated[Path, typer.Argument(metavar="标注", help="文件夹，每份报告一个 JSONL。")],
    texts: Annotated[Path, typer.Argument(metavar="全文", help="报告全文文件夹。")],
    out: Annotated[Path, typer.Argument(metavar="输出", help="写模型的文件夹。")],
) -> None:
    """Rebuild the models; refuses to write any that fall below the pinned floors."""
    from pipeline.evaluate.command import lines
    from pipeline.train.command import GotWorse
    from pipeline.train.command import train as rebuild

    with refusing():
        try:
            typer.echo("\n".join(lines(rebuild(gold, texts, out))))
        except GotWorse as fault:
            refuse(f"新模型不如原来，没有写入：{fault}")
