"""Disclosure level (0-4) and flags (neg, target, cmp) of a passage.

The level is the field's content-analysis scale: 0 nothing, 1 belief or slogan, 2 concrete
practice, 3 a figure with unit or an explicit zero, 4 a figure compared. Linear models over
n-grams with numbers masked, and over the plain facts of `FACTS`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from pipeline.match.ngrams import vectors
from pipeline.match.signals import run_means, shift
from pipeline.match.text import masked
from pipeline.records import Flag

FLAGS: tuple[Flag, ...] = ("neg", "target", "cmp")
OUTCOMES = ("level1", "level2", "level3", "level4", *FLAGS)
HEADING = 0.548  # weight of heading n-grams (kernel weight 0.3)
FACT = 0.35  # weight of the standardised facts

_UNIT = (
    r"(?:余|多|个)*(?:万|亿|千|百)*(?:元|吨|度|千瓦时|kwh|人|次|名|项|家|户|件|小时|公里|米|亩|个|场"
    r"|篇|天|倍|台|份|株|棵|期|届|套|辆|所|%|‰|m3|m2|tce|mw|kw|gw)"
)
_FIGURE = rf"\d[\d,.]*{_UNIT}"
_ZERO = (
    r"(?:未|没有|无|不存在|杜绝|零)(?:再|曾|出现|发生|受到|收到|接到|发现|有|因)?[^。；,，]{0,18}"
    r"(?:事故|事件|投诉|处罚|纠纷|违规|违法|泄[露漏]|案件|职业病|歧视|童工|诉讼|伤亡|死亡)"
    r"|零(?:事故|投诉|伤亡|死亡|违规|缺陷|泄露)|事故(?:率|数)?为?(?:零|0)"
)
_ZERO_TOLD = (
    r"(?:未|不存在|没有|从未|无)[^。；]{0,25}(?:事故|事件|投诉|处罚|纠纷|违规|违法|泄|案件|职业病|诉讼|仲裁"
    r"|缺陷|情形|情况|行为|记载|陈述|遗漏|更正|损失|监管措施|现象)"
)
_RISE = r"(?:增长|增加|提高|提升|上升|下降|减少|降低|减排|增幅|降幅|上涨|翻)"
FACTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("digit", r"\d"),
        ("figure", _FIGURE),
        ("three_figures", rf"{_FIGURE}.*{_FIGURE}.*{_FIGURE}"),
        ("percent", r"[%‰]|百分之"),
        ("money", r"\d[\d,.]*(?:余|多)?(?:万|亿|千)?元"),
        ("year", r"20\d\d年|本年度|报告期|全年|年内"),
        ("zero_case", _ZERO),
        ("zero_told", _ZERO_TOLD),
        ("shortfall", r"缺陷|偏弱|不足|困难|差距|压力|滞后|有待|问题"),
        ("law", r"判决|起诉|被告|立案|上诉|赔付|赔偿|追究|召回|罚没|警告"),
        ("bad_change", r"(?:利润|收入|业绩|产量|销量|效益)[^。]{0,12}(?:下降|下滑|减少|亏损)"),
        (
            "harm",
            r"事故|处罚|罚款|投诉|伤亡|死亡|违规|警示函|整改|亏损|不足|未达|未能|纠纷|诉讼|下滑",
        ),
        (
            "harm_told",
            r"(?:发生|受到|收到|接到|处理|受理)[^。]{0,20}(?:事故|处罚|投诉|举报|案件)",
        ),
        (
            "over_year",
            r"同比|较上年|比上年|较去年|比去年|上年同期|去年同期|较20|比20|与上年|环比|年均",
        ),
        ("change", rf"{_RISE}(?:了|至|到|约|近)?\d|{_RISE}[^。，,]{{0,6}}[%]"),
        ("years_in_row", r"20\d\d年?[^。]{0,12}20\d\d年?[^。]{0,12}20\d\d年?"),
        ("peers", r"行业平均|同行|同业|全国平均|高于平均|排名第|国家标准限值|优于"),
        (
            "from_to",
            r"由[^。]{0,12}\d[^。]{0,12}(?:增至|降至|增加到|提高到|下降到|提升到|减少到|至)",
        ),
        ("verified", r"审计|鉴证|第三方|验证|核查|认证"),
        (
            "future",
            r"将(?:继续|进一步|持续|积极|不断|以|按|在|努力|会|全面|着力|加强|加大|深入|更加)",
        ),
        (
            "plan",
            r"计划|目标|规划|力争|争取|展望|未来|下一步|今后|明年|预计|到20[2-9]\d年|20[1-9]\d年底前",
        ),
        ("goal_number", rf"(?:目标|力争|计划|规划|预计|达到)[^。]{{0,20}}{_FIGURE}"),
        ("promise", r"承诺|保证"),
        ("belief", r"秉承|理念|始终|坚持|致力|宗旨|践行|弘扬|我们相信|深知|使命|愿景"),
        ("act", r"开展|组织|举办|建立|制定|实施|修订|成立|签订|投入|捐赠|完成|获得|召开|通过"),
        ("stop", r"[。！；]"),
        ("contents", r"\.{4,}|…{2,}|·{4,}"),
    )
)
HEADING_FACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("heading_future", re.compile(r"展望|规划|目标|计划|未来|明年|重点|下一步|愿景|战略")),
    ("heading_table", re.compile(r"绩效|数据|指标|一览|统计")),
    ("heading_front", re.compile(r"致辞|前言|简介|概况|关于|目录|寄语|理念|文化")),
)
_YEAR = re.compile(r"20[0-4]\d(?=年|\D|$)")


@dataclass(frozen=True)
class LevelHead:
    """Linear margins turned into probabilities of `OUTCOMES`, and their thresholds.

    Attributes:
        columns: Hash buckets in use for text and heading, sorted.
        text, heading: Weights, (buckets, outcomes).
        facts: Weights, (facts, outcomes).
        near: Weights of the nearness to each centre of the landscape, (M, outcomes).
        mean, scale: Of the facts, (facts,).
        context: Logistic weights of `surroundings`, (outcomes, len(AROUND)).
        bias: Logistic bias of each outcome.
        cuts: Probability from which each outcome is said.
    """

    columns: tuple[np.ndarray, np.ndarray]
    text: np.ndarray
    heading: np.ndarray
    facts: np.ndarray
    near: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    context: np.ndarray
    bias: np.ndarray
    cuts: np.ndarray

    def probabilities(
        self,
        texts: Sequence[str],
        headings: Sequence[str],
        idf: np.ndarray,
        nearness: np.ndarray,
    ) -> np.ndarray:
        """Probabilities of `OUTCOMES` for a report, (n, outcomes).

        Args:
            texts: Normal texts of its passages.
            headings: Their normal headings.
            idf: n-gram document frequencies.
            nearness: From `meaning.Landscape`, (n, M).
        """
        said, title = (_vectors(part, idf) for part in (texts, headings))
        margins = (
            said[:, self.columns[0]] @ self.text
            + HEADING * (title[:, self.columns[1]] @ self.heading)
            + FACT * ((facts(texts, headings) - self.mean) / self.scale) @ self.facts
            + nearness @ self.near
        )
        said_something = np.array([[bool(text)] for text in texts])
        return self.in_context(margins, headings) * said_something  # blanks are level 0

    def in_context(self, margins: np.ndarray, headings: Sequence[str]) -> np.ndarray:
        """Probabilities from margins, given the passages around; (n, outcomes)."""
        around = surroundings(margins, headings)
        z = np.einsum("nok,ok->no", around, self.context) + self.bias
        return 1 / (1 + np.exp(-z))

    def say(self, probabilities: np.ndarray) -> list[tuple[int, tuple[Flag, ...]]]:
        """Level and flags of each passage; a level needs all lower ones."""
        said = probabilities >= self.cuts
        levels = said[:, :4].cumprod(axis=1).sum(axis=1)
        return [
            (int(level), tuple(f for f, yes in zip(FLAGS, row, strict=True) if yes))
            for level, row in zip(levels, said[:, 4:], strict=True)
        ]


AROUND = ("own", "before", "after", "under_heading")


def surroundings(margins: np.ndarray, headings: Sequence[str]) -> np.ndarray:
    """Each margin beside its neighbours', (n, outcomes, len(AROUND))."""
    _, runs = np.unique(headings, return_inverse=True)
    runs = np.cumsum(np.diff(runs, prepend=runs[:1]) != 0)
    parts = (margins, shift(margins, 1), shift(margins, -1), run_means(margins, runs))
    return np.stack(parts, axis=2)


def _vectors(texts: Sequence[str], idf: np.ndarray) -> sparse.csr_matrix:
    """Vectors of the texts with numbers masked; the same text is looked at once."""
    different, which = np.unique([masked(t) for t in texts], return_inverse=True)
    return vectors(list(different), idf)[which]


def facts(texts: Sequence[str], headings: Sequence[str]) -> np.ndarray:
    """Facts of a report's passages, their headings, its year, and log length.

    Returns:
        (n, facts) float32; `FACTS`, `HEADING_FACTS`, a year after the report's own, length.
    """
    this_year = _report_year(texts)
    rows = [
        [
            *(bool(p.search(text)) for _, p in FACTS),
            *(bool(p.search(heading)) for _, p in HEADING_FACTS),
            any(int(y) > this_year for y in _YEAR.findall(text)),
            np.log1p(len(text)),
        ]
        for text, heading in zip(texts, headings, strict=True)
    ]
    return np.array(rows, np.float32).reshape(len(texts), len(FACTS) + len(HEADING_FACTS) + 2)


def _report_year(texts: Sequence[str]) -> int:
    """The year a report speaks of most; 9999 where it names none."""
    years = Counter(int(y) for text in texts for y in _YEAR.findall(text))
    return min(years, key=lambda y: (-years[y], y)) if years else 9999


def save_levels(head: LevelHead, path: Path) -> None:
    """Write a level head as plain arrays, n-gram weights as float16."""
    np.savez_compressed(
        path,
        columns_text=head.columns[0],
        columns_heading=head.columns[1],
        text=head.text.astype(np.float16),
        heading=head.heading.astype(np.float16),
        near=head.near.astype(np.float16),
        **{n: getattr(head, n) for n in ("facts", "mean", "scale", "context", "bias", "cuts")},
    )


def load_levels(path: Path) -> LevelHead:
    """Read a level head written by `save_levels`."""
    with np.load(path, allow_pickle=False) as a:
        rest = {n: a[n] for n in ("facts", "mean", "scale", "context", "bias", "cuts")}
        return LevelHead(
            columns=(a["columns_text"], a["columns_heading"]),
            text=a["text"].astype(np.float32),
            heading=a["heading"].astype(np.float32),
            near=a["near"].astype(np.float32),
            **rest,
        )
