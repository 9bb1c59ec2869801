"""A bar chart as Word keeps it (DrawingML), its figures inside the chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PLACE = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CM = 360_000  # English metric units
_TEXT = (
    '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}" b="0">'
    '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/></a:defRPr></a:pPr>'
    '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
)


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the bars: a value for each name; 0 draws nothing."""

    name: str
    color: str  # RRGGBB
    values: tuple[float, ...]
    form: str = "#,##0;;"  # number format of the labels; this one shows no zero


def chart_xml(title: str, names: Sequence[str], series: Sequence[Series]) -> bytes:
    """The chart's part: horizontal bars, the first name on top.

    Raises:
        ValueError: a series has not a value for each name.
    """
    if any(len(one.values) != len(names) for one in series):
        raise ValueError("a series needs a value for each name")
    bars = "".join(_series(n, one, names) for n, one in enumerate(series))
    legend = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_REL}">'
        f'<c:roundedCorners val="0"/><c:chart>{_title(title)}<c:autoTitleDeleted val="0"/>'
        f'<c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/>'
        f'<c:varyColors val="0"/>{bars}<c:gapWidth val="55"/><c:overlap val="100"/>'
        f'<c:axId val="111"/><c:axId val="222"/></c:barChart>{_AXES}</c:plotArea>'
        f"{legend if len(series) > 1 else ''}"
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{_TEXT.format(size=900)}</c:chartSpace>"
    ).encode()


_AXES = (
    '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
    '<c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/>'
    '<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="222"/>'
    '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
    '<c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
    '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/>'
    '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:majorTickMark val="none"/>'
    '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111"/>'
    '<c:crosses val="autoZero"/></c:valAx>'
)


def inline_xml(place: str, number: int, title: str, width: float, height: float) -> str:
    """The drawing that shows the chart of relationship ``place``; size in centimetres."""
    size = f'cx="{round(width * _CM)}" cy="{round(height * _CM)}"'
    return (
        f'<w:drawing xmlns:w="{_WORD}" xmlns:wp="{_PLACE}" xmlns:a="{_MAIN}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="chart{number}" descr={quoteattr(title)}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{_REL}" r:id="{place}"/>'
        f"</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _title(title: str) -> str:
    run = '<a:rPr lang="zh-CN" sz="1050" b="0"><a:latin typeface="Times New Roman"/>'
    return (
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r>{run}<a:ea typeface="黑体"/></a:rPr>'
        f'<a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


def _series(n: int, one: Series, names: Sequence[str]) -> str:
    cats = "".join(
        f'<c:pt idx="{k}"><c:v>{escape(name)}</c:v></c:pt>' for k, name in enumerate(names)
    )
    values = "".join(
        f'<c:pt idx="{k}"><c:v>{value:.10g}</c:v></c:pt>' for k, value in enumerate(one.values)
    )
    count, form = f'<c:ptCount val="{len(names)}"/>', quoteattr(one.form)
    return (
        f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/><c:tx><c:v>{escape(one.name)}</c:v></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{one.color}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls><c:numFmt formatCode={form} sourceLinked="0"/>'
        f'<c:spPr><a:noFill/></c:spPr><c:showLegendKey val="0"/><c:showVal val="1"/>'
        f'<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        f'<c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strLit>{count}{cats}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{values}</c:numLit></c:val>"
        f"</c:ser>"
    )
