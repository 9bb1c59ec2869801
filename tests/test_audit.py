"""The report's own content index: found in every layout, followed, and kept out of evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.audit import index_lines, index_spans
from pipeline.facts import IndexLine
from pipeline.records import Block, BlockKind, Document, Line, Match, Page, Reading
from pipeline.segment import segment

Part = tuple[BlockKind, str, int]  # kind, text (rows by newlines), page of the file; 0: none

HEAD: list[Part] = [
    ("heading", "关于我们", 2),
    ("text", "示例公司总部设在海州市，主要生产节能水泵，产品销往全国各地的水务单位。", 2),
    ("running", "1", 2),
    ("heading", "绿色运营", 3),
    ("text", "报告期内公司直接温室气体排放量为一万二千吨，比上年下降百分之五。", 3),
    ("running", "2", 3),
    ("heading", "员工成长", 4),
    ("text", "公司全年组织培训，每名员工接受培训的平均小时数为四十二小时。", 4),
    ("running", "3", 4),
    ("heading", "社区参与", 5),
    ("text", "公司长期支持当地社区的教育，志愿者服务时长持续增加，受到居民好评。", 5),
    ("running", "4", 5),
]
SAYS = {"总部": "GRI 2-1", "温室气体": "GRI 305-1", "平均小时": "GRI 404-1", "社区的": "GRI 413-1"}
TABLE = (
    "披露项\t内容\t页码\n"
    "305-1\t直接温室气体排放\t2\n"
    "404-1\t每名员工每年接受培训的平均小时数\t第2页\n"
    "205-2\t反腐败政策和程序的传达及培训\tP3-4\n"
    "413-1\t当地社区参与\t社区参与\n"
    "401-3\t育儿假\t9\n"
    "207-4\t国别报告\t不适用\n"
    "405-1\t员工多元化\t员工之友"
)


def document(parts: Sequence[Part]) -> Document:
    """A document of the parts in order; every row is a printed line on the part's page."""
    blocks, at, path = [], 0, ()
    for number, (kind, text, page) in enumerate(parts, 1):
        path = (text,) if kind == "heading" else path
        lines, start = [], at
        for row in text.split("\n"):
            lines.append(Line(page, start, start + len(row), None))
            start += len(row) + 1
        level = 1 if kind == "heading" else None
        blocks.append(Block(kind, number, at, at + len(text), path, tuple(lines), level))
        at += len(text) + 1
    last = max(page for _, _, page in parts)
    pages = tuple(Page(number, 595, 842) for number in range(1, last + 1))
    return Document("a", "0", "pdf", "\n".join(t for _, t, _ in parts), pages, tuple(blocks))


def audit(parts: Sequence[Part]) -> dict[str, IndexLine]:
    """The lines by code; the matcher's part is played by words that give an indicator away."""
    read = document(parts)
    readings = [
        Reading(p, tuple(Match("gri", c, 0.9) for w, c in SAYS.items() if w in p.text), 2, ())
        for p in segment(read)
    ]
    lines = index_lines(read, readings)
    for line in lines:
        for place in filter(None, (line.line, line.found)):
            assert read.text[place.start : place.end] == place.quote
    return {line.code: line for line in lines}


def test_every_state_with_its_reason() -> None:
    lines = audit([*HEAD, ("heading", "GRI内容索引", 6), ("table", TABLE, 6), ("running", "5", 6)])
    assert {code: line.state for code, line in lines.items()} == {
        "305-1": "found",
        "404-1": "elsewhere",
        "205-2": "not_found",
        "413-1": "found",
        "401-3": "page_missing",
        "207-4": "not_applicable",
        "405-1": "page_missing",
    }
    greenhouse = lines["305-1"]
    assert (greenhouse.standard, greenhouse.title, greenhouse.pointer) == (
        "gri",
        "直接温室气体排放",
        "2",
    )
    assert greenhouse.found
    assert greenhouse.found.page == 3
    assert greenhouse.note == "印刷页码2在文件第3页"
    training = lines["404-1"].found
    assert training
    assert training.page == 4  # printed 3, not 2 as the line says
    assert "没有第9页" in lines["401-3"].note
    assert "员工之友" in lines["405-1"].note


def test_two_printed_pages_on_one_of_the_file() -> None:
    spread: list[Part] = []
    for kind, text, page in HEAD:
        numbers: list[Part] = [("running", str(2 * page + side), page) for side in (0, 1)]
        spread += numbers if kind == "running" else [(kind, text, page)]
    printed = {"305-1": 7, "404-1": 8, "413-1": 6, "205-1": 5, "205-2": 5, "206-1": 6}
    rows = "\n".join(f"{code}\t某事项\tP{page}" for code, page in printed.items())
    lines = audit([*spread, ("heading", "GRI索引", 6), ("table", rows, 6)])
    assert [lines[c].state for c in ("305-1", "404-1", "413-1")] == ["found", "found", "elsewhere"]
    assert lines["404-1"].note == "印刷页码8在文件第4页"


LAYOUTS = {
    "side by side": "G4-3\tP1\tG4-EN15\tP2\nG4-LA9\tP3\tG4-SO1\tP4\nG4-4\t1\tG4-5\t——",
    "title in the cell of the code": (
        "G4-3组织名称\t1\t否\nG4-EN15直接温室气体排放\t2\t否\nG4-LA9每名员工培训\t3\t否\n"
        "G4-SO1社区参与\t4\t否\nG4-4主要产品\t1\t否\nG4-5总部位置\t—\t否"
    ),
    "categories before, chapters after": (
        "机构概况\tG4-3\t组织名称\tP1\t关于我们\n\tG4-EN15\t直接排放\tP2\t绿色运营\n"
        "\tG4-LA9\t培训小时\tP3\t员工成长\n\tG4-SO1\t社区\tP4\t社区参与\n"
        "\tG4-4\t产品\tP1\t关于我们\n\tG4-5\t总部\tN/A\t"
    ),
    "a title over two rows": (
        "G4-3\t组织名称\tP1\nG4-EN15\t直接温室气\t\n\t体排放量\tP2\nG4-LA9\t培训\tP3\n"
        "G4-SO1\t社区参与\tP4\nG4-4\t产品\tP1\nG4-5\t总部\t未披露"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tables_of_all_kinds(layout: str) -> None:
    lines = audit([*HEAD, ("heading", "G4指标索引", 6), ("table", LAYOUTS[layout], 6)])
    assert [lines[c].state for c in ("G4-3", "G4-EN15", "G4-LA9", "G4-SO1", "G4-5")] == [
        *["found"] * 4,
        "not_applicable",
    ]
    pages = [lines[c].found.page for c in ("G4-3", "G4-EN15", "G4-LA9", "G4-SO1")]  # type: ignore[union-attr]
    assert pages == [2, 3, 4, 5]


def test_plain_lines_and_lines_broken_apart() -> None:
    rows = ["102-1 组织名称 关于我们", "305-1 直接温室气体排放 绿色运营", "404-1", "员工成长"]
    rows += ["413-1", "社区参与", "207-4 国别报告 不适用", "205-2 反腐败培训 P4"]
    lines = audit([*HEAD, ("heading", "索引", 6), *(("text", row, 6) for row in rows)])
    states = {code: line.state for code, line in lines.items()}
    assert states == {
        "102-1": "found",
        "305-1": "found",
        "404-1": "found",
        "413-1": "found",
        "207-4": "not_applicable",
        "205-2": "not_found",
    }
    assert lines["404-1"].pointer == "员工成长"


def test_an_index_by_chapter_for_three_standards() -> None:
    rows = (
        "目录\tGRI G4\tCASS-CSR 3.0\t联交所指引\n关于我们\tG4-3/G4-4\tP4.1\t\n"
        "绿色运营\tG4-EN15/G4-EN16\tE2.19、E2.1-E2.3\tA1/A1.2\n员工成长\tG4-LA9\tS2.24\tB3.2"
    )
    lines = audit([*HEAD, ("heading", "指标索引", 6), ("table", rows, 6)])
    assert {line.standard for line in lines.values()} == {"gri_g4", "cass_csr_3", "hkex"}
    assert lines["E2.2"].pointer == lines["A1.2"].pointer == "绿色运营"
    assert lines["G4-EN15"].state == lines["A1.2"].state == lines["B3.2"].state == "found"
    assert lines["G4-LA9"].pointer == "员工成长"


def test_articles_of_the_exchanges_guideline() -> None:
    rows = "\n".join(
        f"{topic}\t第{article}条\t{page}"
        for topic, article, page in (
            ("气候适应性", "二十二", 2),
            ("转型计划", "二十三", 2),
            ("温室气体排放总量", "二十四", 2),
            ("碳减排", "二十七", 2),
            ("环境合规", "三十", 9),
            ("乡村振兴", "三十九", 4),
        )
    )
    title = "《上市公司可持续发展报告（试行）》对照表"
    lines = audit([*HEAD, ("heading", title, 6), ("table", rows, 6), ("running", "5", 6)])
    assert lines["第24条"].standard == "exchange_2024"
    assert (lines["第24条"].state, lines["第30条"].state) == ("found", "page_missing")


@pytest.mark.parametrize("below", [True, False])
def test_text_that_knows_no_pages_is_followed_by_its_printed_numbers(below: bool) -> None:
    names = [text for kind, text, _ in HEAD if kind == "heading"]
    parts: list[Part] = [("text", f"{name}……………{n}", 0) for n, name in enumerate(names, 1)]
    for n in range(4):
        page: list[Part] = [(kind, text, 0) for kind, text, _ in HEAD[3 * n : 3 * n + 3]]
        parts += page if below else [page[2], *page[:2]]
    printed = {"305-1": 2, "404-1": 3, "102-3": 1, "413-1": 3, "102-1": 1, "102-5": 1}
    rows = "\n".join(f"{code}\t某事项\t{page}" for code, page in printed.items())
    lines = audit([*parts, ("heading", "GRI索引", 0), ("table", rows, 0)])
    assert [lines[c].state for c in ("305-1", "404-1", "102-3")] == ["found"] * 3
    assert lines["413-1"].state == "elsewhere"  # stands on page 4


@pytest.mark.parametrize(
    "rows",
    [
        "指标\t单位\t数值\nA1.1\t吨\t1,262\nA1.3\t吨\t12.5\nA2.1\t%\t8.3\nB1.1\t人\t4,052\nB2.1\t人\t0.5\nB3.2\t小时\t41.6",
        "A1.1\t吨\t1,262\nA2.1\t千瓦时\t98.6",
    ],
)
def test_tables_of_data_by_code_are_no_index(rows: str) -> None:
    parts: list[Part] = [*HEAD, ("heading", "关键绩效", 6), ("table", rows, 6)]
    assert index_spans(document(parts)) == ()
    assert audit(parts) == {}


def test_a_report_told_code_by_code_is_no_index() -> None:
    told: list[Part] = [
        part
        for n in range(1, 9)
        for part in (
            ("text", f"S2.{n} 员工权益保护", 6),
            (
                "text",
                "公司严格遵守劳动法律法规，与员工签订书面劳动合同，维护员工的各项权益。" * 3,
                6,
            ),
        )
    ]
    assert index_spans(document([*HEAD, *told])) == ()


def test_lines_of_an_index_make_no_passages() -> None:
    index: list[Part] = [("heading", "GRI内容索引", 6), ("table", TABLE, 6)]
    after: list[Part] = [("heading", "意见反馈", 7), ("text", "欢迎您对本报告提出意见。", 7)]
    without = [p.text for p in segment(document([*HEAD, *after]))]
    texts = [p.text for p in segment(document([*HEAD, *index, *after]))]
    assert texts == without


@pytest.mark.parametrize(
    "cell", ["1 " * 60 + "x", "12" * 59 + "x", "P1、" * 39 + "x", " " * 9000 + "P1-" * 900]
)
def test_garbled_cells_are_read_without_end(cell: str) -> None:
    rows = "\n".join(f"G4-EN{n}\t{cell}" for n in range(1, 9))
    assert len(audit([*HEAD, ("heading", "G4索引", 6), ("table", rows, 6)])) in (0, 8)


CODES = st.lists(
    st.sampled_from(
        [f"G4-{f}{n}" for f in ("EC", "EN", "LA", "HR", "SO", "PR") for n in range(1, 9)]
    ),
    min_size=6,
    max_size=20,
    unique=True,
)
WHERE = st.one_of(
    st.integers(1, 120).map(str),
    st.tuples(st.integers(1, 60), st.integers(61, 120)).map(lambda p: f"P{p[0]}-{p[1]}"),
    st.lists(st.integers(1, 99), min_size=2, max_size=4).map(lambda p: "、".join(map(str, p))),
    st.sampled_from(["关于我们", "员工成长", "不适用", "N/A", "封二"]),
)


@settings(deadline=None, max_examples=60)
@given(CODES, st.data(), st.integers(1, 3), st.booleans())
def test_what_an_index_says_is_read_back(
    codes: list[str], data: st.DataObject, columns: int, titled: bool
) -> None:
    said = {code: data.draw(WHERE) for code in codes}
    cells = [f"{code}\t{'说明甲乙丙' if titled else ''}\t{where}" for code, where in said.items()]
    rows = ["\t".join(cells[n : n + columns]) for n in range(0, len(cells), columns)]
    parts: list[Part] = [*HEAD, ("heading", "G4索引", 6), ("table", "\n".join(rows), 6)]
    assert {code: line.pointer for code, line in audit(parts).items()} == said
