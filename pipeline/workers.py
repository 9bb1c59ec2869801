"""Worker processes of which each may hang or die without harm to the others.

PDFium is not thread-safe, and a strange file can end a process (memory, a fault in C), so
every report is read in a process. Each worker is a pool of one: when it breaks, the guilty
report is known, and no other report is lost.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext, suppress
from multiprocessing import get_context, parent_process
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TypeVar

from pipeline.offline import go_offline

T = TypeVar("T")
LARGEST_FILE = 2 * 2**30  # bytes a worker may write into one file
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


class TooSlow(Exception):
    """A call took longer than it was given; its worker was ended."""


def one_thread_each() -> None:
    """Keep numeric libraries to one thread: no more of them than cores, and the same sums.

    To be called before numpy is imported; workers inherit it.
    """
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


class Workers:
    """A fixed number of worker processes, started at once.

    Args:
        count: How many reports are read at the same time.
        ward: File with the id of a process that must end when this one is killed.
        memory: Bytes of address space each may take; None sets no limit.
    """

    def __init__(self, count: int, ward: Path, memory: int | None = None):
        self.count = count
        self._all = [_Worker(ward, memory) for _ in range(count)]
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._alone = threading.Lock()
        for worker in self._all:
            self._free.put(worker)

    def everywhere(self, call: Callable[..., T], *args: object) -> Callable[[], T]:
        """Begin a call in every worker before any other work.

        Returns:
            Waits until all have done it; gives one of the (same) results, or raises what it
            raised.
        """
        begun = [worker.pool.submit(call, *args) for worker in self._all]

        def wait() -> T:
            *_, last = (future.result() for future in begun)
            return last

        return wait

    def run(self, call: Callable[..., T], *args: object, seconds: float, alone: bool = False) -> T:
        """Call in the next free worker, with nothing beside it where ``alone``.

        From then on that worker is off the network: what it is called for reads strange files,
        whereas a model of the user's own may have to be fetched ``everywhere`` before.

        Raises:
            TooSlow: ``seconds`` passed since the worker took it.
            BrokenProcessPool: the worker died of it.
            Exception: whatever the call raised.
        """
        with self._alone if alone else nullcontext():
            taken = [self._free.get() for _ in range(self.count if alone else 1)]
            try:
                return taken[0].run(call, *args, seconds=seconds)
            finally:
                for worker in taken:
                    self._free.put(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers at once, whatever they are doing."""
        for worker in self._all:
            worker.end()


class _Worker:
    """One process, renewed when it breaks."""

    def __init__(self, ward: Path, memory: int | None):
        self._rules = ward, memory
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")  # fork would copy this process's threads half-way
        # What it unpacks goes with it, however it ends.
        self._scratch = TemporaryDirectory(prefix="zejian-", ignore_cleanup_errors=True)
        rules = *self._rules, self._scratch.name
        self.pool = ProcessPoolExecutor(1, context, _obey, rules)
        self._pid = self.pool.submit(os.getpid)

    def run(self, call: Callable[..., T], *args: object, seconds: float) -> T:
        try:
            future = self.pool.submit(_apart, call, *args)
            return future.result(seconds)
        except BrokenProcessPool:
            self._renew()
            raise
        except TimeoutError:
            if future.done():  # the call's own TimeoutError
                raise
            self._renew()
            raise TooSlow from None

    def _renew(self) -> None:
        self.end()
        self._start()

    def end(self) -> None:
        with suppress(BrokenProcessPool, ProcessLookupError):
            os.kill(self._pid.result(), signal.SIGKILL)
        self.pool.shutdown(wait=False, cancel_futures=True)
        self._scratch.cleanup()


def _apart(call: Callable[..., T], *args: object) -> T:
    """In a worker: call off the network."""
    go_offline()
    return call(*args)


def _obey(ward: Path, memory: int | None, scratch: str) -> None:
    """In a worker: keep to the limits; end with the parent, even when it is killed.

    An orphan would go on writing beside the run that resumes; the ward goes along.
    """
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
    _limit(resource.RLIMIT_CORE, 0)
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    threading.Thread(target=_follow, args=(ward, scratch), daemon=True).start()


def _limit(kind: int, most: int | None) -> None:
    """Lower a limit of this process and of those it starts; never raise it."""
    if most is None:
        return
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # some systems know the limit but cannot set it
        resource.setrlimit(kind, (most, most))


def _follow(ward: Path, scratch: str) -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    with suppress(OSError, ValueError):
        os.kill(int(ward.read_text()), signal.SIGTERM)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)
