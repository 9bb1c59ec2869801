"""How a passage is worded: plain facts and clues that tell its level and flags.

The facts are read twice, by the ridge over n-grams and by the logistic after it; the clues by
the logistic alone. Both are patterns on normal texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

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
_CHANGE = (
    r"(?:增长|增加|提高|提升|上升|增幅|上涨|翻|新增|增至|扩大|上浮|上调|改善|攀升|递增|下降|减少|降低"
    r"|减排|降幅|下滑|下调|降至|缩短|节约|减至|递减|回落)"
)
_NUMBER = re.compile(r"\d[\d,.]*")
CLUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        # compared
        (
            "rank",
            r"排名|位列|位居|名列|居(?:全国|行业|全省|同行|世界|国内|全球)|第[\d一二三四五六七八九十]+(?:名|位)|首位|榜首"
            r"|市场占有率|市场份额|市占率",
        ),
        (
            "record",
            r"历史(?:新高|最高|最好|最佳|最低|纪录|记录|以来|同期)|创(?:下)?(?:了)?(?:公司)?(?:历史|新高|最高|最好"
            r"|最佳)|新高|首次突破",
        ),
        ("in_a_row", r"连续[\d一二三四五六七八九十两多几数]+(?:余|多)?(?:年|届|次|个|季)"),
        (
            "earlier",
            r"(?:较|比|与|同|相较|对比)于?(?:上年|上一年|去年|前年|往年|年初|期初|上期|20\d\d|历年|以往|之前|原来|过去"
            r"|改造前|同期)",
        ),
        ("earlier_value", r"[(（](?:20\d\d年?|上年|去年)[^)）]{0,12}\d[\d,.]*"),
        (
            "than",
            r"比(?![例如较赛重率亚武价选对利特拼学分值])[^。;,，]{0,14}[多少高低增减提降节快好大升优]|[不高低]于|不少于|超过|超出"
            r"|以上",
        ),
        (
            "greatly",
            rf"(?:大幅|显著|明显|稳步|持续|逐年|有所|较大|快速|进一步|整体)度?的?{_CHANGE}",
        ),
        ("change_number", rf"{_CHANGE}(?:了|约|近|达|幅度|比例|率|至|到|为)*\d[\d,.]*"),
        ("change_percent", rf"{_CHANGE}[^。;,，]{{0,8}}\d[\d.]*(?:%|‰|倍|个百分点)"),
        (
            "peer",
            r"行业平均|同行|同类(?:企业|产品|型|机组)|行业(?:领先|先进|第一|首)|全国平均|平均水平|[高低]于(?:国家|行业|全国"
            r"|市场|标准|限值|排放)|优于|领先水平",
        ),
        (
            "met",
            r"完成了?(?:全年|年度|年初|目标|计划|任务|指标|预算|考核)|(?:目标|计划|任务|指标|预算|考核"
            r"|预期)的?[^。;,，]{0,10}(?:完成|实现|达成|达标|超额)|超额|完成率|达成率|目标值|计划的\d",
        ),
        (
            "from_value",
            r"[由从][^。;,，]{0,20}\d[^。;]{0,16}(?:增至|降至|升至|增加|提高|下降|提升|减少|降低|降到|达到|上升"
            r"|至)",
        ),
        ("times", r"[\d一两二三四五几数]倍|[四三]分之|翻[一两番]|一半"),
        ("even", r"持平|相当于|保持(?:不变|稳定|在)|稳定在|维持在"),
        # ahead
        (
            "will",
            r"将(?!军|近|来临|心比|[^。;,，]{0,18}(?:了|纳入|作为|融入|与|列入|列为|视为|贯穿))",
        ),
        ("we_will", r"(?:公司|我们|集团|股份)还?[将会要应须必]"),
        (
            "plans_to",
            r"(?:计划|拟|预计|预期)(?:在|于|到|将|投资|建设|用|每年|未来|通过|总|新增|年|完成|实现)|拟(?![定订合态人])",
        ),
        ("next", r"未来|今后|下一步|明年|新的一年|下一年|接下来|下一阶段|来年|后续"),
        ("by_year", r"[到至]20\d\d年?(?!12月31)|年[底末]前"),
        ("goal", r"目标(?!责任)|指标"),
        (
            "strive",
            r"力争|争取|力求|努力(?:实现|打造|成为|建设|做到|为|探索|推动|争)|争创|争当|致力于|志在|奋力|确保",
        ),
        ("once_done", r"(?:建成|投产|完工|完成|实施|投运|达产|待)后?[^。;,，]{0,6}[将可能]|届时"),
        ("outlook", r"展望|愿景|迈进|谱写|新征程|再接再厉|任重道远|新篇章|再创|共创"),
        # bad, or said not to be
        (
            "not_happened",
            r"(?:未|没有|无|从未)[再曾有]?(?:发生|出现|受到|收到|接到|发现|存在|因|被|触及|产生|涉及)",
        ),
        (
            "not_there",
            r"不存在|并无|没有(?:瞒报|漏报|误报|虚假|损害|任何|重大|违|拖欠)|无(?:重大|任何|违|虚假|不良|环境|安全|一)",
        ),
        (
            "nought",
            r"零(?:事故|投诉|伤亡|死亡|违规|缺陷|泄露|污染|伤害|排放|火灾|工亡|重伤)|(?:事故|死亡|伤亡|重伤|火灾|投诉|发生|工亡"
            r"|职业病|污染|事件)[^。;,，]{0,8}[为是率]?(?:零|0(?![\d.]))",
        ),
        (
            "lacking",
            r"不足(?![额\d])|差距|缺陷|欠缺|薄弱|短板|滞后|有待|问题|困难|隐患|尚未|还不|不够|未能|未达",
        ),
        (
            "punished",
            r"处罚|罚款|警示函|监管函|行政监管|立案|通报批评|谴责|问责|处分|追究|移送|违纪",
        ),
        ("loss", r"亏损|净利润为?-|为-\d|低迷|减值|流失率|离职率|裁员|解除劳动"),
        (
            "event_count",
            r"(?:发生|受到|收到|接到|处理|受理|共有|查处|办理)[^。;,，]{0,20}(?:事故|处罚|投诉|举报|案件|工伤|死亡|信访)"
            r"|\d(?:起|件|例|宗)",
        ),
        (
            "more_harm",
            r"(?:排放|消耗|能耗|用水|用电|事故|投诉|流失)[^。;,，]{0,20}(?:增加|上升|增长|提高)",
        ),
        (
            "less_harm",
            r"(?:排放|消耗|能耗|用水|用电|水耗|电耗|煤耗|成本|废水|废气|事故|投诉)[^。;,，]{0,20}(?:下降|减少|降低|节约)",
        ),
        ("prevent", r"(?:避免|防止|预防|杜绝|防范|严防|禁止|遏制|应对|消除|排查)"),
        ("if_clause", r"如有|如发生|如果|对于|一旦|应当|不得|严禁|禁止|不准|保证本"),
        ("accident", r"事故|伤亡|死亡|工亡|重伤|工伤|火灾|泄漏"),
        ("complaint", r"投诉|举报|信访|纠纷|诉讼|仲裁|起诉"),
        # done, or merely meant
        ("done", r"[完实获开举组荣签投建取]\w{1,3}了|已经?|截至|截止|报告期内|累计"),
        ("as_ever", r"一如既往|始终|一贯|一直"),
        ("society", r"和谐(?:发展|社会|统一)|[做作]出[^。,，]{0,8}贡献|回报(?:社会|股东)"),
        ("must", r"[要应须](?:进一步|继续|加强|加大|加快|全面|积极|切实|着力|以|把|坚持|努力)"),
        (
            "bare_verb",
            r"^(?:[\d一二三四五六七八九十]+[、.)）是]+)?[(（]?(?:[\d一二三四五六七八九十]+[)）])?(?:继续|进一步|加强"
            r"|加大|加快|推进|完善|强化|深化|提升|提高|推动|健全|优化|扩大|拓展|开展|大力|深入|做好|落实|确保|实施)",
        ),
        ("wish", r"希望|期望|期待|相信|愿|立志|旨在"),
        ("this_year", r"报告期|本年度|年内|今年"),
    )
)
HEADING_CLUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "heading_ahead",
        re.compile(
            r"展望|规划|目标|计划|未来|明年|下一步|愿景|战略|20\d\d年?(?:工作|社会责任)?(?:重点|计划)"
            r"|结语|结束语|后记|不足|改进|承诺"
        ),
    ),
)
_ROW = 60  # characters; a shorter passage of several figures without a full stop is a table's row
_MANY = 6  # figures; more say nothing more


def facts(texts: Sequence[str], headings: Sequence[str]) -> np.ndarray:
    """Facts of a report's passages, their headings, its year, and log length.

    Returns:
        (n, facts) float32; `FACTS`, `HEADING_FACTS`, a year after the report's own, length.
    """
    this_year = _report_year(texts)
    own = [
        (any(int(y) > this_year for y in _YEAR.findall(text)), np.log1p(len(text)))
        for text in texts
    ]
    return np.hstack([_found(FACTS, texts), _found(HEADING_FACTS, headings), _rows(own, 2)])


def clues(texts: Sequence[str], headings: Sequence[str]) -> np.ndarray:
    """Clues to a passage's flags: `CLUES`, `HEADING_CLUES`, a table's row, figures, digits.

    Returns:
        (n, clues) float32.
    """
    own = [_figures(text) for text in texts]
    return np.hstack([_found(CLUES, texts), _found(HEADING_CLUES, headings), _rows(own, 3)])


def _found(patterns: Sequence[tuple[str, re.Pattern[str]]], texts: Sequence[str]) -> np.ndarray:
    """Which patterns each text has, (n, patterns) float32; the same text is searched once."""
    searches = [pattern.search for _, pattern in patterns]
    rows = {text: [search(text) is not None for search in searches] for text in set(texts)}
    return _rows([rows[text] for text in texts], len(patterns))


def _rows(rows: Sequence[Sequence[float]], width: int) -> np.ndarray:
    return np.array(rows, np.float32).reshape(len(rows), width)


def _figures(text: str) -> tuple[bool, int, float]:
    """Whether a text reads as a table's row, its figures, and its share of digits."""
    figures = len(_NUMBER.findall(text))
    row = figures > 1 and len(text) < _ROW and "。" not in text
    return row, min(figures, _MANY), sum(map(text.count, "0123456789")) / max(len(text), 1)


def _report_year(texts: Sequence[str]) -> int:
    """The year a report speaks of most; 9999 where it names none."""
    years = Counter(int(y) for text in texts for y in _YEAR.findall(text))
    return min(years, key=lambda y: (-years[y], y)) if years else 9999
