"""Reviews in the background: one process at a time for a desk, and how far it is.

``python -m pipeline.desk.reviewer OUT MATERIALS HOME PROGRAMME FRAMEWORKS`` does what
``zejian review`` does; reports reviewed before under the same circumstances are only looked up.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.emit.files import put

if TYPE_CHECKING:
    from pipeline.receipts import Receipt

_STATE = "review.json"


@dataclass(frozen=True, slots=True)
class Running:
    """How far the review is; ``problem`` is a Chinese sentence."""

    active: bool = False
    done: int = 0
    total: int = 0
    file: str = ""
    problem: str = ""


class Reviewer:
    """Starts reviews; a request during one makes another follow it.

    Args:
        out: The year's folder.
        materials: Folder of the submitted files.
        home: Folder for its state.
        rules: What ``zejian review`` takes as ``--programme`` and ``--frameworks``.
        after: Called when a review has ended.
    """

    def __init__(
        self,
        out: Path,
        materials: Path,
        home: Path,
        rules: tuple[str, str],
        after: Callable[[], None],
    ):
        self._command = [sys.executable, "-m", "pipeline.desk.reviewer"]
        self._command += [str(out), str(materials), str(home), *rules]
        self._home, self._after = home, after
        self._wanted, self._lock = False, threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Have everything reviewed that is not yet; returns at once."""
        with self._lock:
            self._wanted = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()

    def running(self) -> Running:
        """How far the present, or the last, review is."""
        active = bool(self._thread and self._thread.is_alive())
        with suppress(FileNotFoundError, ValueError, TypeError):
            told = json.loads((self._home / _STATE).read_bytes())
            return Running(**{**told, "active": active})
        return Running(active)

    def close(self) -> None:
        """End a running review; the next begins where it ended."""
        self._wanted = False
        if self._child:
            self._child.terminate()

    def _work(self) -> None:
        while self._more():
            self._home.mkdir(parents=True, exist_ok=True)
            with (self._home / "review.log").open("wb") as log:
                self._child = subprocess.Popen(self._command, stdout=log, stderr=log)
                self._child.wait()
            self._after()

    def _more(self) -> bool:
        with self._lock:
            more, self._wanted = self._wanted, False
            if not more:
                self._thread = None
            return more


def _names(frameworks: str) -> tuple[str, ...]:
    return tuple(name for name in frameworks.split(",") if name)


def main(out: Path, materials: Path, home: Path, programme: str, frameworks: str) -> None:
    """Review the year in this process, telling ``home`` how far it is."""
    from pipeline.workers import one_thread_each

    one_thread_each()
    from pipeline import choices
    from pipeline.year import review_year

    def note(**told: object) -> None:
        put(home / _STATE, json.dumps({"active": True, **told}, ensure_ascii=False).encode())

    @contextmanager
    def watch(total: int) -> Iterator[Callable[[Receipt], None]]:
        done = [0]

        def tell(receipt: Receipt) -> None:
            done[0] += 1
            note(done=done[0], total=total, file=receipt.outcome.file)

        note(done=0, total=total)
        yield tell

    with (home / "review.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # desks of several processes take turns
        note(done=0, total=1)
        try:
            settings = choices.settings()
            configuration = choices.configuration(programme, _names(frameworks), settings)
            review_year(materials, out, configuration, settings, watch)
        except choices.BadUse as fault:
            note(problem=str(fault))
        else:
            note(done=1, total=1)


if __name__ == "__main__":
    _out, _materials, _home = map(Path, sys.argv[1:4])
    main(_out, _materials, _home, *sys.argv[4:6])
