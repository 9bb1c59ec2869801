"""``zejian decisions`` and ``zejian accounts``: what the office does beside the desk's pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.app import PLAIN, SOME_FAILED, Command, app, refuse

if TYPE_CHECKING:
    from pipeline.desk.store.exchange import Imported

decisions = typer.Typer(help="导出、导入专家改判，备份评审台。", **PLAIN)
accounts = typer.Typer(help="评审台的账号。", **PLAIN)
app.add_typer(decisions, name="decisions")
app.add_typer(accounts, name="accounts")

Out = Annotated[Path, typer.Argument(metavar="结果", help="zejian review 的输出文件夹。")]
File = Annotated[Path, typer.Argument(metavar="文件")]
Name = Annotated[str, typer.Argument(metavar="账号")]


@contextmanager
def _told() -> Iterator[None]:
    from pipeline.desk.store.accounts import Refused
    from pipeline.reissue import ReviewAgain

    try:
        yield
    except (Refused, ReviewAgain) as fault:
        refuse(str(fault))


@decisions.command("export", cls=Command, help="导出全部改判（.json 或 .csv）。")
def export_(out: Out, file: File) -> None:
    """All decisions as JSON or CSV."""
    from pipeline.desk.store import commands

    with _told():
        commands.export(out, file)
    typer.echo(f"已写 {file}")


@decisions.command("import", cls=Command, help="导入改判（.json 或 .csv），并更新有关报告。")
def import_(out: Out, file: File) -> None:
    """Decisions of an export; exit 3 where some were not taken."""
    from pipeline.desk.store import commands

    with _told():
        _show(commands.take_in(out, file))


@decisions.command(cls=Command, help="导入一位专家填好的覆盖表（sheet.xlsx）。")
def sheet(
    out: Out,
    submission: Annotated[str, typer.Argument(metavar="报告", help="报告的输出文件夹名。")],
    expert: Annotated[str, typer.Argument(metavar="专家", help="账号；没有则新建。")],
    file: File,
    sign: Annotated[bool, typer.Option("--sign", help="代专家签署：已填完。")] = False,
) -> None:
    """The verdict columns of a filled sheet; exit 3 where some rows were not taken."""
    from pipeline.desk.store import commands

    with _told():
        _show(commands.take_in_sheet(out, submission, expert, expert, file, sign))


@decisions.command(cls=Command, help="把两位专家均已签署的报告写成标注，供 zejian evaluate 使用。")
def gold(out: Out, folder: Annotated[Path, typer.Argument(metavar="标注文件夹")]) -> None:
    """Decisions as a gold folder."""
    from pipeline.desk.store import commands

    with _told():
        typer.echo(f"已写 {commands.write_gold(out, folder)} 份。")


@decisions.command(cls=Command, help="按专家结论重新确定自动判断的界限，写成 policy.json。")
def policy(out: Out, file: File) -> None:
    """Thresholds learned from signed reports."""
    from pipeline.desk.store import commands

    with _told():
        made = commands.write_policy(out, file)
    share, low, high = made.promise or (0.0, 0.0, 1.0)
    typer.echo(f"采信界限 {made.accept}，排除界限 {made.reject}；")
    typer.echo(f"自动判断正确率 {share:.1%}（95%区间 {low:.1%}–{high:.1%}）。")


@decisions.command(cls=Command, help="备份评审台的数据库，使用中也可以。")
def backup(out: Out, file: File) -> None:
    """A copy of the desk's database."""
    from pipeline.desk.store import commands

    with _told():
        typer.echo(f"已备份到 {commands.backup(out, file)}")


@accounts.command(cls=Command, help="新建账号，密码在提示后输入。")
def add(
    out: Out,
    name: Name,
    role: Annotated[
        Literal["office", "expert", "researcher"],
        typer.Option(help="office 评审办公室、expert 专家、researcher 研究人员（只读）。"),
    ] = "expert",
    shown: Annotated[str, typer.Option(help="页面上显示的姓名。", show_default="同账号")] = "",
) -> None:
    """A new account."""
    from pipeline.desk.store import commands

    with _told():
        commands.add_account(out, name, shown, role, _password())
    typer.echo(f"已新建账号 {name}。")


@accounts.command(cls=Command, help="重设密码，并重新启用账号。")
def password(out: Out, name: Name) -> None:
    """Another password for an account."""
    from pipeline.desk.store import commands

    with _told():
        commands.set_password(out, name, _password())
    typer.echo(f"账号 {name} 的密码已重设。")


def _password() -> str:
    return str(
        typer.prompt("密码（10–200个字符）", hide_input=True, confirmation_prompt="再输一次")
    )


def _show(made: Imported) -> None:
    typer.echo(f"新增 {made.added} 条，已有 {made.known} 条。")
    for problem in made.problems:
        typer.echo(problem, err=True)
    if made.problems:
        raise typer.Exit(SOME_FAILED)
