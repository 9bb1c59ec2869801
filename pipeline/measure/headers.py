"""The unit that a table gives for a bare number: by its headers, a column of units, a caption."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.measure.cells import Cell, Table
from pipeline.measure.units import read_unit

_CAPTION = re.compile(
    r"(?:金额)?单位\s?[:：]\s?(?:人民币)?(?P<unit>[^\s，。；;,)）\t/]{1,8}?)(?:币种|[\s，。；;,)）/]|$)"
)
_IN_BRACKETS = re.compile(
    r"[(（\[【]\s?(?:单位[:：]\s?)?(?:[^()（）\[\]【】]*[，,、：:]\s?)?(?:人民币)?(?P<unit>[^()（）\[\]【】，,、]{1,12})[)）\]】]"
)
_AFTER_SLASH = re.compile(r"[一-鿿)）]\s?[/,，:：]\s?(?P<unit>[^\s/]{1,8})$")
_UNIT_COLUMN = re.compile(r"(?:计量|指标|数据)?单位")
_IMPLIED = re.compile(r"(?P<unit>[人次件户家])数$|(?P<bare>人次)$")
_OWN = re.compile(r"系数|排名|名次|得分|权重|占比|比例|比率|同比|增减|增幅|变动")
_SHARE = re.compile(r"率|比例|占比|比重|增减|增幅|增长|变动|百分比|同比|满意度|覆盖")
_COUNT_HEAD = re.compile(r"(?:人数|次数|件数|户数|人次)$")
_COUNT = re.compile(r"人数|次数|件数|数量|个数|人次|户数|时长|小时")


def caption_unit(words: str) -> str:
    """The unit that a caption gives for all of a table: 单位：万元."""
    units = (found["unit"] for found in _CAPTION.finditer(words))
    return next((unit for unit in units if read_unit(unit)), "")


def without_unit(words: str) -> str:
    """A header's words less the unit in brackets: 营业收入（万元） -> 营业收入."""
    found = _place(words)
    return (words[: found.start()] + words[found.end() :]).strip() if found else words.strip()


def unit_of(table: Table, cell: Cell) -> str:
    """Unit printed for a bare number by its surroundings; "" where none is."""
    column = table.head(cell)
    labels = table.labels(cell)[::-1] or [table.row_name(cell.row)]
    if (given := header_unit(column)) or _OWN.search(column):
        return given  # a share or a factor is not in the row's tonnes
    given = _row_unit(table, cell)
    given = given or next(filter(None, map(header_unit, labels)), "")
    if given := given or _implied(column) or _implied(labels[0]):
        return given
    if "每股" in labels[0] + column or "每10股" in labels[0] + column:
        return "元" if "元" in table.unit else ""  # also where the table is in 万元
    counts = _COUNT.search(labels[0]) or _COUNT_HEAD.search(column)
    return "" if counts or _SHARE.search(column + labels[0]) else table.unit


def _implied(words: str) -> str:
    """The unit that a header's last words are: 参训人次 -> 人次, 开课次数 -> 次."""
    found = _IMPLIED.search(words)
    return (found["unit"] or found["bare"]) if found else ""


def _row_unit(table: Table, cell: Cell) -> str:
    """The unit in the row's cell of the column headed 单位, or in a cell that is only a unit."""
    for other in table.rows[cell.row - 1]:
        if other.column != cell.column and other.text and read_unit(other.text):
            return other.text
    for other in table.rows[cell.row - 1]:
        if other.text and _UNIT_COLUMN.fullmatch(table.head(other)):
            return other.text
    return ""


@lru_cache(maxsize=4096)
def _place(words: str) -> re.Match[str] | None:
    for pattern in (_IN_BRACKETS, _AFTER_SLASH):
        for found in pattern.finditer(words):
            if read_unit(found["unit"]):
                return found
    return None


def header_unit(words: str) -> str:
    """The unit that a header names, as printed: 营业收入（万元） -> 万元; "" for none."""
    found = _place(words)
    return found["unit"].strip() if found else ""
