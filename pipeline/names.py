"""Names of companies: how they are compared, and what a report says of renaming."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.records import Document

# 某某集团股份有限公司 whole, not only 某某集团
_FIRM = (
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,40}?(?:公司|集团|银行|协会|研究院|中心|厂)"
    r"(?:[^更变改由为，。、；\s]{0,8}?公司)?"
)


def _named(group: str) -> str:
    return rf"[“\"「『]?(?P<{group}>{_FIRM})[”\"」』]?"


_BECAME = re.compile(_named("old") + r"[^。；\n]{0,16}?(?:更名|变更|改名)为" + _named("new"))
_WAS = re.compile(r"(?:原名称?|曾用名|前身)(?:为|是|系|：|:)?" + _named("old"))
_HINT = re.compile(r"更名为|变更为|改名为|原名|曾用名|前身")
_SELF = re.compile(r"本公司|我公司|我们|公司|本集团|集团|本行|曾用名|企业名称")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A report says that its company had another name: both normalised, and the sentence."""

    old: str
    new: str  # "" where the sentence speaks of the company without its name
    sentence: str


def normalised(name: str) -> str:
    """A name as it is compared: half-width, no spaces or quotes, 有限公司 for 有限责任公司."""
    plain = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"[\s·“”\"'《》]", "", plain)
    plain = plain.replace("(集团)", "集团")  # punctuation: as found
    return plain.replace("有限责任公司", "有限公司").casefold()


def renamings(document: Document) -> tuple[Renamed, ...]:
    """Sentences of a report that tell an earlier or later name of a company."""
    found = []
    for hint in _HINT.finditer(document.text):
        start = max(document.text.rfind(mark, 0, hint.start()) for mark in "。；\n") + 1
        end = min(
            (at for mark in "。；\n" if (at := document.text.find(mark, hint.end())) >= 0),
            default=len(document.text),
        )
        found += _told("".join(document.text[start:end].split()))
    return tuple(dict.fromkeys(found))


def _told(sentence: str) -> list[Renamed]:
    if became := _BECAME.search(sentence):
        return [Renamed(normalised(became["old"]), normalised(became["new"]), sentence)]
    was = _WAS.search(sentence)
    if was and _SELF.search(sentence[: was.start() + 3]):
        return [Renamed(normalised(was["old"]), "", sentence)]
    return []


def ends(said: str, key: str) -> bool:
    """Whether a name cut from a sentence (公司由甲公司) is ``key``, perhaps behind others."""
    return len(key) >= 4 and said.endswith(key)
