"""Worker processes on the machines of a Dask cluster; the only module that imports ``distributed``.

A Dask worker reads no report itself: it keeps limited child processes for that
(``pipeline.workers``), so that a strange file ends a child and not the worker. Reports and OUT
lie in a folder that all machines see under the same path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from multiprocessing import current_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TypeVar

from pipeline.choices import BadUse
from pipeline.workers import Workers, one_thread_each

T = TypeVar("T")
PATIENCE = 10  # seconds until a scheduler that does not answer is not there
_QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical"}  # read by Dask when it is imported


@dataclass(frozen=True, slots=True)
class Cluster:
    """Takes calls as ``Workers`` does; it travels with each of them.

    Args:
        scheduler: Address of Dask's scheduler, e.g. ``tcp://10.0.0.5:8786``.
        memory: Bytes of address space for each process that reads; None sets no limit.
    """

    scheduler: str
    memory: int | None

    def run(self, call: Callable[..., T], *args: object, seconds: float, alone: bool = False) -> T:
        """In a Dask worker: ``Workers.run`` in a child process of it.

        ``alone`` holds within that worker only: Dask knows of no other measure.
        """
        return _children(self.memory).run(call, *args, seconds=seconds, alone=alone)


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


@contextmanager
def cluster(address: str | None, count: int, memory: int | None) -> Iterator[Cluster]:
    """The cluster of that scheduler, or one of this machine that lasts as long as the block.

    Args:
        address: As ZEJIAN_DASK gives it; None for a cluster of our own.
        count: Dask workers of our own cluster.
        memory: As ``Cluster``.

    Raises:
        BadUse: Dask is not installed, or no scheduler answers at ``address``.
    """
    if not find_spec("prefect_dask"):
        raise BadUse("--runner dask 需先安装可选组件：pip install zejian[dask]")
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)  # the workers of this machine inherit it
    from distributed import LocalCluster

    if address:
        _knock(address)
        yield Cluster(address, memory)
        return
    here = "127.0.0.1:0"  # nobody else sees Dask's own pages
    plain = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": here}
    with LocalCluster(n_workers=count, **plain) as own:
        yield Cluster(own.scheduler_address, memory)


def _knock(address: str) -> None:
    from distributed import Client

    try:
        Client(address, timeout=PATIENCE, set_as_default=False).close()
    except (OSError, ValueError) as fault:
        raise BadUse(f"ZEJIAN_DASK 指定的调度器“{address}”没有回应，请检查地址与网络。") from fault


def as_ours(fault: Exception) -> Exception:
    """What Dask raises of a task that ended every worker it was given to, as ``Workers`` does."""
    from distributed import KilledWorker

    return BrokenProcessPool(str(fault)) if isinstance(fault, KilledWorker) else fault
