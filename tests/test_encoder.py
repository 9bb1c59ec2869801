import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.encoder import load_encoder
from pipeline.records import ReportError
from pipeline.resources import shipped

SENTENCES = [
    "公司全年节约用水12.5万吨，中水回用率达到80%。",
    "工会组织职工体检，职业健康检查覆盖率100%",
    "我们向供应商明确提出环境与社会责任要求。",
    "Ｗｅ ｆｏｌｌｏｗ ISO 14001 和 GB/T 36000",
    "",
    "。。。……",
    "☃ 𠮷 ਓ",
    "短",
    "很长的段落" * 400,
]


def test_vectors_are_unit_or_zero():
    vectors = load_encoder().encode(SENTENCES)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(norms, 1, atol=1e-5) | (norms == 0))
    assert norms[4] == norms[5] == 0


def test_no_texts_give_no_rows():
    encoder = load_encoder()
    assert encoder.encode([]).shape == (0, encoder.encode(["水"]).shape[1])


def test_meaning_orders_similarity():
    texts = ["节约用水", "提高水资源循环利用率，减少新鲜水取用量", "董事会下设审计委员会"]
    water, recycling, board = load_encoder().encode(texts)
    assert water @ recycling > water @ board + 0.2


def test_stray_spaces_full_width_and_figures_do_not_matter():
    left, right = load_encoder().encode(
        ["2020年 节 约 用水３００吨，ＣＯ２排放下降", "2019年节约用水1,250.5吨 CO2排放下降"]
    )
    assert left @ right == pytest.approx(1.0, abs=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_text_has_the_same_vector_in_any_company(texts):
    encoder = load_encoder()
    together = encoder.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.encode([text])[0], vector, atol=1e-6)


def test_same_files_same_bytes():
    first, second = (load_encoder.__wrapped__(None) for _ in range(2))
    assert first.digest == second.digest
    assert first.encode(SENTENCES).tobytes() == second.encode(SENTENCES).tobytes()


def test_sentence_transformers_agrees(monkeypatch):
    pytest.importorskip("sentence_transformers", reason="extra `encoders` is not installed")
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    theirs = load_encoder(str(shipped("models", "encoder")))
    np.testing.assert_allclose(
        theirs.encode(SENTENCES), load_encoder().encode(SENTENCES), atol=1e-5
    )
    assert len(theirs.digest) == 64


def test_a_model_that_cannot_be_had_is_said_in_chinese(tmp_path):
    with pytest.raises(ReportError, match="语义模型"):
        load_encoder(str(tmp_path / "missing"))


def test_a_review_loads_no_library_that_it_can_do_without():
    code = (
        "import sys; import pipeline.review; from pipeline.match.encoder import load_encoder; "
        "load_encoder().encode(['水']); "
        "heavy = {'torch', 'sentence_transformers', 'sklearn', 'pandas', 'prefect', 'matplotlib'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_evaluation_works_where_torch_is_not_installed():
    code = """
import sys

class Nowhere:
    @staticmethod
    def find_spec(name, *_):
        if name == "torch":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Nowhere)
import pipeline.evaluate.command
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_training_twice_gives_the_same_files(tmp_path):
    torch = pytest.importorskip("torch", reason="extra `encoders` is not installed")
    from pipeline.train.corpus import Text
    from pipeline.train.encoder import save, train
    from pipeline.train.vectors import Recipe

    torch.set_num_threads(1)
    line = "公司第{}车间开展节约用水活动，职工参加安全生产培训，董事会听取环境保护工作汇报。"
    texts = [
        Text(source, document, "节约用水情况", line.format(chr(0x4E00 + document)) * 2)
        for source, documents in (("csr", range(8)), ("laws", range(8, 16)))
        for document in documents
        for _ in range(6)
    ]
    recipe = Recipe(dimensions=8, steps=3, batch=16)
    for name in ("first", "second"):
        save(tmp_path / name, *train(texts, recipe))
    written = [p.relative_to(tmp_path / "first") for p in (tmp_path / "first").rglob("*.*")]
    assert len(written) >= 5
    for path in written:
        assert (tmp_path / "first" / path).read_bytes() == (tmp_path / "second" / path).read_bytes()


def test_manifest_names_the_shipped_files():
    entry = json.loads(shipped("models", "manifest.json").read_text("utf-8"))["encoder"]
    assert len(entry["files"]) == 5
    for name, digest in entry["files"].items():
        assert hashlib.sha256(shipped("models", name).read_bytes()).hexdigest() == digest
