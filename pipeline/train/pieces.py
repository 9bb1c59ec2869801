"""The encoder's tokenizer: a unigram model over jieba's words, characters and CSR phrases."""

from __future__ import annotations

import math
from collections.abc import Sequence

import jieba
import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from pipeline.train.corpus import Text

UNKNOWN = "<unk>"
_LONGEST = 8  # characters of a piece
_OURS = {"csr", "glossary"}  # counted threefold and in full; of the others every third line
_ROUNDS = 3  # of counting the winning segmentation and dropping what it never uses


def empty_tokenizer(scores: dict[str, float]) -> Tokenizer:
    """Tokenizer of these pieces with the normalisation every text gets.

    Full width to half width, lower case, no spaces except between Latin words (OCR puts
    them inside Chinese), any figure as ``0`` except after a letter (iso14001), and no
    punctuation.
    """
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, 0.0), *ranked], 0, False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace("釆", "采"),  # the commonest OCR confusion of these reports
            normalizers.Replace(Regex(r"\s+(?![a-z])|(?<![a-z])\s+"), ""),
            normalizers.Replace(Regex(r"(?<![a-z0-9./-])[0-9][0-9.,]*"), "0"),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{Han}a-z0-9%]+"), "removed")
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    """Token ids of each text, int32, unknown characters left out."""
    found: list[np.ndarray] = []
    for start in range(0, len(texts), 4096):
        batch = tokenizer.encode_batch_fast(texts[start : start + 4096], add_special_tokens=False)
        rows = (np.array(encoding.ids, dtype=np.int32) for encoding in batch)
        found.extend(row[row > 0] for row in rows)
    return found


def train_tokenizer(texts: Sequence[Text], size: int) -> Tokenizer:
    """Unigram tokenizer of about ``size`` pieces, seeded with jieba's dictionary.

    jieba's dictionary is itself a unigram model, so its winning segmentation of our text is
    counted, frequent phrases of CSR reports are joined to single pieces, and the counts are
    renewed under the smaller inventory until they settle (hard expectation-maximisation).
    """
    texts = [t for i, t in enumerate(texts) if t.source in _OURS or i % 3 == 0]
    lines = [text.text for text in texts] + [text.heading for text in texts]
    weights = np.array([3.0 if t.source in _OURS else 1.0 for t in texts] * 2)
    documents = np.array([text.document for text in texts] * 2)
    reports = weights > 1
    words = empty_tokenizer(_jieba_scores() | _character_scores(lines))
    ids = token_ids(words, lines)
    counts = _count(words, ids, weights, documents)
    counts |= _phrases(words, [i for i, r in zip(ids, reports, strict=True) if r])
    for step in range(_ROUNDS):
        tokenizer = empty_tokenizer(_scores(counts, size if step else 2 * size))
        counts = _count(tokenizer, token_ids(tokenizer, lines), weights, documents)
    return empty_tokenizer(_scores(counts, size))


def _jieba_scores() -> dict[str, float]:
    jieba.initialize()
    words = {w: n for w, n in jieba.dt.FREQ.items() if n > 0 and len(w) <= _LONGEST}
    total = math.log(sum(words.values()))
    return {word.lower(): math.log(count) - total for word, count in words.items()}


def _character_scores(lines: Sequence[str]) -> dict[str, float]:
    """Every character of the text at a low score, so that nothing seen becomes unknown."""
    normalizer = empty_tokenizer({}).normalizer
    characters = {c for line in lines for c in line} | {c for c in "abcdefghijklmnopqrstuvwxyz0"}
    known = {normalizer.normalize_str(c) for c in characters}
    jieba_words = jieba.dt.FREQ
    return {c: -18.0 for c in known if len(c) == 1 and not jieba_words.get(c)}


def _count(
    tokenizer: Tokenizer, ids: list[np.ndarray], weights: np.ndarray, documents: np.ndarray
) -> dict[str, float]:
    """Weighted count of each piece that stands in at least four documents."""
    flat = np.concatenate(ids)
    lengths = np.array([len(row) for row in ids])
    size = tokenizer.get_vocab_size()
    totals = np.bincount(flat, weights=np.repeat(weights, lengths), minlength=size)
    pairs = np.unique(flat.astype(np.int64) + size * np.repeat(documents, lengths).astype(np.int64))
    spread = np.bincount(pairs % size, minlength=size)
    pieces = ((i, _piece(tokenizer, i)) for i in range(1, size))
    return {p: float(totals[i]) + 0.5 for i, p in pieces if spread[i] >= 4 or _spelling(p)}


def _piece(tokenizer: Tokenizer, number: int) -> str:
    return tokenizer.id_to_token(number) or ""


def _phrases(tokenizer: Tokenizer, ids: list[np.ndarray], least: int = 60) -> dict[str, float]:
    """Neighbouring words of CSR reports that stand together far above chance, with counts."""
    flat = np.concatenate([np.append(row, 0) for row in ids]).astype(np.int64)
    size = tokenizer.get_vocab_size()
    single = np.bincount(flat, minlength=size)
    pairs, counts = np.unique(flat[:-1] * size + flat[1:], return_counts=True)
    left, right = pairs // size, pairs % size
    keep = (left > 0) & (right > 0) & (counts >= least)
    lift = counts * (len(flat) / np.maximum(single[left] * single[right], 1))
    found: dict[str, float] = {}
    for index in np.flatnonzero(keep & (lift > 30)):
        phrase = _piece(tokenizer, int(left[index])) + _piece(tokenizer, int(right[index]))
        if 3 <= len(phrase) <= 6 and "0" not in phrase:
            found[phrase] = 3.0 * float(counts[index])
    return found


def _spelling(piece: str) -> bool:
    """Letters and the figure sign always stay."""
    return len(piece) == 1 and piece.isascii()


def _scores(counts: dict[str, float], size: int) -> dict[str, float]:
    """Log-probabilities of the ``size`` most frequent pieces; single characters always stay."""
    ranked = sorted(counts, key=lambda piece: (len(piece) > 1, -counts[piece], piece))
    kept = ranked[: size - 1]
    total = math.log(sum(counts[piece] for piece in kept))
    return {piece: math.log(counts[piece]) - total for piece in kept}
