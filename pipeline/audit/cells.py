"""Cells of an index line: pages, a denial, a mark, or words (title, chapter)."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["pages", "section", "denied", "mark", "outside", "value", "words", "blank"]

# No two ways to read the same characters: cells of scans are long, and matching must end soon.
_PAGE = r"(?:(?:(?:第|[Pp]{1,2}\s?\.?)\s?)?\d{1,3}(?:\s?页)?|封[面底一二三四]|扉页)"
_NEXT = rf"(?:(?:\s*[-~至到,，、/;；和及&]+\s*|\s+|(?=[Pp第封])){_PAGE})"
_PAGES = re.compile(rf"[.。…·]*\s*{_PAGE}{_NEXT}*[,，、/;；]?")
_TRAILING = re.compile(
    rf"(?<![A-Za-z0-9])(?P<pages>[Pp]\s?\.?\s?\d{{1,3}}{_NEXT}*|(?<=\s){_PAGE}{_NEXT}*)\s*$"
)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s?页?\s*[-~至到]\s*(?:第|[Pp]{1,2}\.?)?\s?(\d{1,3}))?")
_COVERS = re.compile(r"封[面底一二三四]|扉页")
_DENIED = re.compile(
    r"(?:不适用|不適用|不涉及|不披露|不采用|未披露|未采用|未包括|未涉及|未统计|没有披露|暂未|暫未|暂无|尚未|尚无|保密|无此|无相关|未发生|没有发生"
    r"|無|无$|N\s?[/.]?\s?A\b|^[-/×✗\\]+$|^不.{0,2}$|^[〇○◯O0]$)"
)
_DASHES = re.compile(r"[-/×✗\\〇○◯_ ]+")
_MARK = re.compile(
    r"(?:全部|完全|部分|已)?(?:采用|披露|包括|報告|报告|涉及)|完全|部分|核心|扩展|拓展|核心指标|扩展指标"
    r"|[是否高中低有YNVv√✓✔]|[●•◎◐■□★☆◆参參⚫⬤\s]+|定性|定量|强制|详见|参见|见"
    r"|KPI|关键绩效指标|(?:建议|强制)披露|不遵守就解释|《.*》?"
)
_OUTSIDE = re.compile(r"年报|年報|年度报告|年度報告|官网|官方网站|公告|财务报告|内控报告")
_SECTION = re.compile(r"[1-9]\d?(?:\.\d{1,2}){1,3}(?:[\s、,;/]+[1-9]\d?(?:\.\d{1,2}){1,3})*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_VALUE = re.compile(
    r"[-\d]*\d\.\d.*|\d{1,3}(?:,\d{3})+.*|\d[\d.,]*\s*[%％]|[%％]|人|次|元|万元|亿元|万?吨.{0,4}|天|小时|起|家|个|万?千瓦时|万?度|.?立方米|千克|(?i:kwh)|(?:19|20)\d\d年?"
)
_LONGEST = 120  # characters of a cell that may be anything but words
_LONGEST_REPORT = 200  # pages
_LONG = 20  # characters above which words that contain a denial say more than that


def kind(cell: str) -> Kind:
    """What a cell (plain text) is."""
    words = cell.strip(" \t\n:：()（）_^*|■")
    if len(words) > _LONGEST:
        return "words"
    if words:
        return _kind_of_words(words)
    return "denied" if cell.strip() and _DASHES.fullmatch(cell.strip()) else "blank"


def _kind_of_words(words: str) -> Kind:
    if _PAGES.fullmatch(words) and pages(words) != (0,) and not _is_thousands(words):
        return "pages"
    if _SECTION.fullmatch(words):
        return "section"
    if _VALUE.fullmatch(words):
        return "value"
    if _OUTSIDE.search(words):
        return "outside"
    if _MARK.fullmatch(words):
        return "mark"
    if len(words) <= _LONG and _DENIED.search(words):
        return "denied"
    return "words"


def _is_thousands(words: str) -> bool:
    """Whether 1,262 is a figure: pages of a list rise, and not beyond a report's length."""
    groups = words.split(",") if _THOUSANDS.fullmatch(words) else []
    numbers = [int(n) for n in groups]
    falls = sorted(numbers) != numbers or any(n.startswith("0") for n in groups[1:])
    return bool(numbers) and (falls or numbers[-1] >= _LONGEST_REPORT)


def trailing_pages(cell: str) -> int:
    """Where the pages begin that a cell of words ends with; its length if it does not."""
    tail = max(0, len(cell) - _LONGEST)
    match = _TRAILING.search(cell, tail)
    return match.start("pages") if match else len(cell)


def pages(words: str) -> tuple[int, ...]:
    """Page numbers of a pointer, ranges written out: ``P3-5、9`` -> 3, 4, 5, 9."""
    found: list[int] = []
    for first, last in _NUMBERS.findall(words):
        low, high = int(first), int(last or first)
        if high < low and len(last) < len(first):  # 112-4: short for 112-114
            high = int(first[: -len(last)] + last)
        found += range(low, high + 1) if low <= high else (low, high)
    return tuple(dict.fromkeys(found))


def covers(words: str) -> tuple[str, ...]:
    """Covers that a pointer names: 封二, 封底 ..."""
    return tuple(_COVERS.findall(words))
