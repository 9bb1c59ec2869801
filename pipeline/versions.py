"""What produced a result, as versions that change when, and only when, results may."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__
from pipeline.resources import shipped

_CODE = Path(__file__).resolve().parent
_KINDS = frozenset({".py", ".html", ".css", ".js", ".j2"})
_READERS = ("pypdfium2", "lxml", "scipy")


def digest(content: bytes) -> str:
    """Sixteen hexadecimal digits of SHA-256: short enough to print on a sheet."""
    return hashlib.sha256(content).hexdigest()[:16]


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the code, with a digest of its files: two checkouts never pass for one."""
    rules = [*shipped("data").glob("*.yaml"), *shipped("data", "lexicon").glob("*.*")]
    return f"{__version__}+{_tree([*_sources(_CODE), *sorted(rules)])[:8]}"


@lru_cache(maxsize=1)
def extractor_version(ocr: str = "") -> str:
    """Version of all that decides what document.json says of a file; ``ocr``: of the engine."""
    own = _tree([_CODE / "records.py", *_sources(_CODE / "extract"), *_sources(_CODE / "emit")])
    return digest("\n".join([own, ocr, *(f"{name} {version(name)}" for name in _READERS)]).encode())


def _sources(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _KINDS)
    return sorted(path for path in found if "_shipped" not in path.parts)


def _tree(paths: Iterable[Path]) -> str:
    """Digest of files by name and content, wherever the checkout lies."""
    return digest(b"\n".join(f"{p.name} {digest(p.read_bytes())}".encode() for p in paths))
