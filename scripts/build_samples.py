"""Build the sample submissions of data/samples from the texts in scripts/samples.

Usage: ``python scripts/build_samples.py [FOLDER]``. The same bytes on every run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from samples.pages import build_pdf, setup
from samples.plain import build_txt
from samples.scan import as_scan
from samples.source import Source, read_sources
from samples.table import build_registration
from samples.word import build_docx

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"


def build(source: Source) -> bytes:
    """The file of a sample, by its kind."""
    if source.kind == "docx":
        return build_docx(source)
    if source.kind == "txt":
        return build_txt(source)
    pdf = build_pdf(source)
    return as_scan(pdf, "".join(source.title)) if source.kind == "scan" else pdf


def main(folder: Path) -> None:
    """Write every sample and the registration table into ``folder``."""
    setup()
    folder.mkdir(parents=True, exist_ok=True)
    for source in read_sources():
        (folder / source.file).write_bytes(build(source))
        print(source.file)
    (folder / "registration.xlsx").write_bytes(build_registration())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
