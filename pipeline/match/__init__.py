"""Match: which indicators a passage speaks for, how deeply, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.frameworks import Framework
    from pipeline.match.matcher import Matcher

__all__ = ["Matcher", "MatcherFacts", "load_matcher", "matcher_facts"]


@dataclass(frozen=True, slots=True)
class MatcherFacts:
    """What a sheet says of the matcher that made it."""

    encoder: str  # name and eight digits of its digest
    version: str
    promise: tuple[float, float, float] | None  # see score.Policy


def load_matcher(frameworks: Sequence[Framework], encoder: str | None = None) -> Matcher:
    """A matcher over the shipped models.

    Args:
        frameworks: Frameworks to match with, shipped or the office's own.
        encoder: None for the embedded encoder, else any SentenceTransformer name or folder.
    """
    from pipeline.match.encoder import home_encoder, load_encoder
    from pipeline.match.matcher import Matcher
    from pipeline.match.models import load_models

    return Matcher(frameworks, load_models(), load_encoder(encoder), home_encoder())


def matcher_facts(encoder: str | None = None) -> MatcherFacts:
    """Facts of the matcher that ``load_matcher`` would give, in a tenth of the time it takes."""
    from pipeline.match.encoder import encoder_identity
    from pipeline.match.models import load_policy, matcher_version, models_digest

    name, digest = encoder_identity(encoder)
    version = matcher_version(models_digest(), digest)
    return MatcherFacts(f"{name} {digest[:8]}", version, load_policy().promise)


def __getattr__(name: str) -> object:
    if name == "Matcher":
        from pipeline.match.matcher import Matcher

        return Matcher
    raise AttributeError(name)
