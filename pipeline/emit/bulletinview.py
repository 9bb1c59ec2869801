"""What the bulletin shows, in Word and as a page: rows, bars and how each figure was got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from pipeline.emit.contract import Versions
from pipeline.emit.wordchart import Series
from pipeline.frameworks import Framework
from pipeline.papers import Entry, Statistic, cohort, grades, statistics
from pipeline.papers.records import Told
from pipeline.papers.rules import bulletin
from pipeline.papers.statistics import enough
from pipeline.programmes import Programme

FORM, REPORT = "申报表", "报告"
COLORS = ("8FB0D3", "D8C08C")  # light: figures are printed on them
FEW = "样本不足"
INDUSTRIES = 15


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of horizontal bars, its series stacked."""

    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]

    def top(self) -> float:
        """Length of the longest bar."""
        return max((sum(one) for one in self.rows()), default=0) or 1

    def rows(self) -> list[tuple[float, ...]]:
        """Values of each name, one a series."""
        return list(zip(*(one.values for one in self.series), strict=True))


@dataclass(frozen=True, slots=True)
class BulletinView:
    """All that the bulletin shows."""

    title: str
    said: str
    rows: tuple[dict[str, str], ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    told: tuple[Told, ...]  # every figure behind it, for the workbook
    made_by: str


HEADS = {
    "指标": 3.9,
    "合计": 2.4,
    "均值": 2.0,
    "中位数": 2.0,
    "企业数": 1.5,
    "覆盖率": 1.6,
    "来源": 3.3,
}


def bulletin_view(
    entries: Sequence[Entry],
    programme: Programme,
    frameworks: Sequence[Framework],
    versions: Versions,
    year: int | None,
) -> BulletinView:
    """Gather it over the cohort of ``year``."""
    group = cohort(entries, year)
    figures = statistics(group)
    charts = (
        _told_by(figures),
        _industries(group),
        _grades(group),
        _coverage(group, frameworks),
    )
    return BulletinView(
        title=f"{year}年度企业社会责任报告统计公报" if year else "企业社会责任报告统计公报",
        said=_said(group, sum(one.arrived for one in entries), programme),
        rows=(*(_row(one) for one in figures), _grade_row(group)),
        charts=tuple(one for one in charts if one),
        notes=_notes(figures),
        told=tuple(told for one in group for told in one.figures),
        made_by=versions.code,
    )


def number(value: float, digits: int) -> str:
    """With thousands apart; no decimals where there are five digits or more before them."""
    return f"{value:,.{0 if abs(value) >= 10_000 else digits}f}"


def _said(group: Sequence[Entry], submitted: int, programme: Programme) -> str:
    return (
        f"本公报依据{programme.title}收到的{submitted}份材料，统计其中{len(group)}家企业（每家一份报告）。"
        "不足三家企业的指标不公布合计、均值和中位数，记为“样本不足”。"
    )


def _row(one: Statistic) -> dict[str, str]:
    value = _shown(one.value, one)
    cells = (
        one.name,
        value if one.how == "sum" else "—",
        value if one.how == "mean" else "—",
        _shown(one.median, one),
        str(one.n),
        f"{one.n / one.cohort:.0%}" if one.cohort else "—",
        _sources(one),
    )
    return dict(zip(HEADS, cells, strict=True))


def _shown(value: float | None, one: Statistic) -> str:
    return FEW if value is None else f"{number(value, one.digits)}{_unit(one.unit)}"


def _grade_row(group: Sequence[Entry]) -> dict[str, str]:
    """The tax-credit grade has no sum: how many companies have which."""
    told = grades(group)
    form, report = sum(one[1] for one in told), sum(one[2] for one in told)
    n = form + report
    shown = "、".join(f"{grade}级{f + r}家" for grade, f, r in told if f + r)
    source = _source_of(form, report)
    share = f"{n / len(group):.0%}" if group else "—"
    cells = (bulletin().grade.name, shown if enough(n) else FEW, "—", "—", str(n), share, source)
    return dict(zip(HEADS, cells, strict=True))


def _source_of(form: int, report: int) -> str:
    told = [f"{FORM}{form}" if form else "", f"{REPORT}{report}" if report else ""]
    return "、".join(filter(None, told)) or "—"


def _unit(unit: str) -> str:
    return unit if unit == "%" else f" {unit}"


def _sources(one: Statistic) -> str:
    left = f"；{one.left_out}家数值异常，未计入" if one.left_out else ""
    return _source_of(one.form, one.report) + left


def _told_by(figures: Sequence[Statistic]) -> Chart | None:
    if not any(one.n for one in figures):
        return None
    names = tuple(one.name for one in figures)
    form = Series(FORM, COLORS[0], tuple(float(one.form) for one in figures))
    report = Series(REPORT, COLORS[1], tuple(float(one.report) for one in figures))
    return Chart("披露各项指标的企业数（按来源）", names, (form, report))


def _industries(group: Sequence[Entry]) -> Chart | None:
    counted = Counter(one.submission.registration.industry or "未登记" for one in group)
    most = sorted(counted, key=lambda name: (-counted[name], name))[:INDUSTRIES]
    values = tuple(float(counted[name]) for name in most)
    return Chart("各行业企业数", tuple(most), (_one("企业数", values),)) if most else None


def _grades(group: Sequence[Entry]) -> Chart | None:
    told = grades(group)
    if not enough(sum(form + report for _, form, report in told)):
        return None
    form = Series(FORM, COLORS[0], tuple(float(one[1]) for one in told))
    report = Series(REPORT, COLORS[1], tuple(float(one[2]) for one in told))
    return Chart("纳税信用等级（企业数）", tuple(f"{one[0]}级" for one in told), (form, report))


def _coverage(group: Sequence[Entry], frameworks: Sequence[Framework]) -> Chart | None:
    if not enough(len(group)):
        return None
    shares = {
        f.short: [share for one in group for name, share in one.coverage if name == f.id]
        for f in frameworks
    }
    known = {name: fmean(found) for name, found in shares.items() if enough(len(found))}
    values = tuple(round(100 * share, 1) for share in known.values())
    series = Series("平均覆盖率（%）", COLORS[0], values, '0"%"')
    return Chart("对照各指南的平均覆盖率（%）", tuple(known), (series,)) if known else None


def _one(name: str, values: tuple[float, ...]) -> Series:
    return Series(name, COLORS[0], values)


def _notes(figures: Sequence[Statistic]) -> tuple[str, ...]:
    left = sum(one.left_out for one in figures)
    notes = [
        "申报表与报告都有数值的，以申报表为准；申报表未填的，取报告中全公司口径、本报告年度的数值。",
        "覆盖率为有该项数值的企业占统计企业的比例；各项企业数不同，合计与均值不宜相互推算。",
        "研发投入占营业收入比重按企业各自的研发投入与营业收入计算后平均；缺其一的，取企业自述的比重。",
    ]
    if any(one.report for one in figures):
        notes.append("取自报告的数值由系统读取，公布前请对照 papers.xlsx 所列原文核对。")
    if left:
        notes.append(f"{left}个数值超出合理范围，未计入，已列入 papers.xlsx 供核对。")
    return tuple(notes)
