"""``zejian config``: all settings, with value and source."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from pipeline.cli.app import Command, Json, app, refusing

SOURCES = {"default": "默认", "file": "zejian.toml", "environment": "环境变量"}


@app.command(cls=Command, help="列出全部设置：取值、来源和含义。")
def config(as_json: Json = False) -> None:
    """Settings as any other command would find them here, one a line."""
    from pipeline import choices
    from pipeline.settings import told

    with refusing():
        found = told(choices.settings())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        typer.echo(f"{one.name}\t{one.value or '（空白）'}\t{SOURCES[one.source]}\t{one.meaning}")
