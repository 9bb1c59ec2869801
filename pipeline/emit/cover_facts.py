"""What the cover of sheet.xlsx says of a report's facts: alarms, quality, what the tabs hold."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from pipeline.emit.excel import Book, merged, write_number, write_text
from pipeline.emit.facts_book import POINTS_BAR
from pipeline.emit.tables import Table, brief, where
from pipeline.emit.view import View
from pipeline.emit.words import LOCAL, LOCAL_MEANING
from pipeline.facts import Alarm, DimensionScore, Quality

TOLD = 4  # facts named beside a dimension


def write_alarms(
    book: Book, sheet: Worksheet, row: int, quality: Quality | None, widths: Sequence[float]
) -> int:
    """Write the violations in a box that nobody overlooks; returns the row below."""
    alarms = quality.alarms if quality else ()
    for alarm in alarms:
        row = merged(book, sheet, widths, row, _alarmed(alarm), "alarm")
    return row + bool(alarms)


def _alarmed(alarm: Alarm) -> str:
    said = "；".join(f"“{q.quote[:200]}”（{where(q)}）" for q in alarm.quotes[:3])
    return f"警示：{alarm.name}　{said}　{alarm.note}".rstrip()


def write_facts(
    book: Book,
    sheet: Worksheet,
    row: int,
    view: View,
    tabs: dict[str, str],
    widths: Sequence[float],
) -> int:
    """Write the quality dimensions as bars and a line for each table; returns the row below."""
    quality = view.score.facts.quality
    if quality:
        row = _write_quality(book, sheet, row, quality, widths)
    for table in view.tables:
        if table.id != "p-quality":
            _write_link(book, sheet, row, tabs[table.id])
            row = merged(book, sheet, widths, row, counted(table), "line", first=1)
    for sentence in view.ruled():
        row = merged(book, sheet, widths, row, sentence, "note")
    return row


def counted(table: Table) -> str:
    """How much a table holds, by state where it has states."""
    counts = table.counts()
    told = "　".join(f"{badge.label} {n}" for badge, n in counts.items())
    return told or f"{len(table.rows)}项"


def _write_link(book: Book, sheet: Worksheet, row: int, tab: str) -> None:
    there = f"internal:{quote_sheetname(tab)}!A1"
    sheet.write_url(row, 0, there, book.format("link_left"), tab)


def _write_quality(
    book: Book, sheet: Worksheet, row: int, quality: Quality, widths: Sequence[float]
) -> int:
    for col, head in enumerate(("维度", "得分（0–100）")):
        write_text(sheet, row, col, head, book.format("head"))
    first = merged(book, sheet, widths, row, "主要事实", "head", first=2)
    sheet.set_row(row, 24)
    row = first
    for dimension in quality.dimensions:
        write_text(sheet, row, 0, dimension.dimension, book.format("text"))
        write_number(sheet, row, 1, dimension.score, book.format("points"))
        row = merged(book, sheet, widths, row, _facts(dimension), "line", first=2)
    write_text(sheet, row, 0, _total(quality), book.format("label"))
    write_number(sheet, row, 1, quality.total, book.format("points"))
    sheet.conditional_format(first, 1, row, 1, POINTS_BAR)
    return merged(book, sheet, widths, row, _verdict(quality), "line", first=2)


def _total(quality: Quality) -> str:
    return f"总分（{LOCAL}）" if quality.local else "总分"


def _verdict(quality: Quality) -> str:
    band = f"{quality.band}　" if quality.band else ""
    shares = f"实据性 {quality.substance:.0%}　套话 {quality.boilerplate:.0%}"
    return f"{band}{shares}" + (f"　{LOCAL_MEANING}" if quality.local else "")


def _facts(dimension: DimensionScore) -> str:
    if dimension.score is None and not dimension.facts:
        return "由专家判断"
    ranked = sorted(dimension.facts, key=lambda fact: -fact.weight)[:TOLD]
    told = "；".join(f"{f.name} {brief(f.value)}{f.unit}" for f in ranked)
    return told + ("（由专家判断）" if dimension.score is None else "")
