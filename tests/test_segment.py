"""Passages: what one reviewer would quote, cut where the document lets them be cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Block, Document, Line
from pipeline.segment import LONGEST, segment, words

CHINESE = st.text(
    alphabet="公司安全生产环保员工培训，。；！？“”（）1234567890万元%、 \n", max_size=700
)


def document(
    *blocks: tuple[str, str, tuple[str, ...]], pages: dict[int, int] | None = None
) -> Document:
    """A document of (kind, text, heading path) blocks, one line each, on page 1."""
    found, at = [], 0
    for number, (kind, text, path) in enumerate(blocks, 1):
        line = Line((pages or {}).get(number, 1), at, at + len(text), None)
        found.append(Block(kind, number, at, at + len(text), path, (line,)))
        at += len(text) + 1
    text = "\n".join(text for _, text, _ in blocks)
    return Document("a.txt", "0", "txt", text, (), tuple(found))


@settings(deadline=None, max_examples=60)
@given(st.lists(CHINESE, min_size=1, max_size=4))
def test_passages_slice_the_document_in_order_and_stay_short(texts: list[str]) -> None:
    read = document(*(("text", text, ("一、",)) for text in texts))
    end = 0
    for passage in segment(read):
        assert read.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert passage.start >= end
        assert len(passage.text) <= LONGEST
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        end = passage.end


@settings(deadline=None, max_examples=60)
@given(CHINESE)
def test_words_joined_give_the_text_back(text: str) -> None:
    assert "".join(words(text)) == text


def test_no_word_of_a_long_sentence_is_lost() -> None:
    text = "公司持续推进安全生产标准化建设" * 60
    said = "".join(p.text for p in segment(document(("text", text, ()))))
    assert said == text


def test_a_word_longer_than_any_quotation_is_broken() -> None:
    read = document(("text", "a" * 450, ()))
    assert [len(p.text) for p in segment(read)] == [200, 200, 50]


def test_a_passage_never_crosses_a_heading() -> None:
    said = "公司组织员工开展安全培训十二场。"
    read = document(
        ("text", said, ("一、安全",)),
        ("heading", "二、环境", ("二、环境",)),
        ("text", said, ("二、环境",)),
    )
    assert [p.heading for p in segment(read)] == [("一、安全",), ("二、环境",)]


def test_short_list_items_share_a_passage_but_paragraphs_stand_alone() -> None:
    item, paragraph = (
        "开展志愿服务活动三次",
        "公司全年投入安全生产费用一千二百万元，同比增长百分之八，未发生事故。",
    )
    items = segment(document(("text", item, ()), ("text", item, ())))
    assert len(items) == 1
    assert len(segment(document(("text", paragraph, ()), ("text", paragraph, ())))) == 2


def test_headers_and_page_numbers_are_never_quoted() -> None:
    read = document(("running", "某某公司二〇二二年社会责任报告", ()), ("running", "12", ()))
    assert segment(read) == ()


def test_a_table_is_cut_between_rows() -> None:
    rows = [f"环保投入第{k}项\t{k},234万元\t同比增长{k}%" for k in range(30)]
    text = "\n".join(rows)
    at, lines = 0, []
    for row in rows:
        lines.append(Line(1, at, at + len(row), None))
        at += len(row) + 1
    block = Block("table", 1, 0, len(text), (), tuple(lines))
    read = Document("a.txt", "0", "txt", text, (), (block,))
    for passage in segment(read):
        assert set(passage.text.split("\n")) <= set(rows)
