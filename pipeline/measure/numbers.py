"""Printed numbers with their units: what is a figure in a Chinese report, and what is not.

A figure is a number with a unit of the lexicon. Dates, ordinals, section and standard
numbers, telephone numbers and postcodes have none and so never become figures; half a
range (10-20 人) is told apart by ``span``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.measure.units import (
    Unit,
    needed,
    plain,
    rate,
    read_unit,
    scale_pattern,
    unit,
    unit_pattern,
)

NUMBER = r"(?:\d{1,3}(?:[,，] ?\d{3})+(?![\d])|\d+)(?:\.\d+)?"
_SEPARATORS = re.compile("[,， ]")
_ORDINAL = re.compile(r"(?:第|每|前|NO\.?|No\.?|/|\d:|[A-Za-z]-)\s?$")
_LETTER = re.compile(r"[A-Za-z₂³²][ -]?$")
_SECTION = re.compile(r"(?:^|\n)[\s(（]*(?:\d+\.)*$")
_CLOCK = re.compile(r"[时点:]\s?$")
_SIGNED = r"(?:(?<=[比率为是达:：，, \t\n(长降润幅少加减亏])|^)"  # what a minus sign may follow
_RANGE_END = re.compile(
    r"\d\s?(?:[%‰]|[㐀-鿿A-Za-z]{1,3})?\s?(?:-|–|~|～|〜|—|(?<![增降升高低少加长大展])(?:至|到))\s?$"
)
_RANGE_START = re.compile(r"\s?(?:-|–|~|～|〜|—|至)\s?\d")
_PER = re.compile(
    r"\s?(?:/|每(?![年月日天人台次户]))\s?(?P<per>[万亿]?元|[年月日天时人台次户件股吨亩辆车班米箱瓶度例单升]|小时|[百万]?公里|平方米"
    r"|立方米|千瓦时|[A-Za-z]{1,3}[23]?)(?![A-Za-z])"
)
_UNKNOWN_PER = re.compile(r"\s?/\s?[一-鿿]{2}")  # 克/标套: a unit we cannot read
_HEDGE = re.compile(r"(?:约|近|超过?|逾|多达|不足|不低于|至少|以上|左右|大约|将近|突破)\s?为?$")
_SHARE = re.compile(
    r"百分之(?P<cn>[一二三四五六七八九十百零〇两]+)(?:点(?P<tail>[一二三四五六七八九零〇]+))?"
)
_CHINESE_UNITS = (
    "人次|人|名|次|起|件|例|宗|家|户|场|项|元|万元|亿元|吨|小时|台|辆|亩|公里"
    "|个百分点|个工作日|平方米"
)
_TWO_DIGITS = re.compile("[一二三四五六七八九两]{2}")  # 十三五, 三四十: no numeral
_ZERO = re.compile(
    r"零(?P<what>(?:重大|安全|生产|环境|环保|责任|工伤|质量|死亡)*(?:事故|投诉|违规|违法|处罚|泄[露漏]|诉讼)|伤亡|死亡)"
)
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number with its unit; ``text[start:end] == printed``.

    Attributes:
        value: In ``unit``, the base unit; ``step`` is what one more in the last printed digit
            would add to it (1.2万元: 1000), the resolution of the figure.
        unit: Base unit; "" for a bare scale (12万).
        kind: Kind of unit (money, energy, people ...); "" for a bare scale.
        approx: 约, 近, 超过, 余, 多: the value is not exact.
        span: An end of a range (10-20人): neither end is the figure.
    """

    start: int
    end: int
    value: float
    unit: str
    kind: str
    printed: str
    step: float
    approx: bool = False
    span: bool = False


def parse_figures(text: str) -> tuple[Number, ...]:
    """Every figure printed in ``text``, in order; offsets are into ``text``."""
    words = plain(text)
    found = [n for n in _arabic(text, words) if n]
    taken = {n.end for n in found}
    found += [n for n in (*_chinese(text, words), *_zeros(text)) if n and n.end not in taken]
    return tuple(sorted(found, key=lambda number: number.start))


def bare_number(cell: str) -> tuple[Decimal, int] | None:
    """A table cell that is a number and nothing else, as (value, decimals); else None.

    Bookkeepers' negatives ``(1,234)`` are read; ``-`` and blanks are no numbers.
    """
    match = _bare().fullmatch(plain(cell).replace("〇", "0").strip())
    if not match or (match["open"] is None) != (match["close"] is None):
        return None
    value = Decimal(_SEPARATORS.sub("", match["number"]))
    negative = bool(match["open"] or match["sign"] == "-")
    return (-value if negative else value), _decimals(match["number"])


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


@lru_cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"(?P<open>\()?\s*(?P<sign>[-+])?\s?(?P<number>{NUMBER})\s*(?P<close>\))?")


@lru_cache
def _pattern() -> re.Pattern[str]:
    unit_or_scale = rf"(?:{unit_pattern()}|(?P<bare>{scale_pattern()})(?!有|一))"
    return re.compile(
        rf"(?<![\d.])(?P<sign>{_SIGNED}[-+])?(?<!\d[,，])(?<!\d[,，.] )(?P<number>{NUMBER})"
        rf"[ \u3000]?(?P<more>余|多|来|几)?{unit_or_scale}(?P<rest>余|多)?"
    )


def _arabic(text: str, words: str) -> Iterator[Number | None]:
    for match in _pattern().finditer(words):
        before = words[max(0, match.start() - 12) : match.start()]
        known = unit(match["scale"] or match["bare"] or "", match["unit"] or "")
        if not _refused(match, before, known):
            yield _number(text, words, match, before, known)


def _refused(match: re.Match[str], before: str, known: Unit) -> bool:
    """Whether what looks like a figure is an ordinal, a section number, a time of day ..."""
    form = match["unit"] or ""
    if _ORDINAL.search(before):
        return True
    if _LETTER.search(before) and (known.counts or not known.kind):
        return True
    section = len(match["number"].partition(".")[0]) <= 2 and _SECTION.search(_line_start(match))
    if known.counts and section:
        return "." in match["number"] or match[0][len(match["number"]) :][:1] == " "
    if form == "分" and _CLOCK.search(before):
        return True
    near = needed(form)
    around = match.string[max(0, match.start() - 25) : match.end() + 12]
    return bool(near and not match["scale"] and not re.search(near, around))


def _line_start(match: re.Match[str]) -> str:
    """What stands on the line before the match, the line break included."""
    return match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]


def _number(text: str, words: str, match: re.Match[str], before: str, known: Unit) -> Number | None:
    digits = _SEPARATORS.sub("", match["number"])
    sign = -1 if match["sign"] == "-" else 1
    end = match.end("rest") if match["rest"] else match.end()
    if per := _PER.match(words, end):
        known, end = rate(match["scale"] or "", match["unit"] or "", per["per"]), per.end()
    elif _UNKNOWN_PER.match(words, end):
        return None
    value = Decimal(digits) * known.factor
    return Number(
        match.start(),
        end,
        sign * float(value),
        known.base,
        known.kind,
        text[match.start() : end],
        float(known.factor.scaleb(-_decimals(digits))),
        bool(match["more"] or match["rest"] or "余" in match[0] or _HEDGE.search(before)),
        bool(_RANGE_END.search(before) or _RANGE_START.match(words, end)),
    )


def _chinese(text: str, words: str) -> Iterator[Number | None]:
    """Numbers in Chinese characters: 三百余人, 两次, 百分之十二."""
    for match in _chinese_pattern().finditer(words):
        value = chinese_value(match["cn"])
        if value < 2 or _idiom(match["cn"], value, match["unit"], bool(match["more"])):
            continue
        known = read_unit(match["unit"]) or unit("", "")
        amount = float(Decimal(value) * known.factor)
        printed = text[match.start() : match.end()]
        more = bool(match["more"])
        yield Number(
            *match.span(), amount, known.base, known.kind, printed, float(known.factor), more
        )
    for match in _SHARE.finditer(words):
        tail = "".join(str(_DIGITS[c]) for c in match["tail"] or "")
        amount = float(f"{chinese_value(match['cn'])}.{tail or 0}")
        yield Number(*match.span(), amount, "%", "ratio", match[0], 10.0 ** -len(tail))


def _idiom(numeral: str, value: int, form: str, more: bool) -> bool:
    """Whether it is a way of speaking (三个方面, 百家, 十三五, 三四十人) and counts nothing."""
    few = value < 10 and form not in ("次", "起", "例", "宗", "人", "名", "家")
    vague = numeral == "二" or bool(_TWO_DIGITS.search(numeral))
    return few or vague or (numeral[0] in "百千" and not more)


@lru_cache
def _chinese_pattern() -> re.Pattern[str]:
    bars = "(?!次|力|才|员|民|要|序|庭|族|园|长|事|生|目|素|旦|件|地|所|籍|手|心|数|称|人|家)"
    return re.compile(
        r"(?<!第 )(?<![第每数几前同统唯周“一二三四五六七八九十百千万亿〇零两\d])"
        r"(?P<cn>[一二三四五六七八九两十百千][一二三四五六七八九十百千万亿零〇两]*)(?P<more>余|多)?"
        rf"(?P<unit>{_CHINESE_UNITS}){bars}"
    )


def chinese_value(numeral: str) -> int:
    """Value of a Chinese numeral below 10^12: ``chinese_value("三千二百") == 3200``."""
    total = section = digit = 0
    for char in numeral:
        if char in _MYRIADS:
            total, section, digit = (total + section + digit) * _MYRIADS[char], 0, 0
        elif char in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[char], 0
        else:
            digit = _DIGITS[char]
    return total + section + digit


def _zeros(text: str) -> Iterator[Number]:
    """Explicit zeros in words: 零事故. That something did not happen (未发生) is no number."""
    for match in _ZERO.finditer(text):
        base, kind = ("人", "people") if match["what"] in ("伤亡", "死亡") else ("起", "event")
        yield Number(*match.span(), 0.0, base, kind, match[0], 1.0)
