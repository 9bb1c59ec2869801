"""Where the files shipped with the code lie: a checkout or an installed wheel."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped(*parts: str) -> Path:
    """Path of a shipped file, e.g. ``shipped("indicators", "gri.yaml")``."""
    packed = _HERE / "_shipped"
    return (packed if packed.is_dir() else _HERE.parent).joinpath(*parts)
