"""What a figure of running text measures, in the report's own words.

Chinese names a figure before it (安全投入1,230万元), after it (召开1次股东大会) or by an earlier
clause of the sentence (..., 占比12%). The rules read the clause, never the world.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.resources import read_yaml, shipped

_SPACES = re.compile(r"(?<=[一-鿿，。、；：%）\d])\s+(?=[一-鿿，。、；：（\d])|(?<=[一-鿿])\s+$")
_CHANGE = (
    r"(?:(?:同比|环比|(?:比|较|与)?(?:上年|去年|年初|上一年|前年|期初|往年|20\d\d年)(?:度|末|底|同期)?(?:相比)?(?:的)?)"
    r"(?:约|共|净|大幅|均|又|分别)?(?:增长|增加|下降|减少|提高|提升|上升|降低|增幅|降幅|上涨|下滑|增|降|升|多|少|变动|上浮)?"
    r"|(?:增长|增加|下降|减少|提高|提升|上升|降低|增幅|降幅|上涨|下滑|涨幅|年均增长))"
)
CHANGE = re.compile(
    rf"(?:，|,|并)?(?:且|均|也)?({_CHANGE})(?:率|幅度|比例)?(?:了|达到?|为|约|近|超过?)*"
)
SHARE = re.compile(
    r"(?:约|共)?(?:占|占比|占[^，。；\d]{1,14}|比例|占有?率)(?:的?(?:比例|比重|比))?(?:为|达到?|约|超过?|近|的)*"
)
_TAIL = re.compile(
    r"(?:(?:增加|增长|提高|提升|上升|扩大|发展)[到至为]|(?:下降|降低|减少|降)[到至为]|[达升增]至|分别(?:为|达到?|是)"
    r"|(?<![行作认成])为|是|达到|(?<![传表送发])达|(?<!公)共计?|总共|合计|总计|总数|累[计积]|(?<![签履预条节合])约|大约|将近"
    r"|(?<![附邻临最])近|超过?|逾|突破|高达|多达|不足|至少|至多|仅|已经?|(?<![人年日月户平])均|(?<![成首])都|(?<!立)即"
    r"|(?<![持拥享没所设具含国自固特稀])有|保持在?|稳定在|维持在|控制在|人民币|RMB|￥|¥|(?<![同相平高中初优])等|了|的|[“\":：=－-]"
    r"|接近|(?<![现存所])在|最高|最低|每年|各|个|期间|全年|年内|多|可|已?累计|就|共計|達|為|約|總計|逾|累計|人民幣)$"
)
_DATE = (
    r"(?:截至|截止|到|至|在|于|自)?(?:19|20)\d\d\s*年?(?:\d{1,2}月)?(?:\d{1,2}日)?"
    r"(?:年?度(?!假)|末|底|初(?![中级步])|全年|期间|财年|以来|起(?![草诉])|间(?!接)|上半年|下半年|内(?![部控容蒙外训])|中(?![期国央标层小高]))*"
)
_HEAD = re.compile(
    rf"^(?:[\s\-—－•·●■◆★※*#>（(”\"“,，、:：.]+|[（(]?[一二三四五六七八九十\d]{{1,2}}[)）、.．]\s*(?!\d)|\d+(?:\.\d+)+\s*|{_DATE}"
    r"|截[至止](?:目前|报告期末|年末|年底|期末|本报告期末?)|本?报告期(?:内|末)?|本年度?|年内|年度内|全年度?|期内|今年以?来?|去年|上年度?|目前|现有|年末|年底"
    r"|其中|并且?|同时|另外?|还|此外|已经?|共(?![享建同青赢产])计?|累计|总计|合计|先后|一共|总共|通过(?!率)|以及|及(?![时格])|和(?![谐平解睦])|与(?![会时])|或|而|由"
    r"|使(?![用命])|让(?!利)|对(?![外口标接公])|将|再(?![造生制融次])|又|也|均(?![衡价])|每年|平均|近年来|近三年|迄今为?|一年来|当年|月份|成功|积极"
    r"|本?(?:公司|集团|企业|银行)(?!治理|债|章程|总|员工|注册|股|资产|收入|净|利|规模|客|及|和|本部|总部|合|系统)|我(?:们|行|司|公司)|本行|全行"
    r"|实现(?!率)|完成(?!率|目标|任务|计划|情况)|取得|了|的|且|有(?![效限关机毒害色]))"
)
_OPEN = re.compile(r"(?:等|旗下|下属|所属|下设|下辖|其中|各类|各)$")  # the noun is still to come
_PART = re.compile(
    r"[^，。；、]*?(?:股\s?权|光伏|风电|水电|机组|电站|项目)"
)  # 33.5%股权, 5万千瓦风电
_COPULA = re.compile(r"(?:(?<![行作认成])为|达到?|共计|总计|合计|是|[:：=])(?:约|近|超过?|逾)?$")
_PURPOSE = re.compile(
    r"[^，。；\d]{0,4}?(?P<why>用于|开展|购买|资助|支持|帮助|建设|援建|改造|慰问)(?P<what>[^，。；、\d（(]{2,18})"
)
_CLAUSE = re.compile(r"[，。；;！!？?\n\t、（(）)]|(?<!\d)[：:]|,(?!\d)")
_WORD = re.compile(r"[一-鿿]{2}|[A-Za-z][一-鿿]|^[A-Z]\w{1,9}$")
_NUMBER_END = re.compile(r"\d{2}$|\d[,，]\d+$")
LONGEST = 30


@dataclass(frozen=True, slots=True)
class _Words:
    """The lexicon's lists as patterns."""

    verb: re.Pattern[str]
    after: re.Pattern[str]
    not_noun: re.Pattern[str]
    bare: re.Pattern[str]
    nothing: re.Pattern[str]
    title: re.Pattern[str]


@lru_cache
def _words() -> _Words:
    path = shipped("data", "lexicon", "figure_words.yaml")
    lists = read_yaml(path)
    one = {name: "|".join(map(re.escape, words)) for name, words in lists.items()}
    noun = r"\s?(?:的)?(?P<noun>[一-鿿A-Za-z“”·\s]{2,24}?)"
    return _Words(
        re.compile(f"(?:{one['verbs']})$"),
        re.compile(rf"{noun}(?=[，。；;！？：:、,.\n\t（(）)《》]|\d|$|{one['noun_ends']})"),
        re.compile(f"(?:{one['not_nouns']}|{one['noun_ends']})"),
        re.compile(f"(?:{one['bare']})$"),
        re.compile(f"(?:{one['empty']})$|(?:{one['empty_starts']})|.*(?:{one['empty_ends']})$"),
        re.compile(one["titles"] + r"|\d{3}|公司$"),
    )


@dataclass(frozen=True, slots=True)
class Naming:
    """What the words around a figure say of it: a name, or how it relates to the one before."""

    name: str = ""
    relation: str = ""  # "同比增长" ...: it compares the figure before; "占比" ...: its share


def name_of(before: str, after: str, counts: bool, heading: str = "") -> Naming:
    """What the figure between ``before`` and ``after`` (of one sentence) measures.

    ``counts``: its unit is a counting word, so that the noun may follow (8 次董事会).
    """
    clause = squeeze(_CLAUSE.split(before)[-1])
    if change := CHANGE.fullmatch(clause):
        return Naming(relation=change[1])
    if SHARE.fullmatch(clause):
        return Naming(relation=strip_tail(clause))
    noun = noun_after(after)
    ends_open = bool(_OPEN.search(clause))
    if ends_open and not noun:
        return Naming()
    listed = before.rstrip().removesuffix(clause).endswith("、")  # A、B、C 3个 领域
    wants_noun = ends_open or (listed and not _words().verb.search(clause))
    name = clean(strip_tail(clause))
    if noun and not (_COPULA.search(clause) and name):  # after 规模达 all has been said
        name = _with_noun(name, noun, after, counts, wants_noun)
    return Naming(_finish(name, after, heading))


def _with_noun(name: str, noun: str, after: str, counts: bool, alone: bool) -> str:
    """资助 17 名 贫困学生: the verb stands before the figure and what it counts after it."""
    if counts or _words().verb.fullmatch(name):
        return noun if alone or len(name + noun) > LONGEST else name + noun
    return name + noun if _of_after(after) or _PART.match(after) else name


def _finish(name: str, after: str, heading: str) -> str:
    name = re.sub(r"(?:(?<![行作认成])为|对|向|给|与|被|从|以|把|在|占|和|及)$", "", name)
    if _words().nothing.match(name) or _NUMBER_END.search(name) or _words().verb.fullmatch(name):
        return ""
    if not name or _words().bare.match(name):
        name = _widen(name, after, heading)
    return name[-LONGEST:] if _WORD.search(name) else ""


def _of_after(after: str) -> bool:
    return bool(re.match(r"\s?(?:以上|左右)?的[一-鿿]{2}", after))


def noun_after(after: str) -> str:
    """The noun right behind a figure: 次【董事会】; "" where something else follows."""
    found = _words().after.match(after)
    if not found:
        return ""
    noun = squeeze(found["noun"])
    if _words().not_noun.match(noun) or len(noun) > 14:
        return ""
    return noun.strip("“”")


def _widen(name: str, after: str, heading: str) -> str:
    """A bare name (投入) made to tell of what: by its purpose, or by the heading above."""
    purpose = _PURPOSE.match(after)
    if name and purpose:
        return name + purpose["why"] + squeeze(purpose["what"])
    topic = clean(heading)
    if not name or not topic or len(topic) > 12 or _words().title.search(heading):
        return ""
    return f"{topic}：{name}"


def strip_tail(words: str) -> str:
    """``words`` less what links them to a figure: 安全投入共计达 -> 安全投入."""
    words = words.strip()
    while found := _TAIL.search(words):
        words = words[: found.start()].rstrip()
    return words


def clean(words: str) -> str:
    """``words`` less leading dates, bullets, adverbs and the reporter itself."""
    words = squeeze(words).strip()
    while (found := _HEAD.match(words)) and found.end():
        words = words[found.end() :].strip()
    return words.strip("“”\"'《》·:： ")


def squeeze(words: str) -> str:
    """``words`` without the spaces that line breaks left between Chinese characters."""
    return _SPACES.sub("", words)
