"""The year's review on a Dask cluster: the same bytes, and a dead machine costs little."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from run import COMMAND, environment, tree, write_year, zejian

pytest.importorskip("prefect_dask", reason="the extra dask is not installed")
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
