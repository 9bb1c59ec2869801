"""What is odd about a report that could be read: the office is told, and it is reviewed."""

from __future__ import annotations

import re

from pipeline.records import Document

_FEWEST = 300  # characters of a report
_CHINESE = 0.3  # share of the words from which a report is Chinese, a character being a word
_COVER = 600  # characters in which a report says what it is
_THEME = re.compile(
    r"社[会會][责責]任|可持[续續][发發]展|ESG|CSR|企[业業]公民|[环環]境[、与與和及]社[会會]"
    r"|sustainab|social responsibility",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"年度报告|半年度报告|审计报告|财务报表|招股说明书|公司章程|合同|标书|法律意见书|公告编号"
)
_FOREIGN_WORD = re.compile(r"[^\W\d_㐀-鿿]+")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=\s*(?:年|企业|社会|可持续|ESG|环境))")
_NAMED = re.compile(  # the year a report is for, not that of its printing
    r"(?<!\d)(20[0-4]\d|二[〇○零][〇○零一二三四][〇○零一二三四五六七八九])\s*年?\s*度?\s*(?:企[业業])?"
    r"(?:社[会會]|可持[续續]|[环環]境|ESG|CSR)",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_IN_WORDS = re.compile(r"二[〇○零][〇○零一二三四][〇○零一二三四五六七八九](?=年)")

DOUBTS = ("near_empty", "foreign_language", "not_csr", "other_year", "last_years_file")
Doubts = tuple[tuple[str, str], ...]


def doubts(document: Document, year: int | None) -> Doubts:
    """Notes on a report: ``near_empty``, ``foreign_language``, ``not_csr``, ``other_year``.

    Args:
        document: The report as read.
        year: The registered year of the report, where there is one.

    Returns:
        (code, Chinese sentence) each.
    """
    text = "\n".join(document.text[b.start : b.end] for b in document.blocks if b.kind != "running")
    cover = document.text[:_COVER]
    found = (_near_empty(text), _foreign(text), _not_csr(text, cover), _other_year(cover, year))
    return tuple(one for one in found if one)


def _near_empty(text: str) -> tuple[str, str] | None:
    count = sum(map(str.isalnum, text))
    if count >= _FEWEST:
        return None
    return (
        "near_empty",
        f"全文只读到 {count} 个字，可能只是封面或摘要，请企业确认并补交完整报告。",
    )


def _foreign(text: str) -> tuple[str, str] | None:
    chinese = sum("㐀" <= ch <= "鿿" for ch in text)
    foreign = len(_FOREIGN_WORD.findall(text))
    if chinese + foreign < _FEWEST or chinese >= _CHINESE * (chinese + foreign):
        return None
    return (
        "foreign_language",
        "正文主要不是中文，按中文表述检索的结果不可靠，请企业补交中文版报告。",
    )


def _not_csr(text: str, cover: str) -> tuple[str, str] | None:
    named = _THEME.search(cover)
    if _THEME.search(text) and (named or not _OTHER.search(cover)):
        return None
    return (
        "not_csr",
        "看来不是社会责任（可持续发展、ESG）报告，仍已评审；请企业核对是否交错文件。",
    )


def _other_year(cover: str, year: int | None) -> tuple[str, str] | None:
    years = _NAMED.findall(cover) or [*_YEAR.findall(cover), *_YEAR_IN_WORDS.findall(cover)]
    told = {int(found.translate(_DIGITS)) for found in years}
    if year is None or not told or told & {year, year + 1}:
        return None
    shown = "、".join(map(str, sorted(told)))
    return (
        "other_year",
        f"报告开头写的年份是 {shown} 年，登记的报告年度是 {year} 年，请企业核对是否误交往年报告。",
    )
