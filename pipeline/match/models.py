"""What was learned, as files in models/matcher/: plain arrays and one JSON, no pickle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.match.combine import Combiner, load_combiner, save_combiner
from pipeline.match.head import TopicHead, load_head, save_head
from pipeline.match.levels import LevelHead, load_levels, save_levels
from pipeline.match.meaning import Landscape
from pipeline.match.network import Network, load_network, save_network
from pipeline.resources import shipped
from pipeline.score import Policy

FILES = (
    "idf.npz",
    "landscape.npz",
    "head.npz",
    "network.npz",
    "levels.npz",
    "known-gbt36000.npz",
    "known-gri.npz",
    "open.npz",
    "policy.json",
)


@dataclass(frozen=True)
class Models:
    """What was learned, apart from the frameworks; see models/matcher.md.

    Attributes:
        idf: n-gram document frequencies, (WIDTH,).
        landscape: Centres in the encoder's space; only fits the encoder trained with.
        head: Topic head of the labelled frameworks.
        network: What reads pieces in their order; only fits the encoder trained with.
        levels: Level and flag head.
        known: Combiner of each framework that the head was trained on, by its id.
        open: Combiner for every other framework.
        policy: Thresholds for reports.
        digest: SHA-256 of all of these.
    """

    idf: np.ndarray
    landscape: Landscape
    head: TopicHead
    network: Network
    levels: LevelHead
    known: dict[str, Combiner]
    open: Combiner
    policy: Policy
    digest: str = ""


def save_models(models: Models, folder: Path) -> None:
    """Write all files of `FILES`; same models, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "idf.npz", idf=models.idf.astype(np.float16))
    land = {n: getattr(models.landscape, n).astype(np.float16) for n in ("centres", "texts")}
    np.savez_compressed(folder / "landscape.npz", **land)
    save_head(models.head, folder / "head.npz")
    save_network(models.network, folder / "network.npz")
    save_levels(models.levels, folder / "levels.npz")
    for name, combiner in models.known.items():
        save_combiner(combiner, folder / f"known-{name}.npz")
    save_combiner(models.open, folder / "open.npz")
    (folder / "policy.json").write_text(json.dumps(asdict(models.policy), indent=1) + "\n")


@lru_cache(maxsize=1)
def load_models(folder: Path | None = None) -> Models:
    """The shipped models, or those of another folder."""
    folder = folder or shipped("models", "matcher")
    with np.load(folder / "idf.npz", allow_pickle=False) as a:
        idf = a["idf"].astype(np.float32)
    with np.load(folder / "landscape.npz", allow_pickle=False) as a:
        landscape = Landscape(a["centres"].astype(np.float32), a["texts"].astype(np.float32))
    head = load_head(folder / "head.npz")
    return Models(
        idf=idf,
        landscape=landscape,
        head=head,
        network=load_network(folder / "network.npz"),
        levels=load_levels(folder / "levels.npz"),
        known={name: load_combiner(folder / f"known-{name}.npz") for name in head.frameworks},
        open=load_combiner(folder / "open.npz"),
        policy=load_policy(folder),
        digest=models_digest(folder),
    )


@lru_cache(maxsize=1)
def load_policy(folder: Path | None = None) -> Policy:
    """The thresholds of the shipped models, or of those of another folder."""
    fields = json.loads(((folder or shipped("models", "matcher")) / "policy.json").read_text())
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    return Policy(**known)


def matcher_version(models: str, encoder: str) -> str:
    """Twelve hexadecimal digits that change with the digest of the models or of the encoder."""
    return hashlib.sha256(f"{models} {encoder}".encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def models_digest(folder: Path | None = None) -> str:
    """SHA-256 of all files of the shipped models, or of those of another folder."""
    folder = folder or shipped("models", "matcher")
    total = hashlib.sha256()
    for name in FILES:
        total.update((folder / name).read_bytes())
    return total.hexdigest()
