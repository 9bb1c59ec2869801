"""Disclosure level (0-4) and flags (neg, target, cmp) of a passage.

The level is the field's content-analysis scale: 0 nothing, 1 belief or slogan, 2 concrete
practice, 3 a figure with unit or an explicit zero, 4 a figure compared. Linear models over
n-grams with numbers masked, and over the plain facts of `FACTS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.match.ngrams import vectors
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


@dataclass(frozen=True)
class LevelHead:
    """Linear margins turned into probabilities of `OUTCOMES`, and their thresholds.

    Attributes:
        columns: Hash buckets in use for text and heading, sorted.
        text, heading: Weights, (buckets, outcomes).
        facts: Weights, (facts + 1, outcomes); the last row is for log length.
        mean, scale: Of the facts, (facts + 1,).
        slope, bias: Logistic calibration of each outcome.
        cuts: Probability from which each outcome is said.
    """

    columns: tuple[np.ndarray, np.ndarray]
    text: np.ndarray
    heading: np.ndarray
    facts: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    slope: np.ndarray
    bias: np.ndarray
    cuts: np.ndarray

    def probabilities(
        self, texts: Sequence[str], headings: Sequence[str], idf: np.ndarray
    ) -> np.ndarray:
        """Probabilities of `OUTCOMES` for normal texts and headings, (n, outcomes)."""
        said, title = (vectors([masked(t) for t in part], idf) for part in (texts, headings))
        margins = (
            said[:, self.columns[0]] @ self.text
            + HEADING * (title[:, self.columns[1]] @ self.heading)
            + FACT * ((facts(texts) - self.mean) / self.scale) @ self.facts
        )
        return 1 / (1 + np.exp(-(margins * self.slope + self.bias)))

    def say(self, probabilities: np.ndarray) -> list[tuple[int, tuple[Flag, ...]]]:
        """Level and flags of each passage; a level needs all lower ones."""
        said = probabilities >= self.cuts
        levels = said[:, :4].cumprod(axis=1).sum(axis=1)
        return [
            (int(level), tuple(f for f, yes in zip(FLAGS, row, strict=True) if yes))
            for level, row in zip(levels, said[:, 4:], strict=True)
        ]


def facts(texts: Sequence[str]) -> np.ndarray:
    """Which facts of `FACTS` hold, and log length; (n, facts + 1) float32."""
    rows = [[*(bool(p.search(t)) for _, p in FACTS), np.log1p(len(t))] for t in texts]
    return np.array(rows, np.float32).reshape(len(texts), len(FACTS) + 1)


def save_levels(head: LevelHead, path: Path) -> None:
    """Write a level head as plain arrays, n-gram weights as float16."""
    np.savez_compressed(
        path,
        columns_text=head.columns[0],
        columns_heading=head.columns[1],
        text=head.text.astype(np.float16),
        heading=head.heading.astype(np.float16),
        **{n: getattr(head, n) for n in ("facts", "mean", "scale", "slope", "bias", "cuts")},
    )


def load_levels(path: Path) -> LevelHead:
    """Read a level head written by `save_levels`."""
    with np.load(path, allow_pickle=False) as a:
        rest = {n: a[n] for n in ("facts", "mean", "scale", "slope", "bias", "cuts")}
        return LevelHead(
            columns=(a["columns_text"], a["columns_heading"]),
            text=a["text"].astype(np.float32),
            heading=a["heading"].astype(np.float32),
            **rest,
        )
