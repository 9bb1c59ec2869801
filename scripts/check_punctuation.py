"""Chinese punctuation in what users read: string literals of the code, and the page templates.

``python scripts/check_punctuation.py [FILE...]``; without files, all of ``pipeline/``. A fault is
printed as ``file:line: what: excerpt``; exit code 1 if there is any. Docstrings, comments,
regular expressions and sets of characters are not shown to users and are left alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HAN = "一-鿿"
FAULTS = {
    "half-width punctuation beside Chinese": re.compile(rf"[{HAN}][,:;!?]+(?:[{HAN}]|$)"),
    "half-width brackets around Chinese": re.compile(rf"\([^()]*[{HAN}][^()]*\)"),
    "full stop of the other script": re.compile(rf"[{HAN}]\.(?:[{HAN}]|$)"),
    "space between Chinese characters": re.compile(
        rf"[{HAN}，。：；！？、] +[{HAN}，。：；！？、]"
    ),
    "doubled punctuation": re.compile(r"。。|，，|、、|；；|：：|，。|。，|、。"),
}
IGNORED = "punctuation: as found"  # a line with this comment holds words of reports, not ours
EXEMPT = ("pipeline/panel/schema.py",)  # tells how ids are written, half-width colons and all
_PATTERN = re.compile(r"\(\?|\\|\[\^")  # what only regular expressions hold
_TAGS = re.compile(r"\{[{%#].*?[}%#]\}|<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", re.S)


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Each fault of a text, with the words around it."""
    if _PATTERN.search(text) or not re.search(rf"[{HAN}]", text):
        return
    for what, pattern in FAULTS.items():
        for hit in pattern.finditer(text):
            yield what, text[max(hit.start() - 8, 0) : hit.end() + 8].strip()


def strings(source: str) -> Iterator[tuple[int, str]]:
    """String literals that may be shown, with their lines; f-strings with ``…`` for what they fill.

    Docstrings are left out.
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    hidden = {id(node) for outer in ast.walk(tree) for node in _unseen(outer)}
    for node in ast.walk(tree):
        if id(node) in hidden or IGNORED in lines[getattr(node, "lineno", 1) - 1]:
            continue
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(_part(one) for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _part(node: ast.expr) -> str:
    """A piece of an f-string; what it fills in is unknown, and no fault."""
    return str(node.value) if isinstance(node, ast.Constant) else "…"


def _unseen(outer: ast.AST) -> Iterator[ast.AST]:
    """Nodes below ``outer`` that are no text of their own or never shown."""
    if isinstance(outer, ast.JoinedStr):
        yield from (one for value in outer.values for one in ast.walk(value))
    if isinstance(outer, ast.Expr) and isinstance(outer.value, ast.Constant):
        yield outer.value


def texts(template: str) -> Iterator[tuple[int, str]]:
    """Text of a page template between its tags, with its lines."""
    bare = _TAGS.sub(lambda tag: "\n" * tag[0].count("\n") or "…", template)
    yield from enumerate((line.strip(" …") for line in bare.splitlines()), start=1)


def check(path: Path) -> list[str]:
    """What is wrong in a file, a line each."""
    read = strings if path.suffix == ".py" else texts
    place = (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()
    if place in EXEMPT:
        return []
    return [
        f"{place}:{line}: {what}: {words}"
        for line, text in read(path.read_text("utf-8"))
        for what, words in faults(text)
    ]


def main() -> int:
    """Check the files named, or all of ``pipeline/``."""
    found = (ROOT / "pipeline").rglob("*")
    named = [Path(one).resolve() for one in sys.argv[1:]] or sorted(found)
    wrong = [one for path in named if path.suffix in (".py", ".j2") for one in check(path)]
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
