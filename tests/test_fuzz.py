"""Damaged samples end in a document or a reason; a few hundred runs of benchmarks/fuzz.py."""

import shutil
import sys
from pathlib import Path

import pytest
from run import ROOT

from pipeline.extract.ocr import ocr_version

no_ocr = pytest.mark.skipif(not ocr_version(), reason="the extra ocr is not installed")
no_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.mark.parametrize(
    ("what", "runs"),
    [
        ("plain", 300),
        pytest.param("pictures", 8, marks=no_ocr),
        pytest.param("office", 6, marks=no_office),
    ],
)
def test_no_damage_ends_a_process_hangs_or_is_our_own_fault(
    tmp_path: Path, what: str, runs: int
) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import fuzz

    assert [run for run in fuzz.fuzz(runs, 1, tmp_path, name=what) if run.is_find] == []
    assert not list(tmp_path.iterdir())
