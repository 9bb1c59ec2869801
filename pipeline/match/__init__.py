"""Match: which indicators a passage speaks for, how deeply, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.frameworks import Framework
    from pipeline.match.matcher import Matcher

__all__ = ["Matcher", "load_matcher"]


def load_matcher(frameworks: Sequence[Framework], encoder: str | None = None) -> Matcher:
    """A matcher over the shipped models.

    Args:
        frameworks: Frameworks to match with, shipped or the office's own.
        encoder: None for the embedded encoder, else any SentenceTransformer name or folder.
    """
    from pipeline.match.encoder import load_encoder
    from pipeline.match.matcher import Matcher
    from pipeline.match.models import load_models

    return Matcher(frameworks, load_models(), load_encoder(encoder), load_encoder(None))


def __getattr__(name: str) -> object:
    if name == "Matcher":
        from pipeline.match.matcher import Matcher

        return Matcher
    raise AttributeError(name)
