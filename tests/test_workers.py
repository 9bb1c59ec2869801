"""Worker processes that hang or die cost only their own call."""

import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest
from run import environment

from pipeline.offline import go_offline
from pipeline.workers import TooSlow, Workers


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with Workers(2, tmp_path_factory.mktemp("state") / "server.pid") as found:
        yield found


def note_span(path: Path) -> tuple[float, float]:
    began = time.monotonic()
    time.sleep(0.2)
    path.touch()
    return began, time.monotonic()


def test_a_death_costs_only_its_own_call(workers: Workers) -> None:
    with ThreadPoolExecutor(6) as many:
        fine = [many.submit(workers.run, pow, 2, n, seconds=60) for n in range(8)]
        dead = [many.submit(workers.run, os._exit, 9, seconds=60) for _ in range(3)]
        later = [many.submit(workers.run, pow, 3, n, seconds=60) for n in range(8)]
    assert [one.result() for one in fine] == [2**n for n in range(8)]
    assert [one.result() for one in later] == [3**n for n in range(8)]
    assert all(isinstance(one.exception(), BrokenProcessPool) for one in dead)


def test_a_call_over_its_time_is_ended(workers: Workers) -> None:
    with pytest.raises(TooSlow):
        workers.run(time.sleep, 600, seconds=0.2)
    assert workers.run(abs, -1, seconds=60) == 1


def leave_behind(note: Path) -> None:
    note.write_text(tempfile.mkdtemp(), "utf-8")
    os._exit(9)


def test_what_a_dead_worker_unpacked_goes_with_it(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(BrokenProcessPool):
        workers.run(leave_behind, tmp_path / "note", seconds=60)
    assert not Path((tmp_path / "note").read_text("utf-8")).exists()
    assert Path(workers.run(tempfile.mkdtemp, seconds=60)).is_dir()


KILLED = """
import sys, tempfile, time
from pathlib import Path
from pipeline.workers import Workers
workers = Workers(1, Path("none.pid"))
print(workers.run(tempfile.mkdtemp, seconds=60), flush=True)
time.sleep(600)
"""


def test_a_killed_run_leaves_nothing_unpacked(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED]
    there = environment(TMPDIR=str(tmp_path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=there) as run:
        assert run.stdout is not None
        unpacked = Path(run.stdout.readline().strip())
        assert unpacked.is_relative_to(tmp_path)
        (worker,) = [
            one
            for one in psutil.Process(run.pid).children(recursive=True)
            if "spawn_main" in " ".join(one.cmdline())
        ]
        run.kill()
    worker.wait(60)
    assert not list(tmp_path.iterdir())


def test_a_call_that_raises_raises_here(workers: Workers) -> None:
    with pytest.raises(TimeoutError):
        workers.run(raise_timeout, seconds=60)
    with pytest.raises(ZeroDivisionError):
        workers.run(divmod, 1, 0, seconds=60)


def raise_timeout() -> None:
    raise TimeoutError("the call's own")


def test_alone_means_nothing_beside_it(workers: Workers, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as many:
        beside = [
            many.submit(workers.run, note_span, tmp_path / str(n), seconds=60) for n in (1, 2)
        ]
        alone = many.submit(workers.run, note_span, tmp_path / "a", seconds=60, alone=True)
        twice = many.submit(workers.run, note_span, tmp_path / "b", seconds=60, alone=True)
    for one in (alone, twice):
        began, ended = one.result()
        others = [other.result() for other in (*beside, alone, twice) if other is not one]
        assert all(b >= ended or e <= began for b, e in others)


def reach(port: int) -> str:
    """In a worker: what comes of connecting, in this process, a thread of it and a child."""
    call = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
    child = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True)
    with ThreadPoolExecutor(1) as thread:
        told = [*map(str, (knock(port), thread.submit(knock, port).result())), child.stderr]
    return "\n".join(told)


def knock(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError as fault:
        return type(fault).__name__
    return "connected"


@pytest.mark.skipif(
    (sys.platform, platform.machine()) not in {("linux", "x86_64"), ("linux", "aarch64")},
    reason="the network is only kept away on Linux, x86-64 or ARM64",
)
def test_what_reads_a_document_cannot_reach_the_network(workers: Workers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert knock(port) == "connected"
        told = workers.run(reach, port, seconds=60)
    assert told.count("PermissionError") == 3, told
    assert workers.everywhere(os.getpid)()


def test_a_system_that_cannot_keep_the_network_away_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    assert go_offline.__wrapped__() is False
