"""The notebooks run from top to bottom on the samples; they are kept without outputs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from run import ROOT, environment, zejian

from pipeline.resources import shipped

BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the notebooks beside the reviewed samples."""
    here = tmp_path_factory.mktemp("notebooks")
    shutil.copytree(ROOT / "notebooks", here / "notebooks")
    out = here / "reports_out" / "samples"
    zejian("review", shipped("data", "samples"), "--programme", "shanghai-2023", "--out", out,
           ZEJIAN_OCR="off")  # fmt: skip
    assert (out / "run.json").exists()
    return here / "notebooks"


def test_there_are_five() -> None:
    assert [path.name[:2] for path in BOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_is_kept_stripped(
    path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = nbformat.read(path, as_version=4)
    nbformat.validate(kept)
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    for name, value in environment(IPYTHONDIR=str(desk / ".ipython")).items():
        monkeypatch.setenv(name, value)
    for name in set(os.environ) - set(environment()) - {"IPYTHONDIR"}:
        monkeypatch.delenv(name)
    client = NotebookClient(kept, timeout=600, resources={"metadata": {"path": str(desk)}})
    client.execute()
    shown = [output for cell in code for output in cell.outputs]
    assert any(output.output_type == "execute_result" for output in shown)
    assert not [o for o in shown if o.get("name") == "stderr"]
