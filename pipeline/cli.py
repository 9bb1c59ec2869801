"""The command ``zejian``: Chinese on the terminal, JSON for programs.

Exit codes: 0 all done, 3 some reports failed (or a framework file has faults), 2 bad use.
What is heavy is imported by the command that needs it: help must answer at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from pipeline import __version__
from pipeline.phrases import REFUSALS, in_chinese

if TYPE_CHECKING:
    from pipeline.frameworks import Framework

SOME_FAILED, BAD_USE, INTERRUPTED = 3, 2, 130


class _Command(TyperCommand):
    def get_help(self, ctx: typer.Context) -> str:
        return in_chinese(super().get_help(ctx))


class _Group(TyperGroup):
    def get_help(self, ctx: typer.Context) -> str:
        return in_chinese(super().get_help(ctx))


_PLAIN = {
    "cls": _Group,
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "add_completion": False,
    "pretty_exceptions_enable": False,
}
app = typer.Typer(help="责鉴：评审企业社会责任报告，每个结论都指向原文。", **_PLAIN)
glossary = typer.Typer(help="查看、校验指南。", **_PLAIN)
app.add_typer(glossary, name="frameworks")

Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]


def main() -> None:
    """Run the command line; every refusal is a Chinese sentence on stderr and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TyperException as fault:
        _refuse(_sentence(fault))
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


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(BAD_USE)


@contextmanager
def _refusing() -> Iterator[None]:
    from pipeline.choices import BadUse

    try:
        yield
    except BadUse as fault:
        _refuse(str(fault))


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


@app.command(cls=_Command, help="评审一个文件夹（或一个文件），为每份报告生成覆盖表。")
def review(
    source: Annotated[Path, typer.Argument(metavar="材料", help="申报材料文件夹，或一份报告。")],
    programme: Annotated[str, typer.Option(help="项目名，或项目 YAML 文件。")] = "shanghai-2023",
    out: Annotated[
        Path | None, typer.Option(help="输出文件夹。", show_default="reports_out/项目名")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="同时处理几份报告。", show_default="处理器核数")
    ] = None,
    frameworks: Annotated[
        str, typer.Option(help="只用这些指南，以逗号分隔。", show_default="项目规定的全部指南")
    ] = "",
    as_json: Json = False,
) -> None:
    """Review a folder or one file; see the exit codes above."""
    from pipeline.workers import one_thread_each

    one_thread_each()
    from pipeline import choices
    from pipeline.terminal import progress, show_year
    from pipeline.year import review_year

    out = out or Path("reports_out", Path(programme).stem)
    names = [name.strip() for name in frameworks.split(",") if name.strip()]
    with _refusing():
        settings = choices.settings()
        settings = settings.model_copy(update={"workers": workers or settings.workers})
        configuration = choices.configuration(programme, names, settings)
        year = review_year(source, out, configuration, settings, progress)
    if as_json:
        typer.echo((out / "run.json").read_text("utf-8"), nl=False)
    else:
        show_year(year, out)
    if any(one.status == "failed" for one in year.outcomes):
        raise typer.Exit(SOME_FAILED)


@app.command(cls=_Command, help="打开评审台：专家改判，评审办公室看全年。")
def desk(
    out: Annotated[Path, typer.Argument(metavar="结果", help="zejian review 的输出文件夹。")],
    materials: Annotated[
        Path | None,
        typer.Option(help="申报材料文件夹，用来显示版面。", show_default="网上收件的文件夹"),
    ] = None,
    host: Annotated[str, typer.Option(help="监听的地址；对外开放须先有账号。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 8780,
) -> None:
    """Serve the review desk until interrupted."""
    from pipeline.desk.command import CannotOpen, serve

    try:
        serve(out, materials, host, port, typer.echo)
    except CannotOpen as fault:
        _refuse(str(fault))


@app.command(cls=_Command, help="从标准输入读 JSONL 段落，逐行输出符合的指标。")
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

    with _refusing():
        chosen = choices.chosen_frameworks(framework)
        given = read_lines(sys.stdin.buffer, doc_field)
        matcher = choices.open_matcher(chosen, choices.settings().encoder)
    for line in match_lines(given, matcher):
        typer.echo(line)


@app.command(cls=_Command, help="在已标注的报告上检验匹配的准确程度。")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="标注", help="文件夹，每份报告一个 JSONL。")],
    texts: Annotated[Path | None, typer.Option(help="报告全文：重新训练并交叉验证。")] = None,
    out: Annotated[Path | None, typer.Option(help="另存为 JSON。")] = None,
) -> None:
    """Figures of the shipped matcher, or of a training run cross-validated over reports."""
    from pipeline.evaluate import command

    found, lines = command.run(gold, texts, None)
    typer.echo("\n".join(lines))
    if out:
        command.write(found, out)


@app.command(cls=_Command, help="用已标注的报告重新训练匹配模型。")
def train(
    gold: Annotated[Path, typer.Argument(metavar="标注", help="文件夹，每份报告一个 JSONL。")],
    texts: Annotated[Path, typer.Argument(metavar="全文", help="报告全文文件夹。")],
    out: Annotated[Path, typer.Argument(metavar="输出", help="写模型的文件夹。")],
) -> None:
    """Rebuild the models; refuses to write any that fall below the pinned floors."""
    from pipeline.evaluate.command import lines
    from pipeline.train.command import GotWorse
    from pipeline.train.command import train as rebuild

    try:
        typer.echo("\n".join(lines(rebuild(gold, texts, out))))
    except GotWorse as fault:
        _refuse(f"新模型不如原来，没有写入：{fault}")


@glossary.command("list", cls=_Command, help="列出全部指南。")
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


@glossary.command(cls=_Command, help="显示一部指南的全部指标。")
def show(
    name: Annotated[str, typer.Argument(metavar="指南", help="指南名或 YAML 文件。")],
    as_json: Json = False,
) -> None:
    """One framework's indicators."""
    from pipeline import choices

    with _refusing():
        (found,) = choices.chosen_frameworks([name])
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    typer.echo(_title(found) + (f"\n{found.draft_note}" if found.draft else ""))
    for one in found.indicators:
        typer.echo(f"{one.code}\t{one.name}\t{one.definition}")


@glossary.command(cls=_Command, help="校验一部指南：格式，以及例句是否如所写般被采信或拒绝。")
def lint(
    file: Annotated[str, typer.Argument(metavar="文件", help="指南 YAML 文件。")],
    as_json: Json = False,
) -> None:
    """Faults of a framework file, one a line; exit 3 if there are any."""
    from pipeline.lint import faults

    with _refusing():
        found = faults(file)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    for fault in () if as_json else (found or ["没有发现问题。"]):
        typer.echo(fault)
    if found:
        raise typer.Exit(SOME_FAILED)


if __name__ == "__main__":
    main()
