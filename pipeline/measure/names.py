"""What a figure of running text measures, in the report's own words.

Chinese names a figure before it (安全投入1,230万元), after it (召开1次股东大会) or by an earlier
clause of the sentence (..., 占比12%). The rules read the clause, never the world.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STOPS = "，。；;！!？?：:\n\t、（(）)《》”"
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
    r"|接近|(?<![现存所])在|最高|最低|每年|各|个|期间|全年|年内|多|可|已?累计)$"
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
    r"|实现(?!率)|完成(?!率|目标|任务|计划|情况)|取得|了)"
)
VERB = re.compile(
    r"(?:召开|组织|举办|开展|发布|披露|拥有|具有|设有|设立|建有|建成|建立|选派|派出|派遣|承担|承办|参加|参与|收到|接到|受理|处理|办理|开设|开通|开发|提供"
    r"|新增|新建|购置|购买|采购|安装|更换|改造|申请|获得|获|荣获|取得|审议|审议通过|通过|制定|修订|发放|资助|救助|帮助|帮扶|捐助|捐建|慰问|走访|培训|培养|招聘|招收|引进"
    r"|吸引|吸纳|接待|服务|覆盖|涉及|包括|涵盖|分布|举行|进行|实施|推出|推进|完成|实现|编制|编写|印发|印制|发表|发行|签订|签署|签约|成立|评选|评出|表彰|奖励|选拔|聘请|邀请|检查|排查|整改|查处"
    r"|发现|发生|出现|种植|植树|栽种|储备|配备|安排|解决|惠及|受益|走进|派发|上线|投放|更新|维修|减少|节约|节省|下发|共享|组建|吸收|安置|征集|评审|辅导|联合|举报|调解|审核|认证|抽查|监测|检测|宣传|播出|刊发|出版|主持|主编|参编|起草|入选|当选|推荐|晋升|提拔|交流|送出|送上|为|对|向|给|与|被|从|以|把|在)$"
)
_VERB_FIRST = re.compile(
    r"覆盖|分布|涵盖|入选|荣获|获得|取得|参与|受益|完成|发放|开展|举办|召开|组织|资助|捐|购买|采购|建设|实施|赴|前往|位于|来自|属于|从事|接受|加入|享受|符合|通过|得到|当选|被评|签|投入|进入|承担|正式|成为|提供|涉及|面临|将|派发|拥有|具有|持有|出席|列席"
)
_AFTER = re.compile(
    r"\s?(?:左右|以上|以内)?(?:的)?(?P<noun>[一-鿿A-Za-z“”·\s]{2,24}?)"
    r"(?=[，。；;！？：:、,.\n\t（(）)《》]|\d|$|的|和|及|与|或|并|获|被|为|在|用于|参加|参与|进行|开展|提供|分别|通过|实现|达|占|入选|是|以|到|于|得到|获得|提交|报名|取得|就业|购买|从中|全部|均|转让|承担|补助|共同|需要|可)"
)
_NOT_NOUN = re.compile(
    r"^(?:以上|左右|超过|逾|约|近|以内|以下|不等|之间|之多|人民币|用于|其中|同比|比|较|占|为|是|和|与|及|并|获|被|在|到|至|等|通过|分别|参加|参与|进行|由|向|对|共|含|用|全部|均|都|已|实现|增|减|降|提|下降|上升)"
)
_BARE = re.compile(
    r"^(?:投入|资金|金额|总额|费用|合计|支出|收入|投资|总投资|数量|人数|规模|比例|占比|比率|面积|总计|累计|其中|达|产量|共投入|累计投入|投入资金|资金投入|总投入|覆盖率|总人数|次数|发放|奖励|参加|参加人数|参与人数|参训人数|培训|共培训|完成率|合格率|执行率|签订率|率|捐赠|捐款|赞助|出资|拨款|拨付|贷款|缴纳|每股|女性|男性|男|女|本科|硕士|博士|大专|满意度|及格率|达标率|持证率)$"
)
_PURPOSE = re.compile(
    r"[^，。；\d]{0,4}?(?P<why>用于|开展|购买|资助|支持|帮助|建设|援建|改造|慰问)(?P<what>[^，。；、\d（(]{2,18})"
)
_OPEN = re.compile(r"(?:等|旗下|下属|所属|下设|下辖|其中|各类|各)$")  # the noun is still to come
_PART = re.compile(
    r"[^，。；、]*?(?:股\s?权|光伏|风电|水电|机组|电站|项目)"
)  # 33.5%股权, 5万千瓦风电
_TITLES = re.compile(r"致辞|寄语|前言|目录|简介|关于|附录|展望|概况|报告|反馈|\d{3}|公司$")
_COPULA = re.compile(r"(?:(?<![行作认成])为|达到?|共计|总计|合计|是|[:：=])(?:约|近|超过?|逾)?$")
_NOTHING = re.compile(
    r"(?:其余|其他|其它|剩余|另外|以上|以下|这|该|全部|所有|平均|分别|第|版本?|不少于)$"
)
_WORD = re.compile(r"[一-鿿]{2}|[A-Za-z]{2}")
LONGEST = 24


@dataclass(frozen=True, slots=True)
class Naming:
    """What the words around a figure say of it: a name, or how it relates to the one before."""

    name: str = ""
    relation: str = ""  # "同比增长" ...: it compares the figure before; "占比" ...: its share


def name_of(before: str, after: str, counts: bool, heading: str = "") -> Naming:
    """What the figure between ``before`` and ``after`` (of one sentence) measures.

    ``counts``: its unit is a counting word, so that the noun may follow (8 次董事会).
    """
    clause = squeeze(re.split(r"[，。；;！!？?\n\t、（(）)]|(?<!\d)[：:]", before)[-1])
    if CHANGE.fullmatch(clause):
        return Naming(relation=CHANGE.fullmatch(clause)[1])
    if SHARE.fullmatch(clause):
        return Naming(relation=strip_tail(clause))
    name = clean(strip_tail(clause))
    return Naming(_finish(name, clause, after, counts, heading))


def _finish(name: str, clause: str, after: str, counts: bool, heading: str) -> str:
    noun = noun_after(after)
    told = _COPULA.search(clause) and name  # 规模达 ...: what is measured has been said
    if noun and not told and (counts or _of_after(after) or _PART.match(after)):
        # 资助 17 名 贫困学生: the verb stands before the figure and what it counts after it
        open_end = _OPEN.search(clause) or len(name) + len(noun) > LONGEST
        name = noun if open_end else name + noun
    name = re.sub(r"(?:(?<![行作认成])为|对|向|给|与|被|从|以|把|在|占|和|及)$", "", name)
    if _NOTHING.search(name):
        return ""
    if not name or _BARE.match(name):
        name = _widen(name, after, heading)
    return name[-LONGEST:] if _WORD.search(name) else ""


def _of_after(after: str) -> bool:
    return bool(re.match(r"\s?(?:以上|左右)?的[一-鿿]{2}", after))


def noun_after(after: str) -> str:
    """The noun right behind a figure: 次【董事会】; "" where something else follows."""
    found = _AFTER.match(after)
    if not found:
        return ""
    noun = squeeze(found["noun"])
    if _NOT_NOUN.match(noun) or _VERB_FIRST.match(noun) or len(noun) > 14:
        return ""
    return noun.strip("“”")


def _widen(name: str, after: str, heading: str) -> str:
    """A bare name (投入) made to tell of what: by its purpose, or by the heading above."""
    purpose = _PURPOSE.match(after)
    if name and purpose:
        return name + purpose["why"] + squeeze(purpose["what"])
    topic = clean(heading)
    if not name or not topic or len(topic) > 12 or _TITLES.search(heading):
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
