"""Sentence vectors: the embedded static encoder, or any SentenceTransformer by one setting.

The embedded encoder is a real SentenceTransformer folder (StaticEmbedding with int8 rows and
one scale a row), read here with tokenizers, safetensors and numpy alone, so that a plain
installation needs no torch and starts in a moment.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from safetensors.numpy import load_file
from scipy import sparse
from tokenizers import Tokenizer

from pipeline.records import ReportError
from pipeline.resources import shipped

MODULE = "0_StaticEmbedding"
_BATCH = 2048  # texts a call of the tokenizer; bounds memory, not results


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their similarity (-1 to 1)."""

    name: str
    digest: str  # of the weights, or of the name where the files are not ours to read

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts``: (n, d) float32, each of length one, or zero if nothing is known."""
        ...


@dataclass(frozen=True)
class Pieces:
    """The pieces of some texts, one text after another.

    Attributes:
        flat: Numbers of the pieces, (pieces,) int32.
        ends: Where the pieces of each text end, and 0 before the first, (texts + 1,) int.
    """

    flat: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.ends) - 1

    @property
    def sizes(self) -> np.ndarray:
        """Number of pieces of each text, (texts,)."""
        return np.diff(self.ends)

    def first(self, count: int) -> Pieces:
        """At most the first ``count`` pieces of each text."""
        rank = np.arange(len(self.flat)) - np.repeat(self.ends[:-1], self.sizes)
        sizes = np.minimum(self.sizes, count)
        return Pieces(self.flat[rank < count], np.append(0, np.cumsum(sizes)))


class EmbeddedEncoder:
    """Mean of the static vectors of a text's pieces; equal to sentence-transformers' own.

    Args:
        folder: A SentenceTransformer folder as written by pipeline/train/encoder.py.
    """

    def __init__(self, folder: Path):
        pieces, weight = _embedded(folder)
        self.name = "embedded"
        self.digest = _digest((pieces, weight))
        self._tokenizer = Tokenizer.from_file(str(pieces))
        weights = load_file(weight)
        self._vectors = weights["embeddings"].astype(np.float32) * weights["weights"][:, None]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder.encode."""
        return self.vectors(self.pieces(texts))

    def start(self, dimensions: int) -> np.ndarray:
        """The first dimensions of the pieces' vectors, evened out to start a network with."""
        vectors = self._vectors[:, :dimensions]
        return vectors * np.float32(0.5 / self._vectors.std())

    def pieces(self, texts: Sequence[str]) -> Pieces:
        """The pieces that the tokenizer cuts some texts into."""
        rows: list[list[int]] = []
        for first in range(0, len(texts), _BATCH):
            batch = list(texts[first : first + _BATCH])
            found = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            rows += [encoding.ids for encoding in found]
        ends = np.cumsum([0, *map(len, rows)])
        return Pieces(np.fromiter(chain.from_iterable(rows), np.int32, int(ends[-1])), ends)

    def vectors(self, pieces: Pieces) -> np.ndarray:
        """Vectors of texts that were cut already, see Encoder.encode."""
        shape = (len(pieces), len(self._vectors))
        ones = np.ones(len(pieces.flat), np.float32)
        # A sum of rows: many times faster than gathering them for np.add.reduceat.
        bags = sparse.csr_matrix((ones, pieces.flat, pieces.ends), shape=shape)
        return _unit(bags @ self._vectors)


class HubEncoder:
    """Any SentenceTransformer, by hub name or folder; needs the ``encoders`` extra.

    Args:
        setting: Name on the hub (or the mirror it is set to), or a folder.

    Raises:
        ReportError: ``no_encoder``, the extra is not installed or the model cannot be had.
    """

    def __init__(self, setting: str):
        try:
            library = importlib.import_module("sentence_transformers")
        except ImportError as error:
            raise ReportError(
                "no_encoder",
                f"使用语义模型“{setting}”需先安装可选组件：pip install zejian[encoders]",
            ) from error
        try:
            self._model = library.SentenceTransformer(setting)
        except (OSError, ValueError) as error:
            raise ReportError(
                "no_encoder", f"语义模型“{setting}”无法读取，请检查名称、文件夹或网络"
            ) from error
        self.name = setting
        self.digest = _hub_digest(setting)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder.encode."""
        vectors = self._model.encode(list(texts), show_progress_bar=False)
        return _unit(np.asarray(vectors, dtype=np.float32))


@lru_cache(maxsize=2)
def load_encoder(setting: str | None = None) -> Encoder:
    """The embedded encoder, or the SentenceTransformer that ``setting`` names.

    Raises:
        ReportError: ``no_encoder``, see HubEncoder.
    """
    return HubEncoder(setting) if setting else home_encoder()


@lru_cache(maxsize=1)
def home_encoder() -> EmbeddedEncoder:
    """The embedded encoder, which the shipped models were learned with."""
    return EmbeddedEncoder(shipped("models", "encoder"))


@lru_cache(maxsize=2)
def encoder_identity(setting: str | None = None) -> tuple[str, str]:
    """Name and digest of the encoder that ``load_encoder`` would give, without loading it."""
    if setting:
        return setting, _hub_digest(setting)
    return "embedded", _digest(_embedded(shipped("models", "encoder")))


def _embedded(folder: Path) -> tuple[Path, Path]:
    """Its tokenizer and its weights."""
    return folder / MODULE / "tokenizer.json", folder / MODULE / "model.safetensors"


def _hub_digest(setting: str) -> str:
    folder = Path(setting)
    return _digest(_files(folder)) if folder.is_dir() else _hash([setting.encode()])


def _unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(norms, 1e-12)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(files: Sequence[Path]) -> str:
    return _hash([path.read_bytes() for path in files])


def _hash(parts: Sequence[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()
