"""The network: read by numpy as torch learned it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.encoder import Pieces, home_encoder
from pipeline.match.network import Network, load_network, save_network

torch = pytest.importorskip("torch", reason="extra `encoders` is not installed")
from pipeline.train import network as training  # noqa: E402

CLASSES = (("gbt36000", "7.4.6"), ("gri", "GRI 403-9"), ("", "level1"))
HEADINGS = ["", "安全生产"]
TEXTS = ["全年组织安全生产培训36次。", "", "Q", "未发生事故，体检率100%。", "环保投入增长"]


@pytest.fixture(scope="module")
def untrained() -> training._Net:
    torch.manual_seed(1)
    return training._Net(home_encoder().start(8), len(CLASSES)).eval()


def flat(pieces: Pieces) -> training.Flat:
    """As training lays pieces out, none of them hidden."""
    never = type("Never", (), {"random": lambda self, size: np.ones(size)})()
    return training._flat(np.split(pieces.flat + 1, pieces.ends[1:-1]), never)


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 1)), min_size=1, max_size=9))
def test_numpy_reads_what_torch_learned(
    untrained: training._Net, said: list[tuple[str, int]]
) -> None:
    encoder, under = home_encoder(), np.array([title for _, title in said])
    texts, titles = encoder.pieces([text for text, _ in said]), encoder.pieces(HEADINGS)
    ours = Network(CLASSES, untrained.arrays()).log_odds(texts, titles, under)
    each = encoder.pieces([HEADINGS[title] for title in under])
    with torch.no_grad():
        theirs = untrained(flat(texts), flat(each), [len(said)]).numpy()
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_a_saved_network_reads_almost_the_same(untrained: training._Net, tmp_path: Path) -> None:
    network = Network(CLASSES, untrained.arrays())
    save_network(network, tmp_path / "network.npz")
    back = load_network(tmp_path / "network.npz")
    assert back.classes == CLASSES
    pieces, titles = home_encoder().pieces(TEXTS), home_encoder().pieces(HEADINGS)
    under = np.zeros(len(TEXTS), int)
    apart = back.log_odds(pieces, titles, under) - network.log_odds(pieces, titles, under)
    assert np.abs(apart).max() < 0.05


def test_a_framework_taken_away_has_no_columns() -> None:
    network = Network(CLASSES, {})
    assert network.without("gri").columns_of("gri") == {}
    assert network.without("gri").columns_of("gbt36000") == {"7.4.6": 0}
    assert network.columns_of("") == {"level1": 2}
