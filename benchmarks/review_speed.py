"""Whole review of PDFs against pdfplumber's text alone, one process each, in one run.

    python benchmarks/review_speed.py FOLDER [--programme shanghai-2023] [--rounds 3]

Prints CPU seconds of each child process, with and without its start (imports, models), and
the ratio; files that cannot be opened are left out of both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

_READ = """
import json, sys, time, logging
import pdfplumber
logging.disable(logging.ERROR)
start = time.process_time()
for name in sys.argv[1:]:
    with pdfplumber.open(name) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()
print(json.dumps([time.process_time(), time.process_time() - start]))
"""
_REVIEW = """
import json, sys, time
from pathlib import Path
from pipeline import choices
from pipeline.intake import take_in
from pipeline.review import Job, review_file
out, programme, *names = sys.argv[1:]
configuration = choices.configuration(programme, [], choices.settings())
def job(name, folder):
    return Job(take_in(Path(name)).submissions[0], Path(name), Path(out, folder), configuration)
review_file(job(names[-1], "start"))  # imports, models
start = time.process_time()
for job in [job(name, "year") for name in names[:-1]]:
    assert review_file(job).outcome.status in ("done", "partial")
print(json.dumps([time.process_time(), time.process_time() - start]))
"""


def main() -> None:
    """Compare on the readable PDFs of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--programme", default="shanghai-2023")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    names = [str(p) for p in sorted(wanted.folder.glob("*.pdf")) if _opens(p)]
    pairs = []
    for _ in range(wanted.rounds):
        read = _run(_READ, names)
        with tempfile.TemporaryDirectory() as out:
            smallest = min(names, key=lambda name: Path(name).stat().st_size)
            review = _run(_REVIEW, [out, wanted.programme, *names, smallest])
        pairs.append((read, review))
        print(f"pdfplumber {read[1]:.2f} s, review {review[1]:.2f} s, with start {review[0]:.2f} s")
    ratios = [review[1] / read[1] for read, review in pairs]
    print(f"{len(names)} files; ratio {statistics.median(ratios):.2f} (start apart)")


def _opens(path: Path) -> bool:
    import pypdfium2

    try:
        pypdfium2.PdfDocument(path).close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _run(code: str, arguments: list[str]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": "."},
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
