"""Processes on the machines of a Dask cluster; the only module that imports ``distributed``.

A Dask worker reads no report itself: it keeps limited child processes for that
(``pipeline.workers``), so that a strange file ends a child and not the worker. Jobs and receipts
pass it as bytes: it loads none of what reviews, and stays small. Reports and OUT lie in a folder
that all machines see under the same path, or in object storage (``pipeline.storage``).
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from multiprocessing import current_process
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Any

from pipeline.storage import Carrier
from pipeline.workers import TooSlow, Workers, one_thread_each

if TYPE_CHECKING:  # a Dask worker imports this module, and nothing that it can do without
    from distributed import Client

    from pipeline.choices import Configuration
    from pipeline.receipts import Receipt
    from pipeline.review import Job

PATIENCE = 10  # seconds until a scheduler that does not answer is not there
# Read by Dask when it is imported; the workers of our own cluster inherit it. It looks at itself
# fifty times a second, and nobody looks at what it saw.
_QUIET = {
    "DASK_LOGGING__DISTRIBUTED": "critical",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}


@dataclass(frozen=True, slots=True)
class Errand:
    """What a Dask worker has to know of a job."""

    memory: int | None
    seconds: float
    carrier: Carrier
    file: str
    submission: str


class Cluster:
    """Hands of a Dask cluster.

    Args:
        client: To its scheduler.
        memory: Bytes of address space for each process that reads; None sets no limit.
    """

    def __init__(self, client: Client, memory: int | None):
        self._client, self._memory = client, memory
        self._workers: dict[str, int] = client.nthreads()
        self.count = sum(self._workers.values())
        self._free, self._alone = Semaphore(self.count), Lock()

    def warm(self, configuration: Configuration) -> Callable[[], object]:
        """As ``Hands``; a machine that cannot do it for another reason says so with a report."""
        call = pickle.dumps(configuration)
        begun = [
            self._client.submit(
                _warm, self._memory, call, workers=[one], allow_other_workers=True, pure=False
            )
            for one in self._workers
        ]

        def wait() -> None:
            for future in begun:
                _raise_bad_use(future.exception())

        return wait

    def review(self, job: Job, seconds: float, alone: bool = False) -> Receipt:
        """As ``Hands``; ``alone`` holds for the reports of this run, in the whole cluster."""
        wanted = self.count if alone else 1
        with self._alone if alone else nullcontext():
            for _ in range(wanted):
                self._free.acquire()
            try:
                return self._review(job, seconds)
            finally:
                self._free.release(wanted)

    def _review(self, job: Job, seconds: float) -> Receipt:
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        from pipeline.review import MACHINE_FAULTS, OtherVersion

        errand = Errand(self._memory, seconds, job.carrier, job.submission.file, job.submission.id)
        future = self._client.submit(_review, errand, pickle.dumps(job), pure=False)
        try:
            receipt: Receipt = pickle.loads(future.result())
        except (TooSlow, BrokenProcessPool, *MACHINE_FAULTS):
            raise
        except KilledWorker as fault:  # it ended every Dask worker that it was given to
            raise BrokenProcessPool(str(fault)) from fault
        except FutureCancelledError as fault:
            raise OSError("Dask 调度器失去联系") from fault
        except Exception as fault:  # it does not know what it was asked for
            raise OtherVersion from fault
        return receipt


def _raise_bad_use(fault: BaseException | None) -> None:
    from pipeline.choices import BadUse

    if isinstance(fault, BadUse):
        raise fault


@cache
def _children(memory: int | None) -> Workers:
    """In a Dask worker: as many child processes as it runs tasks at a time; they end with it."""
    from distributed import get_worker

    one_thread_each()
    # Dask marks its processes as such that have no children; ours end with them all the same.
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    found = Workers(get_worker().state.nthreads, Path(os.devnull), memory)
    Finalize(None, found.__exit__, exitpriority=1)  # before a process waits for its children
    return found


def _warm(memory: int | None, call: bytes) -> None:
    """In a Dask worker."""
    _children(memory).everywhere(_warm_child, call)()


def _review(errand: Errand, job: bytes) -> bytes:
    """In a Dask worker: fetch the report and put its results, if no folder is shared."""
    from distributed import get_worker

    children, carrier = _children(errand.memory), errand.carrier
    with carrier.elsewhere(errand.file, errand.submission, get_worker().local_directory) as places:
        return children.run(_review_in_child, job, places, seconds=errand.seconds)


def _warm_child(call: bytes) -> None:
    from pipeline.review import warm

    warm(pickle.loads(call))


def _review_in_child(job: bytes, places: dict[str, Path]) -> bytes:
    from pipeline.review import review_file

    return pickle.dumps(review_file(replace(pickle.loads(job), **places)))


@contextmanager
def cluster(address: str | None, count: int, memory: int | None) -> Iterator[Cluster]:
    """The cluster of that scheduler, or one of this machine that lasts as long as the block.

    Args:
        address: As ZEJIAN_DASK gives it; None for a cluster of our own.
        count: Dask workers of our own cluster.
        memory: As ``Cluster``.

    Raises:
        BadUse: Dask is not installed, no scheduler answers at ``address``, or it has no workers.
    """
    from pipeline.choices import BadUse

    if not find_spec("distributed"):
        raise BadUse("--runner dask 需先安装可选组件：pip install zejian[dask]")
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    with _client(address) if address else _own(count) as client:
        yield Cluster(client, memory)


@contextmanager
def _own(count: int) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    plain: dict[str, Any] = {"threads_per_worker": 1, "memory_limit": 0}
    plain["dashboard_address"] = "127.0.0.1:0"  # nobody else sees Dask's own pages
    with LocalCluster(n_workers=count, **plain) as own, Client(own, set_as_default=False) as client:
        yield client


@contextmanager
def _client(address: str) -> Iterator[Client]:
    from distributed import Client

    from pipeline.choices import BadUse

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise BadUse(f"ZEJIAN_DASK 指定的调度器“{address}”没有回应，请检查地址与网络。") from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as fault:
            told = f"ZEJIAN_DASK 指定的调度器“{address}”没有工作进程，请先启动 dask worker。"
            raise BadUse(told) from fault
        yield client
