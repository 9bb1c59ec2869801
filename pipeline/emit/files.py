"""Files appear whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and move it there; OSError if the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):  # what is there of it only fills a full disk
            beside.unlink()
        raise
