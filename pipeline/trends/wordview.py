"""The chapter on words and topics, as tables with small columns by year."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.trends.draw import LEVEL, SHARE, Unit, spark
from pipeline.trends.page import TOO_FEW, Cell, Figure, Group, Section, Table
from pipeline.trends.said import Said
from pipeline.trends.words import SHOWN, Trend, comparable, topic_trends, word_trends
from pipeline.trends.years import Years

_LEAD = (
    "词语：每份报告的 TF-IDF 向量等长，与篇幅无关；只列至少5家企业用过、变化超出偶然"
    "（错误发现率5%）的词。话题：把报告段落分解成十二个话题，取各话题所占份额。"
    "强度为斜率与其标准误之比，按企业重抽得出；只比较有10份以上原文的年度。"
)
_NONE = "至少要有两个年度、各有10份以上带原文的报告，才能比较词语和话题。"


def word_section(years: Years, said: Sequence[Said]) -> Section:
    """Emerging and fading words and topics; a sentence where the years do not suffice."""
    said = comparable(years, said)
    if not said:
        return Section("words", "词语与话题", _NONE)
    words = word_trends(years, said)
    basis = f"{len(said)}份有原文的报告"
    figures = [
        _figure(years, title, basis, [w for w in words if w.rising == rising][:SHOWN], LEVEL)
        for title, rising in (
            ("兴起的词语（每万字次数）", True),
            ("消退的词语（每万字次数）", False),
        )
    ]
    topics = topic_trends(years, said)
    shares = _figure(
        years, "话题份额，自兴起到消退", basis, topics, SHARE, "话题（最有代表性的词）"
    )
    return Section("words", "词语与话题", _LEAD, (Group("", tuple(figures)), Group("", (shares,))))


def _figure(
    years: Years, title: str, basis: str, trends: Sequence[Trend], unit: Unit, head: str = "词语"
) -> Figure:
    heads = (head, "走势", "强度", "企业数", *map(str, years.all))
    rows = tuple(_row(years, one, unit) for one in trends)
    note = "" if rows else "没有变化超出偶然的词语。"
    return Figure(title, basis, None, Table(heads, rows), note)


def _row(years: Years, one: Trend, unit: Unit) -> tuple[Cell, ...]:
    told = "，".join(
        f"{y}年{unit.write(v)}（{n}份）"
        for y, v, n in zip(years.all, one.rates, one.counts, strict=True)
    )
    pairs = zip(one.rates, one.counts, strict=True)
    cells = (unit.write(v) if v is not None else TOO_FEW if n else "—" for v, n in pairs)
    return (one.name, spark(one.rates, told), f"{one.z:+.1f}", str(one.companies), *cells)
