"""Work behind the pages: one thread, and what is asked for meanwhile is done once more after."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Behind:
    """Does a piece of work in the background, never twice at the same time.

    Args:
        work: Does all there is to do when it begins; an exception ends that turn.
    """

    def __init__(self, work: Callable[[], None]):
        self._work = work
        self._wanted, self._lock = False, threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Have it done, or once more after the turn that runs; returns at once."""
        with self._lock:
            self._wanted = True
            if not self.busy():
                self._thread = threading.Thread(target=self._turns, daemon=True)
                self._thread.start()

    def busy(self) -> bool:
        """Whether a turn runs, or is about to."""
        return self._thread is not None and self._thread.is_alive()

    def forget(self) -> None:
        """Begin no further turn."""
        with self._lock:
            self._wanted = False

    def _turns(self) -> None:
        while self._more():
            self._work()

    def _more(self) -> bool:
        with self._lock:
            more, self._wanted = self._wanted, False
            if not more:
                self._thread = None
            return more
