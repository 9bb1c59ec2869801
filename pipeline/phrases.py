"""What the command-line library says in English only, in Chinese."""

CHINESE = {  # what Typer says in English only
    "Usage:": "用法：",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "[default: ": "[默认：",
    "[required]": "[必填]",
    "Show this message and exit.": "显示帮助。",
}
REFUSALS = {
    "NoSuchOption": "没有这个选项",
    "MissingParameter": "缺少参数",
    "BadParameter": "参数的值不对",
    "BadOptionUsage": "选项缺少值",
}


def in_chinese(text: str) -> str:
    """Help as Typer writes it, with its own words in Chinese."""
    for english, chinese in CHINESE.items():
        text = text.replace(english, chinese)
    return text
