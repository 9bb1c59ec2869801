"""可读性: structure, sentences, explanations, figures and cases."""

from __future__ import annotations

import re

from pipeline.quality.report import Found, Report, percent

_STOPPED = re.compile(r"[。！？!?]$")
_LONG = 300  # characters from which a paragraph tires its reader
_FEWEST = 5  # sentences needed for a mean
_CONTENTS = re.compile(r"^(?:目录|目次|contents)", re.IGNORECASE)
_LEADER = re.compile(r"[.…·．]{4,}\s*\d+")
_FIGURE = re.compile(
    r"(?:^|\n)[图表]表?[一二三四五六七八九十\d][^。\n]{0,40}(?=\n|$)|[如见][下上]?[图表]|[下上][图表]|图示"
    r"|(?:统计|一览|明细|情况|绩效)表|(?:示意|结构|架构|流程|分布)图"
)
_CASE = re.compile(
    r"(?:^|\n)[◆●■★▲【\[]?(?:典型|优秀|责任)?(?:案例|故事|专栏|小贴士"
    r"|延伸阅读|知识链接|链接|人物|特写)[一二三四五六七八九十\d]*"
    r"(?=[:：】\]|丨\n\t　]|[\u4e00-\u9fff])"
)
_TERM = re.compile(
    r"(?:^|\n)(?:释义|名词解释|术语(?:表|解释)?|词汇表|注释)|以下(?:均|并)?(?:简称|统称|称)|[（(](?:简称|即|全称)"
    r"|[，,](?:简称|又称|即指)[“\"「]|是指[^。\n]{6,}|指的是|指[“《][^。\n]{2,}|(?:^|\n)注\d?[:：]"
)


def sentences(report: Report) -> Found:
    """Mean length of the sentences of running text that end with a stop."""
    lengths = [
        len(s.text)
        for s in report.told.statements
        if s.kind == "text" and _STOPPED.search(s.text) and len(s.text) > 3
    ]
    if len(lengths) < _FEWEST:
        return Found(None, note="完整句子太少，无法计算。")
    return Found(sum(lengths) / len(lengths))


def paragraphs(report: Report) -> Found:
    """Share of running text that stands in long paragraphs."""
    lengths = [b.end - b.start for b in report.document.blocks if b.kind == "text"]
    return Found(percent(sum(n for n in lengths if n > _LONG), sum(lengths)))


def structure(report: Report) -> Found:
    """Characters per heading: long stretches without one are hard to find one's way in."""
    headings = [s for s in report.told.statements if s.kind == "heading"]
    return Found(len(report.told.text) / (len(headings) + 1))


def contents(report: Report) -> Found:
    """Whether there is a table of contents."""
    blocks = report.document.blocks
    told = (report.document.text[b.start : b.end] for b in blocks)
    leaders = 0
    for text in told:
        leaders += len(_LEADER.findall(text))
        if leaders >= 3 or _CONTENTS.match("".join(text[:16].split())):
            return Found(1.0)
    return Found(0.0)


def figures(report: Report) -> Found:
    """Tables, captions and mentions of figures per 10,000 characters."""
    told = list(report.told.find(_FIGURE))
    count = len(told) + sum(b.kind in ("table", "caption") for b in report.document.blocks)
    per = 10_000 / max(len(report.told.text), 2_000)
    return Found(count * per, [report.told.quote(s) for s in told])


def cases(report: Report) -> Found:
    """Cases, stories and boxes."""
    return _statements(report, _CASE)


def terms(report: Report) -> Found:
    """Statements that explain a term or a short name."""
    return _statements(report, _TERM)


def _statements(report: Report, pattern: re.Pattern[str]) -> Found:
    found = list(report.told.find(pattern))
    return Found(len(found), [report.told.quote(s) for s in found])


FACTS = {
    "readability.sentences": sentences,
    "readability.paragraphs": paragraphs,
    "readability.structure": structure,
    "readability.contents": contents,
    "readability.figures": figures,
    "readability.cases": cases,
    "readability.terms": terms,
}
