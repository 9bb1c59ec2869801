"""When a figure holds and of which part of the company, as the report says it."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.measure.units import plain

_TITLE = re.compile(
    r"((?:19|20)\d\d)\s?(?:年|财年)?\s?度?[^\n，。]{0,12}(?:社会责任|可持续发展|ESG|环境、社会|责任)[^\n，。]{0,12}报告"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:年|财年)")
_SPAN = re.compile(r"(?:19|20)\d\d\s?年?\s?[-—~～至到]\s?(?:19|20)\d\d\s?年")
_LAST = re.compile(r"(?<![较比与同])(?:上年|去年|上一年|上期)")
_SINCE = re.compile(
    r"以来|历年|累计(?!(?:完成|实现|投入|发放|培训))|至今|迄今|自成立|近[两三四五十]年|近\d+年|[三四五十]年来|十[二三四]五[”\"]?\s?期间"
)
_FROM = re.compile(
    r"自\s?(?:19|20)\d\d\s?年|(?:19|20)\d\d\s?年[^，。；]{0,12}(?:以来|至今|起(?![草诉])|开始)"
)
_WITHIN = re.compile(r"全年|年内|本年度?|报告期内")
_THAN = re.compile(r"(?:较|比|与|同)\s?(?:19|20)\d\d\s?年(?:末|底|同期|年末)?")
_NOW = re.compile(r"目前|现有|如今|截[至止]|现已|今年|本年|报告期")
_SCOPE = re.compile(
    r"^(?:其中|20\d\d年度?|报告期内|全年|，|\s)*(?P<scope>[一-鿿（）()A-Z]{2,14}?(?:公司本部|子公司|分公司|公司|集团|分行|支行|工厂|厂区|基地|事业部|本部|总部))"
    r"(?!治理|债|章程|的)"
)
_NOBODY = re.compile(
    r"^(?:如|一是|二是|三是|本|该|各|全|我|为|对|由|在|向|与|和|及|从|使|将|通过|参股|控股|全资|上市|下属|所属|多家|其他|国内|国际|股份|有限|成立|作为|截|据|按|经|是|目前|现|有|参与|提供|支持|帮助|指导|推动|推进|协助|督促|拥有|持有|影响|鉴于|根据|依据|以|其|有|投资|收购|转让|设立|建立|组织|通知|荣获|获得)|家|会|年|召开|投|获|，|组织|执行|牵头|发挥|加强|建立|开展|积极|影响|担任|下发|，|。"
)


def report_year(text: str) -> str:
    """The year that the report is about: the one it names most, titles counting five times."""
    words = plain(text)
    years = Counter(_YEAR.findall(words)) + Counter(_TITLE.findall(words) * 5)
    return min(years, key=lambda year: (-years[year], year)) if years else ""


def period(before: str, sentence: str, heading: tuple[str, ...], year: str) -> str:
    """The year of a figure that follows ``before`` in ``sentence``; "" where it spans several."""
    words = _THAN.sub("", plain(before))
    if _SPAN.search(words) or _FROM.search(words):
        return ""
    named = list(_YEAR.finditer(words))
    if named and not _NOW.search(words, named[-1].end()):
        return _near(words, named[-1], year)
    if _LAST.search(re.split(r"[，；]", words)[-1]):
        return str(int(year) - 1) if year else ""
    if _SINCE.search(words) and not _WITHIN.search(words):
        return ""
    above = [found for title in heading for found in _YEAR.findall(plain(title))]
    return above[-1] if above and len(set(above)) == 1 else year


def _near(words: str, named: re.Match[str], year: str) -> str:
    """The year named in another clause, unless it tells history (1993年成立，...)."""
    elsewhere = re.search("[，,；]", words[named.end() + 8 :])
    old = bool(year) and int(named[1]) < int(year) - 2
    return "" if elsewhere and old else named[1]


def scope(sentence: str, own: str) -> str:
    """The part of the company that a sentence opens with; "" for the whole or unsaid.

    ``own``: the first words of the report, where the reporter names itself.
    """
    found = _SCOPE.match(sentence)
    if not found or _NOBODY.search(found["scope"]) or found["scope"] in own:
        return ""
    return found["scope"]
