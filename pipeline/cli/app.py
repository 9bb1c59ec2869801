"""The root of the command line: how help reads, and how bad use is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from pipeline import __version__
from pipeline.phrases import REFUSALS, in_chinese

SOME_FAILED, BAD_USE, INTERRUPTED = 3, 2, 130


class Command(TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:  # noqa: D102
        return in_chinese(super().get_help(ctx))


# As help lists them.
ORDER = (
    "review",
    "letter",
    "compare",
    "papers",
    "desk",
    "decisions",
    "accounts",
    "match",
    "frameworks",
    "config",
    "evaluate",
    "panel",
    "trends",
    "train",
)


class Group(TyperGroup):
    """A group of commands whose help is Chinese throughout."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: D102
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def get_help(self, ctx: Any) -> str:  # noqa: D102
        return in_chinese(super().get_help(ctx))


PLAIN: dict[str, Any] = {
    "cls": Group,
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "add_completion": False,
    "pretty_exceptions_enable": False,
}
app = typer.Typer(help="责鉴：评审企业社会责任报告，每个结论都指向原文。", **PLAIN)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]


def main() -> None:
    """Run the command line; every refusal is a Chinese sentence on stderr and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TyperException as fault:
        refuse(_sentence(fault))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("已中断。再次运行同一命令会接着做。", err=True)
        sys.exit(INTERRUPTED)


def _sentence(fault: TyperException) -> str:
    kind = type(fault).__name__
    if kind == "NoArgsIsHelpError":
        return str(fault)
    parameter = getattr(fault, "param", None)
    named = parameter.metavar or parameter.opts[-1] if parameter else ""
    return f"{REFUSALS.get(kind, '用法有误')}：{getattr(fault, 'option_name', named) or fault}"


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong with the use, and leave with `BAD_USE`."""
    typer.echo(sentence, err=True)
    sys.exit(BAD_USE)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn bad choices of the user into a refusal."""
    from pipeline.choices import BadUse

    try:
        yield
    except BadUse as fault:
        refuse(str(fault))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zejian {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
) -> None:
    pass
