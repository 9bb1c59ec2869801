"""Plain text as a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worded import check, shown

from pipeline.extract.plain import extract_plain
from pipeline.records import Document, ReportError


def plain(folder: Path, data: bytes) -> Document:
    path = folder / "report.txt"
    path.write_bytes(data)
    document = extract_plain(path, path.name, "0")
    check(document)
    return document


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_of_plain_text(tmp_path, codec):
    text = "一、环境责任\n公司2022年用水12吨。"
    assert plain(tmp_path, text.encode(codec)).text == text


def test_plain_text_joins_wrapped_lines_and_sets_contents_apart(tmp_path):
    table = ["指标\t2022年\t2023年", "用水量（吨）\t12\t11"]
    body = "公司始终坚持绿色发展，把节能降耗作为生产经营的头等大事来抓。" * 7
    wrapped = [body[i : i + 23] for i in range(0, len(body), 23)]
    text = "\n".join(
        [
            "目录",
            "一、环境责任.......3",
            "一、环境责任",
            *wrapped[:3],
            "- 3 -",
            *wrapped[3:],
            *table,
        ]
    )
    document = plain(tmp_path, text.encode())
    kinds = [kind for kind, _ in shown(document)]
    assert kinds == ["running", "running", "heading", "text", "running", "table"]
    assert shown(document)[3][1] == body
    assert document.blocks[3].path == ("一、环境责任",)
    assert document.pages == ()


def test_form_feeds_are_pages(tmp_path):
    document = plain(tmp_path, "第一页的话。\f第二页的话。\f".encode())
    assert [page.number for page in document.pages] == [1, 2]
    assert [block.lines[0].page for block in document.blocks] == [1, 2]


def test_binary_is_no_text(tmp_path):
    with pytest.raises(ReportError, match="damaged"):
        plain(tmp_path, bytes(range(256)) * 20)


@given(st.text(alphabet="公司、，。一二（）1.\t \n\f", max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("plain")
    if text.strip():
        # Running lines inside a paragraph come after it; nothing is lost or made up.
        found = plain(folder, text.encode()).text
        assert sorted("".join(found.split())) == sorted("".join(text.split()))
