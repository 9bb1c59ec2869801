"""Sentences of the letter: polite, official, and nothing in them that the report did not say."""

from __future__ import annotations

import re

from pipeline.facts import Dimension, LineState, Quote
from pipeline.frameworks import Indicator

LIKEWISE = 3  # names told of what one concept lacks
_BEGINS_WITH_DOING = re.compile(
    "说明|披露|报告|介绍|交代|阐述|列示|列出|如实|提出|呈现|展示|分类|分别|分范围|按|由|针对|以|量化|自愿"
    "|提供|描述|表述|对应|综合|客观|核算|识别|刊载|给出|高层致辞中|聘请"
)
_CONDITIONAL = re.compile("重点排污单位|非重点排污单位|鼓励|.{2,14}的，")

TOLD = {4: "数据有对比或经鉴证", 3: "有具体数据", 2: "讲清了具体做法"}  # by level
QUALITY: dict[Dimension, str] = {
    "过程性": "建议交代报告范围、数据来源、编制依据和审定程序，说明如何识别相关方与实质性议题。",
    "实质性": "建议围绕本企业和本行业的重要议题展开，多用具体做法和数据回应，少用一般性表述。",
    "完整性": "建议对照所列指南逐项核对，优先补充与本企业关系密切而尚未涉及的内容。",
    "平衡性": "建议如实说明不足、未达成的目标、投诉、事故或处罚及其改进；没有发生的也请写明。",
    "可比性": "建议对主要绩效数据给出连续三年的数值，或与目标、同行业对照，并注明统计口径的变化。",
    "可读性": "建议理顺章节层次，控制句子长度，解释专业术语，多用图表。",
    "可及性": "建议写明联系人、意见反馈方式和报告的获取途径。",
}
CHECK = {  # by the rule that found it
    "sum": "合计",
    "share": "占比",
    "twice": "前后数值",
    "growth": "增减幅度",
    "unit": "数量级",
    "form": "与申报表",
    "last_year": "与上年报告",
}
LINE: dict[LineState, str] = {
    "not_found": "在所指位置及全文均未找到相应内容",
    "page_missing": "所指页码不存在",
}


def advice(indicator: Indicator) -> str:
    """What to disclose, by our definition; figures are asked for with unit and comparison."""
    said = indicator.definition.rstrip("。")
    if _CONDITIONAL.match(said):
        asked = f"{said}。"
    elif _BEGINS_WITH_DOING.match(said):
        asked = f"建议{said}。"
    else:
        asked = f"建议说明{said}。"
    if indicator.kind == "quantitative":
        asked += "请给出数值与单位，并与上年对照。"
    return asked


def further(names: list[str]) -> str:
    """What is asked where the guidelines' core is told and only single items are missing."""
    told = "、".join(names[:LIKEWISE])
    more = f"等{len(names)}项" if len(names) > LIKEWISE else ""
    return f"该议题已有披露，建议补充{told}{more}。"


def nearby(quote: Quote) -> str:
    """Where the report comes near to what is missing."""
    place = f"第{quote.page}页" if quote.page else f"第{quote.paragraph}段"
    return f"{place}有相近表述，可在此基础上补充。"
