"""Which measures tell the same thing: of one name, year, unit and of the whole company."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.amounts import Amount, amount
from pipeline.check.grids import TOTAL, tight
from pipeline.check.headlines import headline_named, headline_of, plain_name
from pipeline.check.sentences import Sentence
from pipeline.facts import Figure, Measure
from pipeline.measure import Table
from pipeline.measure.numbers import bare_number
from pipeline.measure.periods import period
from pipeline.measure.tables import year_in
from pipeline.measure.units import plain
from pipeline.place import quote
from pipeline.records import Document

_ABOUT_BEFORE = re.compile(
    r"(?:约|近|超过?|逾|破|不足|不低于|不少于|至少|以上|目标|计划|力争|控制在|突破|预计)[为是]?$"
)
_ABOUT_AFTER = re.compile(
    r"[多余佘馀+＋]|以上|以下|左右|[（(][^）)]{0,12}(?:含|包括|剔除)|[（(](?:其中)?.{0,8}口径"
)
# A figure of another year, of many years, of a part, or of the one before: not comparable.
_ELSE = re.compile(
    r"上年|去年|同期|上期|以来|历年|[近过]?[两二三四五六七八十\d]年(?:来|间|累计|内)|截至目前|上市|其中|平均|"
    r"[较比]20\d\d|(?<![年期程其当])中[,，]|目标|计划|规划|力争|预计|子公司|分公司|分行"
)
_WHO = re.compile(r"集团|本行|母公司|本部|总部|全行|全网|股份公司|合并")
_PARTS = frozenset({"母公司", "本部", "总部"})  # never the whole
_STAFF = re.compile(
    r"(?:员工|职工|人员|用工)(?:[专学]?[业历]?)(?:构成|结构|组成|分布|情况|人数|总数)"
)
HEADCOUNT = "员工总数"  # as in data/lexicon/headlines.yaml
_BEFORE = 40  # characters that may say of whom and of when a figure is
_CLAUSE = re.compile(r"[,，、:：(（]")
_SENTENCE = re.compile(r"[。；;！？\n\t]")


@dataclass(frozen=True, slots=True)
class Told:
    """A measure that can be compared: the value as an interval and whose it is."""

    measure: Measure
    amount: Amount
    who: str  # 集团, 本行 ...; "" where the report does not say


def comparable(document: Document, measures: Sequence[Measure]) -> Iterator[tuple[str, Told]]:
    """(what, measure) of all that is told exactly, of a known year, of the whole company.

    ``what`` is the headline's name, or else the measure's own plain name.
    """
    columns = _columns(measures)
    for measure in measures:
        known = amount(measure.figure)
        if not measure.period or measure.scope or known is None:
            continue
        if any(sign in measure.figure.printed for sign in "余多佘餘"):
            continue
        if columns[_column_key(measure)] > 1:
            continue  # several columns of a row for one year: the year is not read right
        told = _plainly_told if measure.figure.quote.cell is None else _dated_cell
        if not told(document, measure):
            continue
        if (who := _who(document, measure)) in _PARTS:
            continue
        headline = headline_of(measure)
        what = headline.name if headline else plain_name(measure.name)
        yield what, Told(measure, known, who)


def in_words(
    document: Document, sentences: Sequence[Sentence], year: str
) -> Iterator[tuple[str, Told]]:
    """Headlines that sentences tell outright (全年培训4,620人次), of the year they speak of."""
    for sentence in sentences:
        for number, item in enumerate(sentence.items):
            name = plain_name(_CLAUSE.split(sentence.before(number))[-1])
            headline = None if item.about else headline_named(name, item.amount.unit)
            if headline is None:
                continue
            words = sentence.text[: item.start]
            figure = Figure(
                float(item.amount.value),
                item.amount.unit,
                sentence.text[item.start : item.end],
                quote(document, item.amount.start, item.amount.end),
            )
            measure = Measure("", name, figure, period(words, sentence.text, (), year))
            if measure.period and _plainly_told(document, measure):
                yield headline.name, Told(measure, item.amount, _who(document, measure))


def headcounts(
    document: Document, tables: Sequence[Table], year: str
) -> Iterator[tuple[str, Told]]:
    """Totals of tables of the staff (员工构成), as measures of the headcount of that year."""
    for table in tables:
        if not year or not _STAFF.search(table.caption + table.column_name(1)):
            continue
        for number in range(table.header + 1, len(table.rows) + 1):
            if TOTAL.search(tight(table.row_name(number))):
                counts = [cell.figure for cell in table.rows[number - 1] if cell.figure]
                people = [figure for figure in counts if figure.unit == "人"]
                known = amount(people[-1]) if people else None
                if known and known.value == max(figure.value for figure in people):
                    yield HEADCOUNT, Told(Measure("", HEADCOUNT, people[-1], year), known, "")


def _columns(measures: Sequence[Measure]) -> dict[tuple[int, int, str], int]:
    count: dict[tuple[int, int, str], int] = defaultdict(int)
    for measure in measures:
        if measure.figure.quote.cell:
            count[_column_key(measure)] += 1
    return count


def _column_key(measure: Measure) -> tuple[int, int, str]:
    place = measure.figure.quote
    return place.paragraph, place.cell[0] if place.cell else 0, measure.name + measure.period


def _dated_cell(document: Document, measure: Measure) -> bool:
    """Whether the cell is the only one of its row, or its columns' years were read."""
    at = measure.figure.quote.start
    start, end = document.text.rfind("\n", 0, at) + 1, document.text.find("\n", at)
    row = document.text[start : end if end >= 0 else None].split("\t")
    alone = sum(bare_number(cell) is not None for cell in row) <= 1
    return alone or any(year_in(what) for what, _ in measure.compared)


def _plainly_told(document: Document, measure: Measure) -> bool:
    """Whether the name stands before the figure, exact, and of no other year or part."""
    place = measure.figure.quote
    before = _SENTENCE.split(plain(document.text[max(0, place.start - 80) : place.start]))[-1]
    after = plain(document.text[place.end : place.end + 16])
    if _ABOUT_BEFORE.search(before.rstrip()) or _ABOUT_AFTER.match(after.lstrip()):
        return False
    tight = "".join(before.split())
    return plain_name(measure.name)[-2:] in tight[-10:] and not _ELSE.search(tight[-_BEFORE:])


def _who(document: Document, measure: Measure) -> str:
    """Of whom the figure is: by the words before it, or those above its table."""
    place = measure.figure.quote
    if place.cell is None:
        start = place.start
        before = _SENTENCE.split(document.text[max(0, start - _BEFORE) : start])[-1]
    else:
        block = document.blocks[place.paragraph - 1]
        before = " ".join(block.path) + document.text[max(0, block.start - _BEFORE) : block.start]
    found = _WHO.findall(before)
    return found[-1] if found else ""
