"""Build the panel: a pass over the reports, then one over their rows, now known whose they are."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.emit.contract import RUN
from pipeline.panel.dictionary import write_dictionary
from pipeline.panel.names import companies, join, proposals
from pipeline.panel.order import Key, copied, keys, with_copied
from pipeline.panel.parts import Part, as_table, part_path, write_part
from pipeline.panel.rows import Row
from pipeline.panel.schema import KEY, TABLES, Table
from pipeline.panel.tables import company_rows, framework_rows, name_rows
from pipeline.panel.write import write_table

CHUNK = 25  # reports: some 25,000 rows of the longest table


@dataclass(frozen=True, slots=True)
class Panel:
    """What was built, and where."""

    folder: Path
    rows: tuple[tuple[str, int], ...]  # by table
    proposals: int  # names that look alike, for a person to confirm


def report_folders(outs: Sequence[Path]) -> list[Path]:
    """Folders of reviewed reports, OUT by OUT as given, by name within each.

    Folders of reports that have been withdrawn since stay in OUT: those of the last run count.
    """
    return [folder for out in outs for folder in _of_last_run(out)]


def _of_last_run(out: Path) -> list[Path]:
    found = sorted(path.parent for path in out.glob("*/findings.json"))
    if not (out / "run.json").is_file():
        return found
    told = {one.submission for one in RUN.validate_json((out / "run.json").read_bytes()).files}
    return [folder for folder in found if folder.name in told]


def build_panel(
    outs: Sequence[Path],
    to: Path,
    confirmed: Sequence[tuple[str, str]] = (),
    workers: int = 2,
) -> Panel:
    """Write the panel of reviewed years into ``to``.

    Args:
        outs: Output folders of ``zejian review``; of the same file in two, the later counts.
        to: Folder for the tables; those of an earlier panel are replaced.
        confirmed: Pairs of names that a person says are one company's.
        workers: Processes that read reports.

    Raises:
        pydantic.ValidationError: a findings.json of another contract.
        OSError: ``to`` cannot be written.
    """
    to.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(prefix=".parts-", dir=to))
    try:
        parts = _first_pass(report_folders(outs), scratch, workers)
        return _second_pass(parts, scratch, to, confirmed)
    finally:
        shutil.rmtree(scratch)


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A table of a panel, blanks as pd.NA; KeyError for a name that no panel has."""
    path = folder / f"{TABLES[name].name}.parquet"
    return pd.read_parquet(path, dtype_backend="numpy_nullable")


def _first_pass(folders: Sequence[Path], scratch: Path, workers: int) -> list[Part]:
    firsts = range(0, len(folders), CHUNK)
    chunks = [folders[at : at + CHUNK] for at in firsts]
    if len(chunks) < 2 or workers < 2:
        return [write_part(*job, scratch) for job in zip(firsts, chunks, strict=True)]
    # Records hold no cycles: looking for some would take a third of the time.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=gc.disable) as pool:
        return list(pool.map(write_part, firsts, chunks, repeat(scratch)))


def _second_pass(
    parts: Sequence[Part], scratch: Path, to: Path, confirmed: Sequence[tuple[str, str]]
) -> Panel:
    reports = [one for part in parts for one in part.identities]
    joined = join(reports, confirmed)
    ids = companies(reports, joined)
    alike = proposals(reports, ids)
    key = keys(reports, ids)
    small: dict[str, Sequence[Row]] = {
        "companies": company_rows(reports, ids, key),
        "names": name_rows(reports, ids, joined),
        "proposals": alike,
        "frameworks": framework_rows(parts),
    }
    shutil.rmtree(to / "csv", ignore_errors=True)
    (to / "csv").mkdir()
    told, last = {}, copied(key, scratch)
    for name, table in TABLES.items():
        if name in small:
            chunks: Iterator[pa.Table] = iter([as_table(table, small[name])])
        else:
            chunks = _keyed(table, parts, scratch, key)
        if name == "texts":
            chunks = (with_copied(chunk, last) for chunk in chunks)
        told[name] = write_table(to, table, chunks)
    write_dictionary(to)
    return Panel(to, tuple(told.items()), len(alike))


def _keyed(
    table: Table, parts: Sequence[Part], scratch: Path, reports: Sequence[Key]
) -> Iterator[pa.Table]:
    """Part by part the rows of reports that count, behind the key of their report."""
    counts = pa.array([one.counts for one in reports], pa.bool_())
    columns = [pa.array([getattr(r, c.name) for r in reports]) for c in KEY]
    key = pa.table(columns, schema=pa.schema(list(table.schema)[: len(KEY)]))
    for part in parts:
        rows = pq.read_table(part_path(scratch, table.name, part.first))
        rows = rows.filter(pc.take(counts, rows["place"]))
        mine = key.take(rows["place"])
        own = [rows[c.name] for c in table.own]
        yield pa.table([*mine.columns, *own], schema=table.schema)
