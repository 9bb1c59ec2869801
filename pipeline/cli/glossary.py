"""``zejian frameworks``: list, show and lint."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import PLAIN, SOME_FAILED, Command, Json, app, refusing

if TYPE_CHECKING:
    from pipeline.frameworks import Framework

glossary = typer.Typer(help="查看、校验指南。", **PLAIN)
app.add_typer(glossary, name="frameworks")


@glossary.command("list", cls=Command, help="列出全部指南。")
def list_(as_json: Json = False) -> None:
    """All shipped frameworks, one a line."""
    from pipeline import choices
    from pipeline.frameworks import framework_ids

    found = choices.chosen_frameworks(framework_ids())
    if as_json:
        typer.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        typer.echo(f"{one.id}\t{len(one.indicators)} 项\t{_title(one)}")


def _title(one: Framework) -> str:
    return one.title + ("（草案）" if one.draft and "草案" not in one.title else "")


def _facts(one: Framework) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "short": one.short,
        "draft": one.draft,
        "indicators": len(one.indicators),
    }


@glossary.command(cls=Command, help="显示一部指南的全部指标。")
def show(
    name: Annotated[str, typer.Argument(metavar="指南", help="指南名或 YAML 文件。")],
    as_json: Json = False,
) -> None:
    """One framework's indicators."""
    from pipeline import choices

    with refusing():
        (found,) = choices.chosen_frameworks([name])
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    typer.echo(_title(found) + (f"\n{found.draft_note}" if found.draft else ""))
    for one in found.indicators:
        typer.echo(f"{one.code}\t{one.name}\t{one.definition}")


@glossary.command(cls=Command, help="校验一部指南：格式、例句是否如所写般被采信或拒绝、措辞建议。")
def lint(
    file: Annotated[str, typer.Argument(metavar="文件", help="指南 YAML 文件。")],
    as_json: Json = False,
) -> None:
    """Faults of a framework file and advice on its wording, one a line; exit 3 for faults."""
    from pipeline.lint import examine

    with refusing():
        found = examine(file)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        lines = (*found.faults, *(f"建议：{one}" for one in found.advice))
        typer.echo("\n".join(lines or ("没有发现问题。",)))
    if found.faults:
        raise typer.Exit(SOME_FAILED)
