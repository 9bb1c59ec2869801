"""Tables as Parquet and CSV, written chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from pipeline.panel.schema import Table

_BOM = b"\xef\xbb\xbf"  # without it Excel takes Chinese for something else
_FORMULA = r"^([=+\-@\t\r])"


def write_table(to: Path, table: Table, chunks: Iterable[pa.Table]) -> int:
    """Write ``to``/NAME.parquet and its CSV files, a file each year where it has one.

    Returns:
        Rows written.
    """
    count = 0
    by_year = table.keyed
    with ExitStack() as until_done:
        path = to / f"{table.name}.parquet"
        parquet = until_done.enter_context(pq.ParquetWriter(path, table.schema, compression="zstd"))
        writers: dict[int | None, pcsv.CSVWriter] = {}
        for chunk in chunks:
            parquet.write_table(chunk)
            count += chunk.num_rows
            for year, rows in _years(_harmless(chunk)) if by_year else [(None, _harmless(chunk))]:
                if year not in writers:
                    file = until_done.enter_context(_csv(to, table, year, by_year).open("wb"))
                    file.write(_BOM)
                    writer = pcsv.CSVWriter(file, table.schema)
                    writers[year] = until_done.enter_context(writer)
                writers[year].write_table(rows)
    return count


def _csv(to: Path, table: Table, year: int | None, by_year: bool) -> Path:
    told = f"-{year or '年度不详'}" if by_year else ""
    return to / "csv" / f"{table.name}{told}.csv"


def _years(rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    years = rows["year"]
    for year in pc.unique(years).to_pylist():
        same = pc.is_null(years) if year is None else pc.equal(years, year)
        yield year, rows.filter(same)


def _harmless(rows: pa.Table) -> pa.Table:
    """No text that a spreadsheet would take for a formula."""
    for number, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            told = pc.replace_substring_regex(rows.column(number), _FORMULA, r"'\1")
            rows = rows.set_column(number, field, told)
    return rows
