"""Train the embedded encoder: ``python -m pipeline.train.encoder --corpora DIR --out DIR``.

Needs the ``encoders`` extra. Tokenizer (pieces.py), start vectors and contrastive training
(vectors.py), rows rounded to int8, written as a SentenceTransformer folder. The same
corpora and seed give the same files.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from pipeline.match.encoder import MODULE
from pipeline.train.corpus import Text, read_corpora
from pipeline.train.pieces import token_ids, train_tokenizer
from pipeline.train.vectors import Pairs, Recipe, contrast, start_vectors

_PIECES = 40_000
_LOG = logging.getLogger(__name__)


def train(texts: Sequence[Text], recipe: Recipe) -> tuple[Tokenizer, np.ndarray]:
    """Tokenizer and float32 vectors (pieces, dimensions) learned from ``texts``."""
    tokenizer = train_tokenizer(texts, _PIECES)
    _LOG.info("%d pieces", tokenizer.get_vocab_size())
    ids = token_ids(tokenizer, [text.text for text in texts])
    headings = _shared_ids(tokenizer, [text.heading for text in texts])
    vectors = start_vectors(ids, tokenizer.get_vocab_size(), recipe)
    _LOG.info("start vectors")
    return tokenizer, contrast(vectors, Pairs(texts, ids, headings, recipe), recipe)


def _shared_ids(tokenizer: Tokenizer, headings: Sequence[str]) -> list[np.ndarray]:
    """Token ids of headings; equal headings share one array."""
    once = sorted(set(headings))
    known = dict(zip(once, token_ids(tokenizer, once), strict=True))
    return [known[heading] for heading in headings]


def save(folder: Path, tokenizer: Tokenizer, vectors: np.ndarray) -> None:
    """Write a SentenceTransformer folder: StaticEmbedding (int8 rows, scales) + Normalize."""
    module = folder / MODULE
    module.mkdir(parents=True, exist_ok=True)
    vectors = vectors.copy()
    vectors[0] = 0.0  # the unknown piece says nothing
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
    rows = np.rint(vectors / scales[:, None]).astype(np.int8)
    save_file({"embeddings": rows, "weights": scales}, module / "model.safetensors")
    (module / "tokenizer.json").write_text(tokenizer.to_str(), "utf-8")
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write(folder / "1_Normalize" / "config.json", {})
    _write(folder / "modules.json", [_entry(0, MODULE), _entry(1, "1_Normalize")])
    _write(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})


def _entry(index: int, path: str) -> dict[str, object]:
    kind = path.split("_")[1]
    return {
        "idx": index,
        "name": str(index),
        "path": path,
        "type": f"sentence_transformers.models.{kind}",
    }


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def main() -> None:
    """Read the corpora, train, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)  # several threads add up in another order: other last digits
    tokenizer, vectors = train(read_corpora(arguments.corpora), Recipe())
    save(arguments.out, tokenizer, vectors)


if __name__ == "__main__":
    main()
