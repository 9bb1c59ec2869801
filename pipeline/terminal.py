"""What a person sees on the terminal while a year is reviewed, and at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

if TYPE_CHECKING:
    from pipeline.emit import Year
    from pipeline.receipts import Receipt

_TOLD = {"failed": "失败", "partial": "部分", "done": "注意"}
SHOWN = 20  # reports in the closing table; the rest is in the overview


@contextmanager
def progress(total: int) -> Iterator[Callable[[Receipt], None]]:
    """A bar on stderr that moves on with every receipt."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shape = (TextColumn("评审"), *columns, TextColumn("{task.description}", markup=False))
    with Progress(*shape, console=Console(stderr=True)) as bar:
        task = bar.add_task("正在启动……", total=total)
        yield lambda receipt: bar.update(task, advance=1, description=receipt.outcome.file)


def show_year(year: Year, out: str) -> None:
    """What was found and where to look, on stdout."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if year.summaries:
        _table(console, year)
    for one in year.ordered():
        if one.reason and one.status in _TOLD:
            console.print(f"{_TOLD[one.status]}　{one.file}：{one.reason}")
    for row in year.orphans.rows:
        of = f"（{row.year}年度）" if row.year else ""
        console.print(f"缺件　{row.company}{of}：已登记，但没有找到报告文件")
    for file in year.orphans.files:
        console.print(f"未登记　{file}")
    console.print(
        f"总览：{out}/overview.html；每份报告的覆盖表：{out}/<报告>/sheet.html、sheet.xlsx"
    )


def _table(console: Console, year: Year) -> None:
    first = year.frameworks[:3]
    titles = [f.short + ("（草案）" if f.draft else "") for f in first]
    table = Table(Column("报告", overflow="fold", min_width=20), *titles, "待专家判断", "结果")
    state = {one.submission: "部分读取" for one in year.outcomes if one.status == "partial"}
    for name, summary in list(year.summaries.items())[:SHOWN]:
        coverage = {c.framework: f"{c.weighted:.0%}" for c in summary.coverage}
        doubts = f"{summary.needs_expert} 项"
        table.add_row(name, *(coverage[f.id] for f in first), doubts, state.get(name, "完成"))
    console.print(table)
    if (more := len(year.summaries) - SHOWN) > 0:
        console.print(f"……另有 {more} 份，见总览")
