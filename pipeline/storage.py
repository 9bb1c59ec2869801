"""Submissions and OUT in object storage; the only module that imports ``fsspec``.

What lies at a URL is mirrored in folders, and whatever else reads or writes sees folders only.
A mirrored file's time of modification is no time: it says of which version of the object it is
(``Object.stamp``), so that only what changed is fetched and nothing has to be written down.
Credentials are fsspec's affair: its configuration and its environment (e.g. AWS_*).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

STATE = ".zejian"  # as pipeline.receipts has it
AT_ONCE = 8  # objects fetched at the same time
LONGEST_NAME = 240  # bytes of a part of a path; a file being written has a few more
# What file systems of fsspec say of an object's version, in a listing.
_VERSION = (
    "ETag", "etag", "md5Hash", "LastModified", "last_modified", "modified", "mtime", "updated",
    "created", "size",
)  # fmt: skip


def is_url(place: str) -> bool:
    """Whether ``place`` is not a path of this machine."""
    return "://" in place


@dataclass(frozen=True, slots=True)
class Object:
    """A version of an object."""

    size: int
    stamp: int  # nanoseconds; 0 where the storage does not tell versions

    def is_copied(self, path: Path) -> bool:
        """Whether ``path`` holds this version."""
        with suppress(FileNotFoundError, NotADirectoryError):
            found = path.stat()
            return (found.st_mtime_ns, found.st_size) == (self.stamp, self.size)
        return False


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of object storage; names are relative to it.

    All methods raise OSError, with a Chinese sentence where the storage gives no reason itself.
    """

    url: str

    def is_object(self) -> bool:
        """Whether it is no folder but an object."""
        with _asked(self.url) as (system, root):
            return bool(system.isfile(root))

    def listed(self, under: str = "") -> dict[str, Object]:
        """What lies there, in any depth; folders that some tools make objects of left out."""
        with _asked(self.url) as (system, root):
            place = f"{root}/{under}".rstrip("/")
            system.invalidate_cache()
            found = system.find(place, detail=True)
            told = {name.removeprefix(f"{root}/"): info for name, info in found.items()}
            return {name: _object(info) for name, info in told.items() if not name.endswith("/")}

    def fetch(self, name: str, path: Path, stamp: int = 0) -> None:
        """Copy an object to ``path``, whole or not at all; FileNotFoundError if it is gone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{hashlib.sha256(name.encode()).hexdigest()[:16]}.part")
        with _asked(self.url) as (system, root):
            system.get_file(f"{root}/{name}", str(beside))
        if stamp:
            os.utime(beside, ns=(stamp, stamp))
        os.replace(beside, path)

    def put(self, path: Path, name: str) -> None:
        """Copy a file there."""
        with _asked(self.url) as (system, root):
            system.put_file(str(path), f"{root}/{name}")

    def remove(self, name: str) -> None:
        """Remove an object, if it is there."""
        with _asked(self.url) as (system, root), suppress(FileNotFoundError):
            system.rm_file(f"{root}/{name}")

    def read(self, name: str) -> bytes:
        """Content of an object."""
        with _asked(self.url) as (system, root):
            content: bytes = system.cat_file(f"{root}/{name}")
            return content

    def create(self, name: str, content: bytes) -> None:
        """Write an object; FileExistsError where it is there, as far as the storage can tell."""
        with _asked(self.url) as (system, root):
            system.pipe_file(f"{root}/{name}", content, mode="create")

    def write(self, name: str, content: bytes) -> None:
        """Write an object."""
        with _asked(self.url) as (system, root):
            system.pipe_file(f"{root}/{name}", content)

    def mirror(self, folder: Path, there: Mapping[str, Object], parts: Iterable[str]) -> None:
        """Make parts of a folder what lies there; only what changed is fetched.

        Args:
            folder: Stands for the whole of it.
            there: Objects as ``listed``, all within ``parts``; those that cannot be files are
                left out.
            parts: Paths within ``folder``; "" is all of it.
        """
        names = placeable(there)
        for part in parts:
            _drop(folder / part, {folder / name for name in names})
        changed = [name for name in names if not there[name].is_copied(folder / name)]
        with ThreadPoolExecutor(AT_ONCE) as hands:
            fetched = hands.map(
                lambda name: self.fetch(name, folder / name, there[name].stamp), changed
            )
            list(fetched)  # raises what one of them raised

    def mark(self, folder: Path, put: Iterable[str], under: str) -> None:
        """Note of files just put that they are what lies there, under that path."""
        there = self.listed(under)
        for name in there.keys() & put:
            path, stamp = folder / name, there[name].stamp
            if stamp and path.stat().st_size == there[name].size:
                os.utime(path, ns=(stamp, stamp))


@dataclass(frozen=True, slots=True)
class Carrier:
    """Brings a report and its results from and to where they are kept; it travels with a job.

    Args:
        source: URL of the submissions; "" for a folder that every machine sees.
        out: URL of OUT, likewise.
    """

    source: str = ""
    out: str = ""

    @contextmanager
    def elsewhere(self, file: str, submission: str, scratch: str) -> Iterator[dict[str, Path]]:
        """Where a machine without those folders reads and writes a job, by the job's fields.

        Args:
            file: Of the submission.
            submission: Its id.
            scratch: Folder for what is gone when the block ends.

        Raises:
            OSError: the storage fails.
        """
        with TemporaryDirectory(prefix="zejian-", dir=scratch) as folder:
            places = {}
            if self.source:
                places["path"] = Path(folder, "in", file)
                Store(self.source).fetch(file, places["path"])
            if self.out:
                places["out"] = Path(folder, "out")
            with self.changing(submission, places["out"]) if self.out else nullcontext():
                yield places

    @contextmanager
    def changing(self, submission: str, out: Path) -> Iterator[None]:
        """Have a submission's part of OUT in ``out``; put what the block changed of it.

        A receipt comes after what it speaks of and goes before it, so that a run that ends in
        between leaves no receipt of what is not there. What others put meanwhile is left alone.

        Raises:
            OSError: the storage fails.
        """
        if not self.out:
            yield
            return
        store, receipt = Store(self.out), f"{STATE}/receipts/{submission}.json"
        store.mirror(out, store.listed(submission), [submission])
        try:
            store.fetch(receipt, out / receipt)
        except FileNotFoundError:
            (out / receipt).unlink(missing_ok=True)
        errors = f"{STATE}/errors/{submission}.txt"
        before = _state(out, submission, receipt, errors)
        yield
        after = _state(out, submission, receipt, errors)
        for name in sorted(before.keys() - after.keys(), key=lambda name: name != receipt):
            store.remove(name)
        changed = [name for name, state in after.items() if before.get(name) != state]
        for name in sorted(changed, key=lambda name: name == receipt):
            store.put(out / name, name)
        store.mark(out, changed, submission)


SHARED = Carrier()  # nothing to carry: every machine sees those folders


def placeable(names: Iterable[str]) -> list[str]:
    """Those of the names of objects that can lie in one folder as files, and nowhere else."""
    good = {name for name in names if _fits(name)}
    return sorted(name for name in good if not good.intersection(_parents(name)))


def _fits(name: str) -> bool:
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") for part in parts)
    short = all(len(part.encode(errors="replace")) <= LONGEST_NAME for part in parts)
    return plain and short and "\0" not in name and "?versionId=" not in name  # s3fs cuts there


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _object(info: dict[str, Any]) -> Object:
    told = [str(info[key]) for key in _VERSION if info.get(key) is not None]
    if len(told) < 2:  # a size alone
        return Object(info["size"] or 0, 0)
    digest = hashlib.sha256("\n".join(told).encode()).digest()
    return Object(info["size"] or 0, int.from_bytes(digest[:7]))


def _state(out: Path, submission: str, *others: str) -> dict[str, tuple[int, int]]:
    """(modified, size) of the files of a submission, by name."""
    paths = [*(out / submission).rglob("*"), *(out / name for name in others)]
    found = ((path, path.stat()) for path in paths if path.is_file())
    return {p.relative_to(out).as_posix(): (s.st_mtime_ns, s.st_size) for p, s in found}


def _drop(folder: Path, but: set[Path]) -> None:
    """Remove all files in ``folder`` but those, and folders left empty."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
        elif path not in but:
            path.unlink()


@contextmanager
def _asked(url: str) -> Iterator[tuple[Any, str]]:
    """File system and path of ``url``; whatever it raises is an OSError outside."""
    try:
        yield _opened(url)
    except OSError:
        raise
    except ImportError as fault:
        needed = f"使用“{url}”需先安装可选组件：pip install zejian[storage]（{fault}）"
        raise OSError(needed) from fault
    except Exception as fault:  # each storage has faults of its own
        raise OSError(f"“{url}”没有正常回应：{fault}") from fault


@cache
def _opened(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    system, root = url_to_fs(url)
    return system, root.rstrip("/")
