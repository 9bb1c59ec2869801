"""The year's review by Prefect: what is done is done, and a killed run goes on."""

import json
import signal
import subprocess
import time
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest
from run import COMMAND, environment, tree, write_report, write_year, zejian

REPORTS = 24
OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_year(tmp_path_factory.mktemp("year"), REPORTS)


@pytest.fixture(scope="module")
def undisturbed(source: Path, prefect: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    run = zejian("review", source, "--out", out, *OPTIONS, PREFECT_API_URL=prefect)
    assert run.returncode == 0, run.stderr
    return out


def written(out: Path) -> dict[Path, int]:
    """When each report's files were written."""
    return {p: p.stat().st_mtime_ns for p in out.glob("[!.]*/*")}


def test_a_killed_run_goes_on_where_it_was(source: Path, undisturbed: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "review", source, "--out", tmp_path, *OPTIONS]
    with subprocess.Popen(list(map(str, command)), env=environment()) as run:
        receipts = tmp_path / ".zejian/receipts"
        while run.poll() is None and len(list(receipts.glob("*.json"))) < 2:
            time.sleep(0.005)
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGKILL)
    assert len(children) >= 3  # two workers and the server
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive, "a killed run leaves nothing running"
    before = {p.stem for p in receipts.glob("*.json")}
    assert 2 <= len(before) < REPORTS
    kept = {p: t for p, t in written(tmp_path).items() if p.parent.name in before}
    assert zejian("review", source, "--out", tmp_path, *OPTIONS).returncode == 0
    assert tree(tmp_path) == tree(undisturbed)
    again = {p.parent for p, t in kept.items() if p.stat().st_mtime_ns != t}
    assert not again


def test_only_what_changed_is_done_again(source: Path, undisturbed: Path, prefect: str) -> None:
    again = ("review", source, "--out", undisturbed, *OPTIONS)
    before, times = tree(undisturbed), written(undisturbed)
    assert zejian(*again, PREFECT_API_URL=prefect).returncode == 0
    assert (tree(undisturbed), written(undisturbed)) == (before, times)

    (undisturbed / "05号/sheet.html").unlink()
    assert zejian(*again, PREFECT_API_URL=prefect).returncode == 0
    assert tree(undisturbed) == before
    now = written(undisturbed)
    assert {p.parent.name for p in now if now[p] != times[p]} == {"05号"}


def test_the_run_shows_in_a_prefect_server(undisturbed: Path, prefect: str) -> None:
    ask = Request(f"{prefect}/flow_runs/filter", b"{}", {"Content-Type": "application/json"})
    with urlopen(ask) as answer:
        runs = json.load(answer)
    assert {run["name"] for run in runs} == {f"shanghai-2023 {undisturbed.name}"}
    assert {run["state_type"] for run in runs} == {"COMPLETED"}


def test_reports_over_their_time_fail(tmp_path: Path, prefect: str) -> None:
    for number in (1, 2):
        write_report(tmp_path / f"{number}.txt", number)
    out = tmp_path.with_name(tmp_path.name + "-out")
    short = {"ZEJIAN_SECONDS_PER_REPORT": "0.001", "PREFECT_API_URL": prefect}
    told = zejian("review", tmp_path, "--out", out, *OPTIONS, **short)
    assert told.returncode == 3
    assert told.stdout.count("处理超过时限") == 2
    assert not list(out.glob("*/sheet.html"))
