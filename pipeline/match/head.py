"""The topic head: linear models learned from labelled reports, for the frameworks labelled.

Its margins serve twice: as the strongest opinion on their own frameworks, and as a topic
space in which any other framework's indicators can be compared with a passage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.match.ngrams import Columns

HEADING = 0.632  # weight of heading n-grams beside the text's (kernel weight 0.4)
CUES = 0.316  # weight of cue scores (kernel weight 0.1)


@dataclass(frozen=True)
class TopicHead:
    """Linear margins per class, about 0 for no and 1 for yes.

    Attributes:
        frameworks: Ids of the frameworks whose cues are read, in the order of the cue columns.
        classes: (framework id, indicator code) of each of the K columns.
        columns: Hash buckets in use, sorted, for text and for heading.
        text, heading: Weights, (buckets, K) float32.
        cues: Weights of the clipped cue scores of the labelled frameworks, (cues, K).
        near: Weights of the nearness to each centre of the landscape, (M, K).
    """

    frameworks: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    columns: tuple[np.ndarray, np.ndarray]
    text: np.ndarray
    heading: np.ndarray
    cues: np.ndarray
    near: np.ndarray

    def margins(
        self,
        text: sparse.csr_matrix,
        heading: sparse.csr_matrix,
        cues: np.ndarray,
        nearness: np.ndarray,
    ) -> np.ndarray:
        """Margins of passages, (passages, K) float32.

        Args:
            text: n-gram vectors of the passages, (passages, WIDTH).
            heading: n-gram vectors of their headings, (passages, WIDTH).
            cues: Cue scores of `frameworks` side by side, (passages, cues).
            nearness: From `meaning.Landscape`, (passages, M).
        """
        said, titled = self._chosen
        return (
            said.of(text) @ self.text
            + HEADING * (titled.of(heading) @ self.heading)
            + CUES * (clip_cues(cues) @ self.cues)
            + nearness @ self.near
        ).astype(np.float32)

    @cached_property
    def _chosen(self) -> tuple[Columns, Columns]:
        return Columns(self.columns[0]), Columns(self.columns[1])

    def columns_of(self, framework: str) -> Mapping[str, int]:
        """Column of each indicator code of a framework; empty when it was never labelled."""
        return {code: k for k, (name, code) in enumerate(self.classes) if name == framework}

    def without(self, framework: str) -> TopicHead:
        """The head as if that framework had never been labelled; cue columns stay."""
        kept = [k for k, (name, _) in enumerate(self.classes) if name != framework]
        return replace(
            self,
            classes=tuple(self.classes[k] for k in kept),
            text=self.text[:, kept],
            heading=self.heading[:, kept],
            cues=self.cues[:, kept],
            near=self.near[:, kept],
        )


def clip_cues(cues: np.ndarray) -> np.ndarray:
    """Cue scores kept from outweighing the words themselves."""
    return np.clip(cues, -1.0, 2.5)


def save_head(head: TopicHead, path: Path) -> None:
    """Write a head with weights as int8 and one scale a class (a tenth of the size)."""
    packed = {name: _pack(getattr(head, name)) for name in ("text", "heading", "cues", "near")}
    arrays: dict[str, Any] = {
        "frameworks": np.array(head.frameworks),
        "classes": np.array(head.classes),
        "columns_text": head.columns[0],
        "columns_heading": head.columns[1],
    }
    arrays |= {f"{name}_{part}": a for name, pair in packed.items() for part, a in pair.items()}
    np.savez_compressed(path, **arrays)


def load_head(path: Path) -> TopicHead:
    """Read a head written by `save_head`."""
    with np.load(path, allow_pickle=False) as a:
        weights = {n: a[f"{n}_int8"] * a[f"{n}_scale"] for n in ("text", "heading", "cues", "near")}
        return TopicHead(
            frameworks=tuple(map(str, a["frameworks"])),
            classes=tuple((str(f), str(c)) for f, c in a["classes"]),
            columns=(a["columns_text"], a["columns_heading"]),
            **weights,
        )


def _pack(weights: np.ndarray) -> dict[str, np.ndarray]:
    scale = np.abs(weights).max(axis=0, initial=1e-9) / 127
    return {
        "int8": np.round(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
    }
