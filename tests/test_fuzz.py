"""Damaged samples end in a document or a reason; 300 runs of benchmarks/fuzz.py."""

import sys
from pathlib import Path

from run import ROOT


def test_no_damage_ends_a_process_hangs_or_is_our_own_fault(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import fuzz

    assert [run for run in fuzz.fuzz(300, 1, tmp_path) if run.is_find] == []
    assert not list(tmp_path.iterdir())
