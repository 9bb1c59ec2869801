"""Where a review reads and writes: folders as they are, object storage by a mirror of it here.

The mirrors lie in the user's cache (``$XDG_CACHE_HOME/zejian``) and may be removed between runs:
they only save fetching again what did not change.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from pipeline.choices import BadUse
from pipeline.intake import safe_id
from pipeline.receipts import STATE
from pipeline.records import FileOutcome
from pipeline.sniff import LARGEST_FILE, refusal
from pipeline.storage import Carrier, Object, Store, is_url, placeable

LOCK = f"{STATE}/lock"
BEAT = 60  # seconds between two signs of life of a run that has OUT
DEAD = timedelta(minutes=10)  # without one, after which another may have it
OUT_IN_SOURCE = "输出文件夹不能放在申报材料文件夹之内，请用 --out 指定别处。"
_YEAR = ("overview.html", "overview.xlsx", "run.json")  # what a run writes besides reports


@dataclass(frozen=True, slots=True)
class Here:
    """Folders of this machine that stand for where a review reads and writes."""

    source: Path
    out: Path
    carrier: Carrier  # of each job
    refused: tuple[FileOutcome, ...] = ()  # objects that cannot be files

    @contextmanager
    def only_run(self) -> Iterator[None]:
        """Hold OUT of object storage for the block; to be called by who has ``out`` alone.

        Raises:
            BadUse: another run has it, or it cannot be written.
        """
        if not self.carrier.out:
            yield
            return
        store = Store(self.carrier.out)
        with _refusing(store.url):
            mine = _take(store, self.out)
        done = threading.Event()
        alive = threading.Thread(target=_stay, args=(store, mine, done), daemon=True)
        alive.start()
        try:
            yield
        finally:
            done.set()
            alive.join()
            with suppress(OSError):
                if _run(store.read(LOCK)) == _run(mine):
                    store.remove(LOCK)

    def fetch(self, submissions: Collection[str]) -> None:
        """Bring what earlier runs left of these reports; OSError if the storage fails."""
        if self.carrier.out:
            store, receipts = Store(self.carrier.out), f"{STATE}/receipts"
            wanted = {*submissions, receipts}
            there = {n: one for n, one in store.listed().items() if _part(n) in wanted}
            store.mirror(self.out, there, [*submissions, receipts])

    def finish(self) -> None:
        """Put what tells of the whole year; OSError if the storage fails."""
        if self.carrier.out:
            store = Store(self.carrier.out)
            for name in _YEAR:
                store.put(self.out / name, name)
            receipts = self.out.glob(f"{STATE}/receipts/*.json")
            put = [path.relative_to(self.out).as_posix() for path in receipts]
            store.mark(self.out, put, f"{STATE}/receipts")


def here(source: str, out: str) -> Here:
    """Have the submissions in a folder, and a folder for what becomes of them.

    Args:
        source: Path or URL of a folder or of one report.
        out: Path or URL.

    Raises:
        BadUse: storage that cannot be read, or ``out`` lies in ``source``.
    """
    carrier = Carrier(*(place.rstrip("/") if is_url(place) else "" for place in (source, out)))
    if carrier.source and f"{carrier.out}/".startswith(f"{carrier.source}/"):
        raise BadUse(OUT_IN_SOURCE)
    folder = _mirror_of(carrier.out) if carrier.out else Path(out)
    if not carrier.source:
        return Here(Path(source), folder, carrier)
    with _refusing(carrier.source):
        return _fetched(carrier, folder)


def manifest(out: str) -> str:
    """run.json of OUT; OSError if there is none."""
    content = Store(out).read("run.json") if is_url(out) else Path(out, "run.json").read_bytes()
    return content.decode()


def _fetched(carrier: Carrier, out: Path) -> Here:
    store, mirror, only = Store(carrier.source), _mirror_of(carrier.source), ""
    if store.is_object():
        parent, _, only = carrier.source.rpartition("/")
        store, carrier = Store(parent), Carrier(parent, carrier.out)
    found = store.listed()
    there = {only: found[only]} if only else found
    good = {name: there[name] for name in placeable(there) if there[name].size <= LARGEST_FILE}
    refused = [_refused(name, there[name]) for name in there.keys() - good.keys()]
    with mirror.with_suffix(".lock").open("w") as turn:  # of runs into different OUT
        fcntl.flock(turn, fcntl.LOCK_EX)
        store.mirror(mirror, good, [""])
    return Here(mirror / only, out, carrier, tuple(refused))


def _refused(name: str, found: Object) -> FileOutcome:
    fault = refusal("too_large" if found.size > LARGEST_FILE else "bad_name")
    return FileOutcome(name, "", "", "failed", fault.code, fault.reason)


def _mirror_of(url: str) -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = base / "zejian" / hashlib.sha256(url.encode()).hexdigest()[:16]
    mirror = place / safe_id(url.rpartition("/")[2], set())  # Prefect shows this name
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        mirror.mkdir(exist_ok=True)
    except OSError as fault:
        raise BadUse(f"无法写入“{mirror}”：{fault.strerror}") from fault
    return mirror


def _part(name: str) -> str:
    """The submission, or the folder of the state, that an object of OUT belongs to."""
    first, _, rest = name.partition("/")
    return first if first != STATE else f"{first}/{rest.partition('/')[0]}"


def _take(store: Store, out: Path) -> bytes:
    """Write our lock; BadUse if another run lives."""
    mine = _sign(str(uuid4()), _identity(out))
    try:
        store.create(LOCK, mine)
    except FileExistsError:
        _refuse_living(store, out)
        store.write(LOCK, mine)
    if _run(store.read(LOCK)) != _run(mine):  # a storage without "only if it is not there"
        raise BadUse(f"另一个 zejian 正在写入“{store.url}”，请等它结束。") from None
    return mine


def _refuse_living(store: Store, out: Path) -> None:
    try:
        lock = json.loads(store.read(LOCK))
        machine, seen = lock["machine"], datetime.fromisoformat(lock["seen"])
        dead = lock["place"] == _identity(out) or datetime.now(UTC) - seen > DEAD
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return  # it just ended, or is no lock of ours
    if not dead:
        told = f"另一个 zejian（机器 {machine}，{seen:%Y-%m-%d %H:%M} UTC 仍在运行）正在写入"
        raise BadUse(f"{told}“{store.url}”，请等它结束；它若已中断，十分钟后可再次运行。")


def _sign(run: str, place: str) -> bytes:
    seen = datetime.now(UTC).isoformat(timespec="seconds")
    lock = {"run": run, "place": place, "machine": platform.node(), "seen": seen}
    return json.dumps(lock).encode()


def _run(lock: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(lock)["run"])
    return ""


def _identity(out: Path) -> str:
    """Of this mirror: whoever has it alone knows that its earlier runs are dead."""
    note = out / STATE / "place"
    if not note.exists():
        note.write_text(str(uuid4()))
    return note.read_text()


def _stay(store: Store, mine: bytes, done: threading.Event) -> None:
    lock = json.loads(mine)
    while not done.wait(BEAT):
        with suppress(OSError):
            store.write(LOCK, _sign(lock["run"], lock["place"]))


@contextmanager
def _refusing(url: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        told = f"无法使用“{url}”（{fault.strerror or fault}），请检查地址、网络与凭据。"
        raise BadUse(told) from fault
