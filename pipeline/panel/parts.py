"""The first pass: reports in turn become rows in part files, so that memory stays flat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.emit import read_document, read_reviewed
from pipeline.frameworks import framework
from pipeline.memory.sentences import sentences
from pipeline.panel.names import Identity
from pipeline.panel.rows import Row, identity, rows
from pipeline.panel.schema import TABLES, Table
from pipeline.records import Document

# Sentences of a report: their digests and lengths; kept until last year's are known.
SENTENCES = np.dtype([("digest", "u8"), ("length", "u4")])


@dataclass(frozen=True, slots=True)
class Part:
    """What the second pass must know of a chunk of reports.

    ``guides`` holds a row a report and framework: year, framework, digest, indicators.
    """

    first: int  # place of its first report
    identities: tuple[Identity, ...]
    guides: tuple[tuple[int | None, str, str, int], ...]


def write_part(first: int, folders: Sequence[Path], to: Path) -> Part:
    """Rows and sentences of the reports in ``folders`` into files in ``to``.

    Args:
        first: Place of the first report among all.
        folders: OUT/<submission> of each.
        to: Folder of the part files.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    identities, guides = [], []
    for place, folder in enumerate(folders, first):
        source = folder.parent.name
        score, versions = read_reviewed(folder)
        document = read_document(folder)
        mine = identity(score, document, source)
        identities.append(mine)
        digests = dict(versions.frameworks)
        guides += [
            (mine.year, c.framework, digests.get(c.framework, ""), sum(n for _, n in c.counts))
            for c in score.coverage
        ]
        for name, new in rows(score, versions, source).items():
            found[name] += [(place, *row) for row in new]
        if document:
            np.save(sentences_path(to, place), _sentences(document))
    for name, own in found.items():
        pq.write_table(as_table(TABLES[name], own), part_path(to, name, first))
    return Part(first, tuple(identities), tuple(guides))


def part_path(to: Path, name: str, first: int) -> Path:
    """File of a table's rows of one chunk."""
    return to / f"{name}-{first}.parquet"


def sentences_path(to: Path, place: int) -> Path:
    """File of a report's sentences."""
    return to / f"sentences-{place}.npy"


def as_table(table: Table, own: Sequence[Row]) -> pa.Table:
    """Rows as columns; keyed tables begin with the report's place."""
    schema = table.part
    columns = zip(*own, strict=True) if own else ([] for _ in schema)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _sentences(document: Document) -> np.ndarray:
    said = [(one.digest, len(one.words)) for one in sentences(document)]
    return np.array(said, SENTENCES)


def titles(guide: str) -> tuple[str, bool]:
    """Title of a framework and whether it is a draft; its id where it is none of ours."""
    try:
        found = framework(guide)
    except KeyError:
        return guide, False
    return found.title, found.draft
