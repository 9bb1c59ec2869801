"""Reviews in the background: one process at a time for a desk, and how far it is.

``python -m pipeline.desk.reviewer OUT MATERIALS HOME PROGRAMME FRAMEWORKS LAST_YEAR`` does what
``zejian review`` does; reports reviewed before under the same circumstances are only looked up.
"""

from __future__ import annotations

import fcntl
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.desk.behind import Behind
from pipeline.emit.files import put

if TYPE_CHECKING:
    from pipeline.receipts import Receipt

_STATE = "review.json"
_MEMORY = re.compile(rb'"memory":\s*\{')
_WHICH = "这一年评审时与上年对照过；请用 zejian desk --last-year 指明上年的输出文件夹，再评审。"


@dataclass(frozen=True, slots=True)
class Running:
    """How far the review is; ``problem`` is a Chinese sentence."""

    active: bool = False
    done: int = 0
    total: int = 0
    file: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What ``zejian review`` takes as options of these names, as the user gave them."""

    programme: str
    frameworks: tuple[str, ...] = ()
    last_year: str = ""  # OUT of last year's review; "": compared with none


class Reviewer:
    """Starts reviews; a request during one makes another follow it.

    Args:
        out: The year's folder.
        materials: Folder of the submitted files.
        home: Folder for its state.
        rules: How the year was reviewed, and is to be again.
        after: Called when a review has ended.
    """

    def __init__(
        self,
        out: Path,
        materials: Path,
        home: Path,
        rules: Rules,
        after: Callable[[], None],
    ):
        self._command = [sys.executable, "-m", "pipeline.desk.reviewer"]
        self._command += [str(out), str(materials), str(home)]
        self._command += [rules.programme, ",".join(rules.frameworks), rules.last_year]
        self.rules, self._home, self._after = rules, home, after
        self._behind = Behind(self._work)
        self._child: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Have everything reviewed that is not yet; returns at once."""
        self._behind.begin()

    def running(self) -> Running:
        """How far the present, or the last, review is."""
        active = self._behind.busy()
        with suppress(FileNotFoundError, ValueError, TypeError):
            told = json.loads((self._home / _STATE).read_bytes())
            return Running(**{**told, "active": active})
        return Running(active)

    def close(self) -> None:
        """End a running review; the next begins where it ended."""
        self._behind.forget()
        if self._child:
            self._child.terminate()

    def _work(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "review.log").open("wb") as log:
            self._child = subprocess.Popen(self._command, stdout=log, stderr=log)
            self._child.wait()
        self._after()


def _was_compared(out: Path) -> bool:
    """Whether OUT was compared with another year, and its run.json does not tell with which.

    To review it without would take the comparison from every report in silence.
    """
    with suppress(FileNotFoundError, ValueError):
        if "last_year" in json.loads((out / "run.json").read_bytes())["settings"]:
            return False
    found = (path.read_bytes() for path in out.glob("*/findings.json"))
    return any(_MEMORY.search(content) for content in found)


def main(out: Path, materials: Path, home: Path, rules: Rules) -> None:
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
            if not rules.last_year and _was_compared(out):
                raise choices.BadUse(_WHICH)
            past = Path(rules.last_year) if rules.last_year else None
            configuration = choices.configuration(rules.programme, rules.frameworks, settings, past)
            review_year(materials, out, configuration, settings, watch)
        except choices.BadUse as fault:
            note(problem=str(fault))
        else:
            note(done=1, total=1)


if __name__ == "__main__":
    _out, _materials, _home = map(Path, sys.argv[1:4])
    _programme, _frameworks, _last_year = sys.argv[4:7]
    _names = tuple(name for name in _frameworks.split(",") if name)
    main(_out, _materials, _home, Rules(_programme, _names, _last_year))
