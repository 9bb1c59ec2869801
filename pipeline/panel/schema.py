"""The tables of the panel: columns, types and meanings; files and dictionary come from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

TYPES = {
    "str": pa.string(),
    "int": pa.int32(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}
TOLD = {"str": "文本", "int": "整数", "float": "小数", "bool": "是/否"}


@dataclass(frozen=True)
class Column:
    """A column: its name, ``str``, ``int``, ``float`` or ``bool``, and its meaning in Chinese."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table; ``own`` are its columns besides the key of a report, where ``keyed``."""

    name: str
    title: str
    own: tuple[Column, ...]
    keyed: bool = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the order of the file."""
        return (*KEY, *self.own) if self.keyed else self.own

    @cached_property
    def schema(self) -> pa.Schema:
        """That of the file."""
        return _schema(self.columns)

    @cached_property
    def part(self) -> pa.Schema:
        """That of rows before it is known whose report they are of: the report's place first."""
        return _schema((_PLACE, *self.own) if self.keyed else self.own)


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    return pa.schema([(one.name, TYPES[one.type]) for one in columns])


def _columns(text: str) -> tuple[Column, ...]:
    """Columns of ``name type meaning`` lines."""
    return tuple(Column(*line.split(None, 2)) for line in text.strip().splitlines())


KEY = _columns("""
company_id str 企业编号：由其最早的规范名称算出，各年不变
company str 报告所用的企业名称
year int 报告年度；不详为空
report_id str 报告编号：由文件内容算出
main bool 同一企业同一年度有多份时，是否以此份为准
""")
_PLACE = Column("place", "int", "报告在本次汇集中的序号")

TABLES = {
    table.name: table
    for table in (
        Table(
            "companies",
            "企业（跨更名）",
            _columns("""
company_id str 企业编号
company str 最近使用的名称
names int 用过几个名称
first_year int 最早报告年度
last_year int 最近报告年度
reports int 报告份数（只计为准的）
industry str 行业，取最近登记
district str 区县，取最近登记
"""),
            keyed=False,
        ),
        Table(
            "names",
            "企业名称及认定依据",
            _columns("""
company_id str 企业编号
name_id str 名称编号：由规范名称算出
company str 名称，取最近写法
normalised str 规范名称：全半角统一，去空格，“有限责任公司”同“有限公司”
first_year int 该名称最早的报告年度
last_year int 该名称最近的报告年度
match str same_name 名称相同，renamed 报告写明更名，registered 登记代码相同，confirmed 人工确认
joined_to str 据以并入的另一名称；名称相同者为空
evidence str 依据：报告原文、登记代码或确认文件
report_id str 依据出自哪份报告
"""),
            keyed=False,
        ),
        Table(
            "proposals",
            "名称相近、待人工确认（未合并）",
            _columns("""
company str 名称
other str 相近的名称
similarity float 相似度，0–100（rapidfuzz）
evidence str 可资判断的原文，可能为空
"""),
            keyed=False,
        ),
        Table(
            "reports",
            "报告",
            _columns("""
source str 所在评审结果文件夹
submission str 材料文件夹名
file str 文件
sha256 str 文件内容的 SHA-256
industry str 行业（登记）
district str 区县（登记）
association str 推荐协会（登记）
programme str 项目
code str 责鉴版本
matcher str 匹配器版本
warnings str 读取时的问题，代码以“；”分隔
"""),
        ),
        Table(
            "texts",
            "文本特征",
            _columns("""
characters int 字数
pages int 页数
passages int 段落数
level_0 int 0级段落数（无实质内容）
level_1 int 1级段落数（理念口号）
level_2 int 2级段落数（制度与行动）
level_3 int 3级段落数（绩效数据）
level_4 int 4级段落数（有对比的数据）
boilerplate float 套话占比，0–1
substance float 实据占比，0–1
copied float 与上一份报告逐字相同的句子占正文字数，0–1；无上一份或无原文则为空
copied_from str 上一份报告的编号
"""),
        ),
        Table(
            "indicators",
            "指标结论",
            _columns("""
framework str 指南
indicator str 指标编号（指南现行编号）
code_then str 报告年度通行的编号
bridged bool 编号经新旧对照折算
name str 指标名称
status str disclosed 已披露，needs_expert 待判断，not_found 未找到；另有 unreadable、not_applicable
level int 披露层级 0–4
probability float 已披露的概率，0–1
evidence_id str 首要依据的编号，见 evidence；无则为空
override str 专家：空白 未改判，confirmed 确认，changed 改判
own_status str 系统原判
own_level int 系统原判层级
"""),
        ),
        Table(
            "evidence",
            "结论所依据的原文",
            _columns("""
evidence_id str 依据编号：报告编号:起-止
page int 页码；文件不分页则为空
paragraph int 段落号
start int 在 document.json 的 text 中的起点
end int 终点
level int 段落层级 0–4
quote str 原文
heading str 所在标题，各级以“ > ”分隔
"""),
        ),
        Table(
            "concepts",
            "跨版本指标（指南换版时按对照表衔接）",
            _columns("""
crosswalk str 对照表
concept str 共同含义
framework str 所据版本
indicators str 所据指标，以“；”分隔
status str 各指标中最好的结论
level int 各指标中最高的层级
probability float 各指标中最高的概率
bridged bool 所据不是最新版本，经对照表衔接
"""),
        ),
        Table(
            "coverage",
            "各指南覆盖",
            _columns("""
framework str 指南
weighted float 加权覆盖率，0–1
low float 90% 区间下限
high float 90% 区间上限
depth float 已披露指标的平均层级，0–4
core float 核心指标覆盖率；指南不分则为空
extended float 扩展指标覆盖率；指南不分则为空
disclosed int 已披露指标数
needs_expert int 待专家判断指标数
indicators int 适用指标数
"""),
        ),
        Table(
            "dimensions",
            "质量维度",
            _columns("""
dimension str 维度；“总分”为加权总分
score float 得分 0–100；依据不足则为空
local bool 权重为本地所设，非官方标准
"""),
        ),
        Table(
            "measures",
            "绩效数据",
            _columns("""
measure_id str 报告编号:数据编号
series str 归一名称，用以跨年比较
name str 报告中的名称
value float 数值，以 unit 计
unit str 基本单位
printed str 报告原样
period int 数据所属年度；不详为空
scope str 范围；空白为全公司
base_year int 报告自列对比的年度，取最近一年
base_value float 该年数值，单位相同
compared str 全部对比，“年度或对象=数值”以“；”分隔
indicators str 所支持的指标，“指南:编号”以“；”分隔
page int 页码
quote str 原文
"""),
        ),
        Table(
            "frameworks",
            "各年所用指南及版本",
            _columns("""
year int 报告年度
framework str 指南
title str 名称
digest str 指南文件摘要；同一年有几种即有几行
draft bool 是否草案
reports int 报告份数
indicators int 指标数
"""),
            keyed=False,
        ),
    )
}
