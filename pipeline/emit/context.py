"""The surroundings of the evidence, embedded once in sheet.html."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from pipeline.emit.escape import clean
from pipeline.emit.tables import Quotes, mark
from pipeline.emit.view import View
from pipeline.facts import Quote
from pipeline.records import Block, Document, Evidence

AROUND = 2  # blocks shown before and after the quoted ones
AROUND_FACTS = 1  # a report may state a thousand figures


def _span(starts: list[int], e: Evidence | Quote, around: int = AROUND) -> tuple[int, int]:
    """Indices of the first block to show and of the one after the last."""
    first = max(bisect_right(starts, e.start) - 1, 0)
    last = max(bisect_left(starts, e.end) - 1, first)
    return max(first - around, 0), min(last + around + 1, len(starts))


def _shown(view: View) -> Iterator[tuple[str, Evidence]]:
    for section in view.sections:
        for row in section.rows:
            for e in row.finding.evidence or row.finding.nearest:
                yield row.anchor, e


def _block(document: Document, block: Block) -> list[Any]:
    page = block.lines[0].page if block.lines and document.pages else None
    text = document.text[block.start : block.end]
    return [block.paragraph, block.start, page, block.kind, text]


def _item(e: Evidence, span: tuple[int, int], at: dict[int, int]) -> list[Any]:
    first, end = span
    head = [clean(h) for h in e.heading]
    reasons = [clean(r) for r in e.reasons]
    where = [e.page, e.paragraph, e.start, e.end, at[first], at[end - 1] + 1]
    return [*where, e.probability, e.level, head, reasons, list(e.flags)]


def contexts(document: Document, view: View) -> dict[str, Any]:
    """What sheet.js needs to show evidence in place.

    Returns:
        ``blocks``: [paragraph, start, page, kind, text] in reading order, each once;
        ``findings``: by anchor, a list of [page, paragraph, start, end, first block, block
        after the last, probability, level, headings, reasons, flags];
        ``spans``: by the anchor of a quote behind a fact, [page, paragraph, first block,
        block after the last].
    """
    blocks = [b for b in document.blocks if b.kind != "running"]
    if not blocks:
        return {"blocks": [], "findings": {}, "spans": {}}
    starts = [b.start for b in blocks]
    items = [(name, e, _span(starts, e)) for name, e in _shown(view)]
    told = {mark(q): (q, _span(starts, q, AROUND_FACTS)) for q in _quotes(view)}
    wanted = _union(chain((span for *_, span in items), (span for _, span in told.values())))
    at = {index: n for n, index in enumerate(wanted)}
    findings: dict[str, list[Any]] = {}
    for name, e, span in items:
        findings.setdefault(name, []).append(_item(e, span, at))
    return {
        "blocks": [_block(document, blocks[n]) for n in wanted],
        "findings": findings,
        "spans": {
            name: [q.page, q.paragraph, at[first], at[end - 1] + 1]
            for name, (q, (first, end)) in told.items()
        },
    }


def _quotes(view: View) -> Iterator[Quote]:
    """Words of this report that the tables show."""
    for table in view.tables:
        for value in chain.from_iterable(table.rows):
            if isinstance(value, Quotes):
                yield from (q for q in value.quotes if mark(q))


def _union(spans: Iterable[tuple[int, int]]) -> list[int]:
    return sorted({n for first, end in spans for n in range(first, end)})
