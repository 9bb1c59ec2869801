"""可比性: figures beside those of other years, of a target, of peers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.facts import Measure
from pipeline.quality.report import Found, Report, percent

_YEAR = re.compile(r"(?:19|20)\d\d")
_PEERS = re.compile(
    r"行业(?:平均|均值|第[一二三四五六七八九十\d]+(?![家个批次条款])|前[一二三四五六七八九十\d]|排名)|同行业?(?:平均|排名|第)|同业(?:平均|排名|第)"
    r"|(?:高于|低于|优于|好于)[^，。\n]{0,8}(?:行业|同行|同业|全国|全省|全市|平均)|(?<!相当于)(?:全国|全球|世界|全省|全市)平均"
    r"|(?:全国|全球|世界|全省|全市|国内|行业|中国企业)[^，。\n]{0,12}(?:排名|位列|位居|排行)|(?:排名|位列|位居|名列)[^，。\n]{0,16}第[一二三四五六七八九十\d]+[位名]?"
)


def years(report: Report) -> Found:
    """Measures told for three years or more."""
    return _measures([m for m in report.measures if len(_years(m)) >= 3])


def prior(report: Report) -> Found:
    """Measures told beside another year's value or a target."""
    return _measures([m for m in report.measures if m.compared])


def share(report: Report) -> Found:
    """Share of all measures that are told with a comparison; None where there are none."""
    if not report.measures:
        return Found(0.0, note="未读到带单位的数据。")
    return Found(percent(sum(bool(m.compared) for m in report.measures), len(report.measures)))


def peers(report: Report) -> Found:
    """Statements that compare with others or name a rank."""
    found = list(report.told.find(_PEERS))
    return Found(len(found), [report.told.quote(s) for s in found])


def _years(measure: Measure) -> set[str]:
    told = (measure.period, *(what for what, _ in measure.compared))
    return {year for text in told for year in _YEAR.findall(text)}


def _measures(measures: Sequence[Measure]) -> Found:
    names = "、".join(dict.fromkeys(m.name for m in measures[:6]))
    return Found(len(measures), [m.figure.quote for m in measures], names)


FACTS = {
    "comparability.years": years,
    "comparability.prior": prior,
    "comparability.share": share,
    "comparability.peers": peers,
}
