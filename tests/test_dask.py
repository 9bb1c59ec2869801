"""The year's review on a Dask cluster: the same bytes, and a dead machine costs little."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from run import COMMAND, ROOT, environment, tree, write_year, zejian

pytest.importorskip("distributed", reason="the extra dask is not installed")
REPORTS = 8
OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")
DASK = (*OPTIONS, "--runner", "dask")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_year(tmp_path_factory.mktemp("year"), REPORTS)


@pytest.fixture(scope="module")
def local(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    run = zejian("review", source, "--out", out, *OPTIONS)
    assert run.returncode == 0, run.stderr
    return out


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster as an office may have one: it stays, and renews workers that die."""
    os.environ.update(environment())
    from distributed import LocalCluster

    ports = {"dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=0, **ports) as cluster:
        yield cluster.scheduler_address


def worker_ids(scheduler: str) -> list[int]:
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_worker_that_dies_costs_only_its_reports_in_flight(
    source: Path, local: Path, scheduler: str, tmp_path: Path
) -> None:
    victim, other = worker_ids(scheduler)
    command = [*COMMAND, "review", source, "--out", tmp_path, *DASK]
    with subprocess.Popen(
        list(map(str, command)), env=environment(ZEJIAN_DASK=scheduler), stdout=subprocess.PIPE
    ) as run:
        receipts = tmp_path / ".zejian/receipts"
        while run.poll() is None and len(list(receipts.glob("*.json"))) < 2:
            time.sleep(0.005)
        os.kill(victim, signal.SIGKILL)
        finished = len(list(receipts.glob("*.json")))
        run.communicate()
    assert run.returncode == 0
    assert finished < REPORTS
    assert other in worker_ids(scheduler)
    assert victim not in worker_ids(scheduler)
    assert tree(tmp_path) == tree(local)


def test_what_was_reviewed_here_is_only_looked_up_there(
    source: Path, local: Path, scheduler: str
) -> None:
    before = {p: p.stat().st_mtime_ns for p in local.glob("[!.]*/*")}
    assert zejian("review", source, "--out", local, *DASK, ZEJIAN_DASK=scheduler).returncode == 0
    assert {p: p.stat().st_mtime_ns for p in local.glob("[!.]*/*")} == before


def test_without_an_address_the_cluster_is_of_this_machine(source: Path, tmp_path: Path) -> None:
    few = tmp_path / "in"
    few.mkdir()
    for path in sorted(source.iterdir())[:2]:
        (few / path.name).write_bytes(path.read_bytes())
    run = zejian("review", few, "--out", tmp_path / "out", *DASK)
    assert run.returncode == 0, run.stderr
    assert len(list((tmp_path / "out").glob("*/sheet.html"))) == 2
    assert "distributed" not in run.stderr


def test_a_scheduler_that_is_not_there_is_told(source: Path, tmp_path: Path) -> None:
    nobody = "tcp://127.0.0.1:9"
    run = zejian("review", source, "--out", tmp_path, *DASK, ZEJIAN_DASK=nobody)
    assert run.returncode == 2
    assert f"“{nobody}”没有回应" in run.stderr


def checkout(place: Path, file: str, old: str, new: str) -> Path:
    """Zejian as another machine may have it: the same but for one file."""
    for part in ("pipeline", "indicators"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("models", "data"):
        (place / part).symlink_to(ROOT / part)
    text = (place / file).read_text("utf-8")
    assert old in text
    (place / file).write_text(text.replace(old, new), "utf-8")
    return place


def test_machines_of_other_versions_are_noticed(source: Path, tmp_path: Path) -> None:
    """One with a guideline edited, one whose code does not know what it is asked for."""
    edited = checkout(tmp_path / "edited", "indicators/gbt36000.yaml", "安全", "平安")
    older = checkout(tmp_path / "older", "pipeline/cluster.py", "def _review(", "def _old(")
    from distributed import Client, LocalCluster

    ports = {"dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=0, **ports) as cluster, ExitStack() as machines:
        worker = "-m distributed.cli.dask_worker --nthreads 1 --memory-limit 0 --no-dashboard"
        command = [sys.executable, *worker.split(), cluster.scheduler_address]
        for place in (edited, older):
            mine = environment(PYTHONPATH=str(place))
            machine = subprocess.Popen(command, env=mine, cwd=place, stderr=subprocess.DEVNULL)
            machines.callback(machine.wait)
            machines.callback(machine.terminate)
        with Client(cluster, set_as_default=False) as client:
            client.wait_for_workers(2)
        out = tmp_path / "out"
        run = zejian("review", source, "--out", out, *DASK, ZEJIAN_DASK=cluster.scheduler_address)
    assert run.returncode == 3, run.stderr
    files = json.loads((out / "run.json").read_bytes())["files"]
    assert [one["code"] for one in files] == ["other_version"] * REPORTS
    assert all("程序或指南与本机不同" in one["reason"] for one in files)
    assert not list(out.glob("*/findings.json"))
    assert not list((out / ".zejian/receipts").glob("*"))
