"""``zejian review``: a folder or one report."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.app import SOME_FAILED, Command, Json, app, refusing


@app.command(cls=Command, help="评审一个文件夹（或一个文件），为每份报告生成覆盖表。")
def review(
    source: Annotated[
        str, typer.Argument(metavar="材料", help="申报材料文件夹，或一份报告；也可在对象存储中。")
    ],
    programme: Annotated[str, typer.Option(help="项目名，或项目 YAML 文件。")] = "shanghai-2023",
    out: Annotated[
        str | None,
        typer.Option(help="输出文件夹；也可在对象存储中。", show_default="reports_out/项目名"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="同时处理几份报告。", show_default="处理器核数")
    ] = None,
    runner: Annotated[
        Literal["local", "dask"] | None,
        typer.Option(help="在本机（local）或 Dask 集群（dask）处理。", show_default="local"),
    ] = None,
    frameworks: Annotated[
        str, typer.Option(help="只用这些指南，以逗号分隔。", show_default="项目规定的全部指南")
    ] = "",
    last_year: Annotated[
        Path | None,
        typer.Option(help="上年的输出文件夹，逐家与上年报告相比。", show_default="不比较"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Review a folder or one file; see the exit codes above."""
    from pipeline.workers import one_thread_each

    one_thread_each()
    gc.set_threshold(50_000, 20)  # what is loaded now stays: looking through it takes a fifth
    from pipeline import choices
    from pipeline.places import manifest
    from pipeline.terminal import progress, show_year
    from pipeline.year import review_year

    out = out or str(Path("reports_out", Path(programme).stem))
    names = [name.strip() for name in frameworks.split(",") if name.strip()]
    with refusing():
        settings = choices.settings()
        given = {"workers": workers, "runner": runner}
        settings = settings.model_copy(update={k: v for k, v in given.items() if v})
        configuration = choices.configuration(programme, names, settings, last_year)
        year = review_year(source, out, configuration, settings, progress)
    if as_json:
        typer.echo(manifest(out), nl=False)
    else:
        show_year(year, out.rstrip("/"))
    if any(one.status == "failed" for one in year.outcomes):
        raise typer.Exit(SOME_FAILED)
