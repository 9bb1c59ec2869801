"""n-gram vectors: the buckets that were trained on are the ones that are read."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import HashingVectorizer

from pipeline.match.ngrams import WIDTH, counts, vectors
from pipeline.match.text import normal

LIBRARY = HashingVectorizer(
    analyzer="char",
    ngram_range=(1, 4),
    n_features=WIDTH,
    alternate_sign=False,
    norm=None,
    lowercase=False,
)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30).map(normal)


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXT, min_size=1, max_size=6))
@example(["", "公司", "a", "环境😀x", ""])
def test_buckets_are_those_of_the_library(texts: list[str]) -> None:
    assert (LIBRARY.transform(texts) != counts(texts)).nnz == 0


def test_vectors_have_length_one_and_nothing_is_nothing() -> None:
    found = vectors(["公司保护环境", ""], np.ones(WIDTH, np.float32))
    assert np.allclose(np.sqrt(found.multiply(found).sum(axis=1)).ravel(), [1, 0])
