"""Measures of a report (绩效数据): from text and tables, in document order, with indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.facts import Figure, Measure
from pipeline.measure.cells import Table, is_year, year_in
from pipeline.measure.grid import Found, in_table
from pipeline.measure.link import Links
from pipeline.measure.numbers import Number
from pipeline.measure.periods import report_year
from pipeline.measure.prose import Draft, in_block, prose
from pipeline.measure.tables import tables
from pipeline.measure.units import kind_of
from pipeline.place import quote
from pipeline.records import Document, Reading


def measures(
    document: Document, readings: Sequence[Reading], grids: Sequence[Table] | None = None
) -> tuple[Measure, ...]:
    """The performance figures of ``document``, numbered m0001, ... in document order.

    ``readings`` give the indicators; without them the measures are the same, unlinked.
    ``grids`` are its tables where they have been read already.
    """
    year = report_year(document.text)
    found = [_of_text(document, draft) for draft in prose(document, year)]
    for table in tables(document) if grids is None else grids:
        found += [_of_table(one) for one in in_table(table, year)]
        found += [_of_text(document, draft) for draft in _sentences(document, table, year)]
    found.sort(key=lambda one: one.figure.quote.start)
    links = Links(readings)
    return tuple(_numbered(links, at, one) for at, one in enumerate(found, 1))


def _numbered(links: Links, at: int, measure: Measure) -> Measure:
    figure = measure.figure
    spoken = links.at(figure.quote.start, kind_of(figure.unit), figure.unit, measure.name)
    return replace(measure, id=f"m{at:04d}", indicators=spoken)


def _sentences(document: Document, table: Table, year: str) -> Iterator[Draft]:
    """Drafts of cells that hold words with figures in them, and no figure alone."""
    block = document.blocks[table.paragraph - 1]
    for row in table.rows:
        when = year_in(row[0].text) if is_year(row[0].text) else year
        for cell in row:
            if not cell.figure and len(cell.text) > 5:
                yield from in_block(
                    document.text, block, cell.start, cell.end, when, document.text[:1500]
                )


def _of_text(document: Document, draft: Draft) -> Measure:
    compared = tuple((what, _figure(document, number)) for what, number in draft.compared)
    figure = _figure(document, draft.number)
    return Measure("", draft.name, figure, draft.period, draft.scope, compared=compared)


def _of_table(found: Found) -> Measure:
    return Measure("", found.name, found.figure, found.period, compared=found.compared)


def _figure(document: Document, number: Number) -> Figure:
    place = quote(document, number.start, number.end)
    return Figure(number.value, number.unit, number.printed, place)
