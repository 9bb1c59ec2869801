"""Measures of tables: rows or columns of years give period and comparison, headers the name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts import Figure
from pipeline.measure.cells import Cell, Table, is_year, year_in
from pipeline.measure.headers import without_unit
from pipeline.measure.names import squeeze

_INDEX = re.compile(r"页码|页数|页面|索引|披露位置|所在页|对应章节|GRI|CASS|采用情况|披露情况")
_THIS = re.compile(r"本年|本期|报告期|今年|期末|年末")
_LAST = re.compile(r"上年|上期|去年|年初|期初|上一年")
_CHANGE = re.compile(r"同比|增减|增幅|变动|变化|增长")
_GOAL = re.compile(r"目标|计划|预算|标准|限值|全年指标|上限|下限")
_GENERIC = re.compile(
    r"(?:数值|数据|本集团|本公司|公司|集团|指标值?|合计|总计|小计|情况|内容|绩效|结果|项目|数量及开展情况|完成情况|统计|备注|说明|值|年度|类别|名称|单位|具体)*"
)
_QUANTITY = re.compile(
    r"数|额|量|费|收入|利润|资产|投入|支出|值|人次|时间|小时|时长|股本|负债|权益|成本|税|率|比|强度|面积|收益|龄|能耗|分红|产量|销量"
)
_TOTAL = re.compile(r"合计|总计|小计|总数")
_SMALL = re.compile(
    r"(?:其中)?[:：]?(?:男|女|男性|女性|男员工|女员工|合计|总计|小计|总数|其他|其它|比例|占比|人数|数量|总量|金额|总额|投入|高层|中层|基层|[A-Za-z0-9₂]{1,5}|博士|硕士|本科|大专|专科|中专|高中)"
)
_YEAR = re.compile(r"(?:19|20)\d\s?\d\s?(?:年度?|财年)?(?:末|底)?")
_YEAR_FIRST = re.compile(r"^(?:19|20)\d\d\s?年(?:度|末|底)?(?=.{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """A measure of a table: its name, figure, period and comparisons."""

    name: str
    figure: Figure
    period: str
    compared: tuple[tuple[str, Figure], ...] = ()


def in_table(table: Table, year: str) -> Iterator[Found]:
    """Measures of one table, row by row; ``year``: the report's, where the table says none."""
    if _index(table):
        return
    years = _years(table, year)
    rows = _row_years(table)
    if years:
        yield from _by_column(table, years, year)
    elif len(rows) > 1:
        yield from _by_row(table, rows, year)
    else:
        yield from _by_cell(table, year)


def _index(table: Table) -> bool:
    """Whether it is an index or a list of contents: its numbers are pages."""
    names = (table.column_name(at) for at in range(1, table.width + 1))
    heads = " ".join(names) + table.caption
    return bool(_INDEX.search(heads)) and "单位" not in heads


def _years(table: Table, year: str) -> dict[int, str]:
    """Column -> the year that its header names; empty where no header names one."""
    found = {}
    for column in range(1, table.width + 1):
        words = table.column_name(column)
        if (
            _YEAR.fullmatch(squeeze(words))
            or is_year(words)
            or (_YEAR.match(words) and not _CHANGE.search(words))
        ):
            found[column] = year_in(words)
        elif year and _THIS.search(words) and not _CHANGE.search(words):
            found[column] = year
        elif year and _LAST.search(words) and not _CHANGE.search(words):
            found[column] = str(int(year) - 1)
    several = len(set(found.values())) == len(found) and all(found.values())
    return found if several else {}


def _row_years(table: Table) -> dict[int, str]:
    """Row -> the year in its first cell, for tables with a year a row."""
    firsts = {row[0].row: row[0].text for row in table.rows[table.header :] if row}
    return {at: year_in(words) for at, words in firsts.items() if _YEAR.fullmatch(words)}


def _by_column(table: Table, years: dict[int, str], year: str) -> Iterator[Found]:
    """One measure a row: the report year's (else the latest) figure, the others beside it."""
    for row in table.rows[table.header :]:
        cells = {table.column_of(c): (c, c.figure) for c in row if c.figure}
        told = {years[at]: found for at, found in cells.items() if at in years}
        alike = {figure.unit for _, figure in told.values()}
        if len(alike) != 1 or (len(row) < table.width and len(told) < len(years)):
            continue  # nothing told, a table of another kind below, or a row out of step
        main = year if year in told else max(told)
        cell, figure = told[main]
        name = _label(table, cell)
        if _quantity(name, cell):
            others = [(when, told[when][1]) for when in sorted(told, reverse=True) if when != main]
            others += [
                (change[0], other)
                for at, (_, other) in cells.items()
                if at not in years and (change := _CHANGE.search(table.column_name(at)))
            ]
            yield Found(name, figure, main, tuple(others))


def _by_row(table: Table, rows: dict[int, str], year: str) -> Iterator[Found]:
    """One measure a column, where each row is a year."""
    for column in range(2, max(map(len, table.rows)) + 1):
        cells = {when: table.cell(at, column) for at, when in rows.items()}
        told = {when: (cell, cell.figure) for when, cell in cells.items() if cell and cell.figure}
        name = _bare(table.column_name(column))
        if not told or not name:
            continue
        main = year if year in told else max(told)
        cell, figure = told[main]
        if _quantity(name, cell):
            others = [when for when in sorted(told, reverse=True) if when != main]
            yield Found(name, figure, main, tuple((when, told[when][1]) for when in others))


def _by_cell(table: Table, year: str) -> Iterator[Found]:
    """One measure a cell, named by its row and its column; goals beside it are compared."""
    for row in table.rows[table.header :]:
        cells = [cell for cell in row if cell.figure and _told(table, cell, row)]
        goals = [cell for cell in cells if _GOAL.search(table.head(cell))]
        others = [cell for cell in cells if cell not in goals]
        for cell in others:
            goal = goals[0] if len(goals) == len(others) == 1 else None
            rest = (("目标", goal.figure),) if goal and goal.figure else ()
            column = table.head(cell)
            label, head = _label(table, cell), _bare(column)
            name = label if _GENERIC.fullmatch(head) or head in label else f"{label} {head}".strip()
            when = year_in(column) or year_in(label) or year_in(table.caption) or year
            if name and cell.figure and _quantity(name, cell):
                yield Found(name, cell.figure, when, rest)


def _told(table: Table, cell: Cell, row: tuple[Cell, ...]) -> bool:
    """Whether header or unit tells what a cell is: among several in a row, its header must."""
    head = table.head(cell)
    if sum(other.figure is not None for other in row) > 1:
        return bool(head) and len(_YEAR.findall(head)) < 2
    return bool(cell.figure and cell.figure.unit) or bool(table.header or table.heads)


def _label(table: Table, cell: Cell) -> str:
    """The row's own words for a cell: its nearest label on the left, with its group if bare."""
    left = [words for words in map(_bare, table.labels(cell)) if words]
    left = [words for words in left if len(words) <= 24] or left[-1:]
    if not left:
        return ""
    name = left[-1]
    if _SMALL.fullmatch(name):
        group = left[-2] if len(left) > 1 else _group(table, cell, name)
        return f"{group} {name}" if group and group != name else name
    return name


def _group(table: Table, cell: Cell, name: str) -> str:
    """The first label above a row's bare one that is a group of its own; else the caption."""
    above = (
        () if _TOTAL.fullmatch(name) else range(cell.row - 1, max(table.header, cell.row - 6), -1)
    )
    for row in above:
        words = _bare(table.row_name(row))
        if words and not _SMALL.fullmatch(words):
            return words
    return _bare(table.caption) if len(table.caption) <= 16 else ""


def _bare(words: str) -> str:
    """A label less unit, numbering and year: 其中：2.1培训投入（万元） -> 培训投入."""
    words = re.sub(r"^(?:其中)?[:：]?\s*", "", squeeze(without_unit(words)))
    words = re.sub(r"^\d+(?:\.\s?\d+)+[.、．\s]*|^\d+[.、．\s]\s*", "", words)
    words = re.sub(r"^[\s—－·•●■\-“”\"*]+|[\s“”\"*]+$", "", words)
    return _YEAR_FIRST.sub("", words)[:40]


def _quantity(name: str, cell: Cell) -> bool:
    """Whether a name may name this figure; without a unit it must be a word for a quantity."""
    figure = cell.figure
    words = len(re.findall(r"[一-鿿A-Za-z]", name))
    return figure is not None and words >= 2 and bool(figure.unit or _QUANTITY.search(name))
