"""The Chinese words of the sheets, in one place."""

from pipeline.facts import ConditionState, LineState, Severity
from pipeline.records import FileStatus, FindingStatus, Flag

STATUS: dict[FindingStatus, str] = {
    "disclosed": "已披露",
    "needs_expert": "待专家判断",
    "not_found": "未找到",
    "unreadable": "无法读取",
    "not_applicable": "不适用",
}
STATUS_MEANING: dict[FindingStatus, str] = {
    "disclosed": "报告中有符合该指标的原文，把握程度达到自动采信的标准。",
    "needs_expert": "找到可能相关的原文，但把握不足，请专家阅读后判断。",
    "not_found": "检索了全部可读文字，没有符合的原文；附最接近的表述供核对。",
    "unreadable": "报告有页面无法读取（如扫描图片），不能断定是否披露。",
    "not_applicable": "该指标不适用于本企业或本报告年度，不计入覆盖率。",
}
LEVELS = ("未涉及", "理念表述", "具体做法", "绩效数据", "对比或鉴证")
LEVEL_MEANING = (
    "没有相关内容。",
    "信念、口号或一般性表述。",
    "具体的制度、措施、行动或事件。",
    "带单位的绩效数据（明确的“零发生”也算）。",
    "数据有对比（往年、目标、同行）或经第三方鉴证。",
)
FLAGS: dict[Flag, str] = {"neg": "含否定表述", "target": "属目标或计划", "cmp": "含对比"}
FILE_STATUS: dict[FileStatus, str] = {
    "failed": "读取失败",
    "partial": "部分读取",
    "done": "已完成",
    "skipped": "未评审",
}
OVERRULED, CONFIRMED = "专家改判", "专家确认"
VERDICTS = ("同意", "改为已披露", "改为未披露", "不适用")
PROBABILITY_MEANING = (
    "置信度是系统估计的“报告确已披露该指标”的可能性：越接近100%越可能已披露，"
    "越接近0%越可能未披露，接近50%最需要人工判断。"
)
COVERAGE_MEANING = (
    "覆盖率是适用指标中已披露部分的加权比例；括号内为90%区间，由各项结论的置信度推算。"
)
DRAFT = "草案"
LOCAL = "本地"
LOCAL_MEANING = (
    "标“本地”的权重、档次和算法由评审办公室自定，没有公开标准作依据，可在项目文件中修改。"
)
STANDING_MEANING = (
    "质量总分与各维度为0至100分。百分位是总分高过本年度（本行业）百分之几的报告，不足10份时不给出；"
    "“同篇幅高出”是比篇幅相当的报告高出的分数，不足20份时不给出。"
)
SEVERITY: dict[Severity, str] = {"error": "矛盾", "doubt": "疑点", "note": "提示"}
SEVERITY_MEANING: dict[Severity, str] = {
    "error": "两处说法不能同时成立。",
    "doubt": "很可能有误，请核对。",
    "note": "值得留意，不一定有误。",
}
CHECK_VERDICTS = ("属实", "误报", "请企业说明")
LINE_STATE: dict[LineState, str] = {
    "found": "已找到",
    "elsewhere": "另处找到",
    "not_found": "未找到",
    "page_missing": "所指页不存在",
    "not_applicable": "声明不适用",
}
CONDITION_STATE: dict[ConditionState, str] = {
    "met": "满足",
    "absent": "未见",
    "confirm": "请人工确认",
}
CONDITION_VERDICTS = ("满足", "不满足", "不适用")
QUOTE_SOURCE = {"form": "报名材料", "last_year": "上年报告"}  # quotes that are not of this report


def promised(promise: tuple[float, float, float] | None) -> str:
    """What is known of how often automatic decisions are right, with its 95 % interval."""
    if promise is None:
        return "自动判断的正确率尚未测定。"
    share, low, high = (f"{100 * p:.1f}%" for p in promise)
    return (
        f"“已披露”“未找到”为自动判断，正确率{share}（95%区间{low}–{high}）："
        "在已标注的报告上按 GB/T 36000 逐份留出测得；其他指南用同一标准，未单独测定。"
    )


def percent(share: float) -> str:
    """``0.4567`` as ``46%``; never 100 % or 0 % by rounding alone."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def place(page: int | None, paragraph: int) -> str:
    """Where a quote stands, as a reader would look it up."""
    return f"第{paragraph}段" if page is None else f"第{page}页 · 第{paragraph}段"
