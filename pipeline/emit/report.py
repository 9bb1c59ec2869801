"""All the files of one report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.emit.contract import Versions
from pipeline.emit.documents import write_document
from pipeline.emit.files import put
from pipeline.emit.findings import write_findings
from pipeline.emit.rounding import rounded
from pipeline.emit.sheet import sheet_html
from pipeline.emit.view import view
from pipeline.emit.workbook import sheet_xlsx
from pipeline.frameworks import Framework
from pipeline.records import Document, ReportScore


def write_report(
    folder: Path,
    document: Document,
    score: ReportScore,
    frameworks: Sequence[Framework],
    versions: Versions,
) -> None:
    """Write document.json, sheet.xlsx, sheet.html and, last, findings.json into ``folder``.

    A folder with findings.json is therefore a finished one, even after a kill.

    Raises:
        ValueError: a finding belongs to a framework that was not given.
        OSError: the disk refuses.
    """
    final = rounded(score)
    shown = view(final, frameworks, versions, document)
    write_document(folder, document)
    put(folder / "sheet.xlsx", sheet_xlsx(shown))
    put(folder / "sheet.html", sheet_html(shown, document))
    write_findings(folder, final, versions)
