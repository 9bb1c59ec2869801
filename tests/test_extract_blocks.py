"""Which lines are headings, and how pieces of text become blocks with their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worded import check

from pipeline.extract.build import Piece, build
from pipeline.extract.numbering import heading_level, is_contents_line


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        ("第一章 公司概况", 2),
        ("二、员工权益保护", 4),
        ("（三）安全生产", 5),
        ("3、客户服务", 6),
        ("2.1 公司治理", 7),
        ("4.2.1职业健康", 8),
        ("前言", 1),
        ("1.5万元用于助学", None),
        ("3.2 %的员工参加培训", None),
        ("2022年公司用水12吨", None),
        ("一、公司严格遵守法律法规。", None),
        ("一、环境责任........12", None),
        ("1、依法注册、合规经营；", None),
    ],
)
def test_which_lines_are_headings(line, rank):
    assert heading_level(line) == rank


def test_contents_lines_have_leaders():
    assert is_contents_line("四、管理成效..........10")
    assert not is_contents_line("公司用水12吨，用电100")


words = st.text(alphabet="公司环境责任，。；1２a \t%", min_size=0, max_size=30)
lines = st.lists(st.tuples(words, st.integers(0, 3)), min_size=1, max_size=4).map(tuple)
pieces = st.builds(
    Piece,
    kind=st.sampled_from(["text", "table", "running", "footnote"]),
    lines=lines,
    joint=st.sampled_from(["newline", "wrap", "none"]),
) | st.builds(Piece, kind=st.just("heading"), lines=lines, rank=st.integers(-9, 9))


@given(st.lists(pieces, max_size=12))
def test_every_place_gives_back_its_words(made):
    document = build("f", "0", "txt", made)
    check(document)
    kept = [piece for piece in made if piece.text.strip()]
    for piece, block in zip(kept, document.blocks, strict=True):
        found = [document.text[line.start : line.end] for line in block.lines]
        assert found == [text for text, _ in piece.lines]
