"""Units as reports print them, and what they are worth; data/lexicon/units.yaml.

A unit may carry a Chinese scale (万元, 亿千瓦时) and be in full-width or traditional
characters. What the lexicon does not know is left as printed and never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.resources import read_yaml, shipped

# one character for one: offsets into the text stay what they were
_PLAIN = str.maketrans(
    "０１２３４５６７８９．％／：（）＋－−﹣萬億噸時個餘佘項戶幾兩張圓戸筆臺輛條種類—",
    "0123456789.%/:()+---万亿吨时个余余项户几两张圆户笔台辆条种类—",
)
_ODD = re.compile(f"[{''.join(map(chr, _PLAIN))}]".replace("-", r"\-"))
_DIGIT = re.compile(r"[\d²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]")
_OCR_ZERO = re.compile(r"(?<=\d)〇(?=[\d,.])")  # 2〇16年


def plain(text: str) -> str:
    """``text`` in half-width digits and simplified unit characters, of the same length."""
    if _ODD.search(text):
        text = text.translate(_PLAIN)
    return _OCR_ZERO.sub("0", text) if "〇" in text else text


def has_digit(text: str) -> bool:
    """Whether `plain` text holds a digit, raised and circled ones included."""
    return bool(_DIGIT.search(text))


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: ``value_in_base = number * factor``.

    Attributes:
        base: What `Figure.unit` says (元, 吨标准煤, kWh, %, 人 ...); "" for a bare scale (万).
        kind: Units of one kind may stand for one another in an indicator (energy, people ...).
        factor: To the base unit, the scale (万, 亿) included.
        counts: Whether it is a counting word (人, 家, 项): no unit behind a section number.
    """

    base: str
    kind: str
    factor: Decimal
    counts: bool = False


@lru_cache
def _lexicon() -> tuple[dict[str, Decimal], dict[str, Unit], dict[str, str], dict[str, str]]:
    """Scales, forms, words a form must not begin, and context a form needs."""
    data = read_yaml(shipped("data", "lexicon", "units.yaml"))
    forms: dict[str, Unit] = {}
    barred: dict[str, str] = {}
    needs: dict[str, str] = {}
    for row in data["units"]:
        for form, factor in row["forms"].items():
            noun = row.get("noun", False)
            # float's repr, not its binary value: 0.001 means one thousandth
            base = form if row.get("own") else row["base"]
            forms[form] = Unit(base, row["kind"], Decimal(repr(factor)), noun)
        barred |= row.get("except", {})
        needs |= row.get("needs", {})
    return {k: Decimal(v) for k, v in data["scales"].items()}, forms, barred, needs


def _form(form: str, barred: str | None) -> str:
    """Regex of one form: no letters may follow Latin ones, nor barred words Chinese ones."""
    if (form.isascii() and form[-1].isalpha()) or form[-1] in "23":
        return re.escape(form) + r"(?![A-Za-z0-9])"
    words = "|".join(map(re.escape, barred.split("|"))) if barred else ""
    return re.escape(form) + (f"(?!{words})" if words else "")


@lru_cache
def unit_pattern() -> str:
    """Regex of a printed unit in `plain` text: groups ``scale`` and ``unit``, either absent."""
    scales, forms, barred, _ = _lexicon()
    scale = "|".join(sorted(scales, key=len, reverse=True))
    by_length = sorted(forms, key=len, reverse=True)
    unit = "|".join(_form(form, barred.get(form)) for form in by_length)
    # 千 of 千瓦时 is no scale
    whole = "|".join(re.escape(form) for form in by_length if form[0] in scales)
    return rf"(?:(?!{whole})(?P<scale>{scale}))?(?:余|多)?[ \u3000]?(?P<unit>{unit})"


@lru_cache
def scale_pattern() -> str:
    """Regex of the larger scales that stand alone (12万, 3亿)."""
    return "|".join(sorted((s for s in _lexicon()[0] if s[-1] in "万亿"), key=len, reverse=True))


@lru_cache(maxsize=4096)
def unit(scale: str, form: str) -> Unit:
    """The unit of a scale and a form, either "": ``unit("万", "元").factor == 10000``."""
    scales, forms, _, _ = _lexicon()
    known = forms.get(form, Unit("", "", Decimal(1)))
    return Unit(known.base, known.kind, known.factor * scales.get(scale, 1), known.counts)


def rate(scale: str, form: str, per: str) -> Unit:
    """A compound; one that the lexicon does not list (吨/台) as printed, its scale applied."""
    if f"{form}/{per}" in _lexicon()[1]:
        return unit(scale, f"{form}/{per}")
    return Unit(f"{form}/{per}", "rate", unit(scale, "").factor)


def needed(form: str) -> str:
    """Regex of what must stand near ``form`` for it to be a unit; "" for nothing."""
    return _lexicon()[3].get(form, "")


@lru_cache
def _whole() -> re.Pattern[str]:
    return re.compile(unit_pattern() + r"|(?P<bare>" + scale_pattern() + ")")


@lru_cache(maxsize=4096)
def read_unit(printed: str) -> Unit | None:
    """The unit that ``printed`` is, e.g. a framework's or a header's; None where unknown."""
    words = plain(printed).strip().removeprefix("人民币")
    if found := _whole().fullmatch(words):
        return unit(found["scale"] or found["bare"] or "", found["unit"] or "")
    left, slash, right = words.partition("/")
    found = _whole().fullmatch(left) if slash and right else None
    if not found or len(right) > 6:
        return None
    return rate(found["scale"] or "", found["unit"] or "", right)


@lru_cache
def kind_of(base: str) -> str:
    """Kind of a base unit (元 -> money); "" where the lexicon does not list it."""
    return next((known.kind for known in _lexicon()[1].values() if known.base == base), "")
