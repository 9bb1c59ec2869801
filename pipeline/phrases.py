"""What the libraries for the command line and for YAML files say in English only, in Chinese."""

from __future__ import annotations

from pydantic_core import ErrorDetails

CHINESE = {  # what Typer says in English only; as wide on the terminal, so that columns stand
    "Usage:": "用法：",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "[default: ": "[默认：",
    "<int range>": "<整数>     ",
    "<int>": "<整数>",
    "<list[Path]>": "<路径>      ",
    "<list[str]>": "<文字>     ",
    "<path>": "<路径>",
    "<str> ": "<文字>",
    "x>=1": "至少 1",
    "1<=x<=65535": "1–65535",
    "[required]": "[必填]",
    "Show this message and exit.": "显示帮助。",
}
REFUSALS = {
    "NoSuchOption": "没有这个选项",
    "MissingParameter": "缺少参数",
    "BadParameter": "参数的值不对",
    "BadOptionUsage": "选项缺少值",
}
SHAPES = {  # pydantic's, by type
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "float_type": "应为数字",
    "bool_type": "应为 true 或 false",
    "tuple_type": "应为列表",
    "model_type": "应为若干项“名称: 内容”",
    "too_short": "项数不足",
    "literal_error": "不是可用的值",
}


def in_chinese(text: str) -> str:
    """Help as Typer writes it, with its own words in Chinese."""
    for english, chinese in CHINESE.items():
        text = text.replace(english, chinese)
    return text


def shape_fault(fault: ErrorDetails) -> str:
    """Where a YAML file is not of the shape of its model, and how."""
    where = ".".join(map(str, fault["loc"])) or "整个文件"
    return f"{where}：{SHAPES.get(fault['type'], fault['msg'].removeprefix('Value error, '))}"
