"""Worker processes that hang or die cost only their own call."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

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
