"""Write docs/reasons.md: every code an office can meet, with its sentences, read off the code.

    python scripts/list_reasons.py [FILE]

A reason is a pair of a code and a Chinese sentence, wherever it stands: in a tuple, a mapping
or a call.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"[a-z][a-z_]*")
SENTENCE = re.compile(r"(?=.*[㐀-鿿]).*。", re.DOTALL)
SHEETS = ROOT / "pipeline" / "emit"  # explains statuses, not reasons
HEAD = """# 原因一览 Reasons

评审结果中每个 `code` 及其说明，由 `scripts/list_reasons.py` 从代码生成，`…` 处填入具体内容。
Every code in run.json and in the warnings of a report, generated from the code; a test compares.

| code | 说明与处理 |
|---|---|
"""


def reasons() -> dict[str, list[str]]:
    """Sentences of each code, in the order of the code's files."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        if path.is_relative_to(SHEETS):
            continue
        names = _sentences_by_name(tree := ast.parse(path.read_text("utf-8")))
        for code, node in _pairs(tree):
            words = _words(node, names)
            if SENTENCE.fullmatch(words) and words not in found[code]:
                found[code].append(words)
    return {code: found[code] for code in sorted(found) if found[code]}


def _sentences_by_name(tree: ast.Module) -> dict[str, str]:
    """Strings given a name: parts of sentences."""
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    strings = (node for node in named if isinstance(node.value, ast.Constant))
    return {ast.unparse(node.targets[0]): str(node.value.value) for node in strings}


def _pairs(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            couples = [*zip(node.keys, node.values, strict=True)]
        elif isinstance(node, ast.Call):
            couples = [*zip(node.args, node.args[1:])]  # noqa: B905
        elif isinstance(node, ast.Tuple):
            couples = [*zip(node.elts, node.elts[1:])]  # noqa: B905
        else:
            continue
        for code, words in couples:
            if isinstance(code, ast.Constant) and CODE.fullmatch(str(code.value)) and words:
                yield str(code.value), words


def _words(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part, names) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return names.get(ast.unparse(node.value), "…")
    return ""


def text() -> str:
    """The whole of docs/reasons.md."""
    rows = (f"| `{code}` | {'<br>'.join(words)} |" for code, words in reasons().items())
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "reasons.md"
    target.write_text(text(), "utf-8")
