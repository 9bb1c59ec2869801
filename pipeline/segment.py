"""Segment a document into passages: what one reviewer would quote.

Sentences end at Chinese full stops; one too long to quote is parted between words, which
jieba (with our domain words) finds and a spaCy ``Doc`` carries. Sentences are packed into
passages of about 30-200 characters that never cross a heading, a page (unless one sentence
does) or a table.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.audit import index_spans
from pipeline.records import Block, Document, Passage
from pipeline.resources import shipped

if TYPE_CHECKING:
    import jieba
    from spacy.language import Language
    from spacy.tokens import Doc

SHORTEST, LONGEST = 30, 200  # characters; what fits one quotation on a sheet
LEAST = 8  # shorter leftovers (captions of nothing, stray marks) say nothing
_CLOSERS = "”’」』）)》\"'"
# Up to a full stop and what closes after it, or to the end of the block.
_SENTENCE = re.compile(rf"[^。！？!?；;]*[。！？!?；;][{_CLOSERS}]*|[^。！？!?；;]+")
_PAUSE = re.compile(r"[，,、：:\n\t]")
_SPEAKS = re.compile(r"[A-Za-z\u4e00-\u9fff]")

Span = tuple[int, int]


def segment(document: Document) -> tuple[Passage, ...]:
    """Cut a document into passages in reading order.

    Args:
        document: Extracted document; ``running`` blocks, headings and lines of content
            indexes yield no passages.

    Returns:
        Passages whose ``start``/``end`` are code points into ``document.text``.
    """
    claims = index_spans(document)
    found = [
        (block, spans)
        for run in _runs(document.blocks)
        for block, spans in _cut(document, run, claims)
        if len(_SPEAKS.findall(document.text[spans[0][0] : spans[-1][1]])) >= LEAST
    ]
    return tuple(_passage(document, *one, number) for number, one in enumerate(found, start=1))


def words(text: str) -> tuple[str, ...]:
    """Words of a text by jieba with our domain words; joined they give the text back."""
    return tuple(_tokenizer().cut(text))


def _passage(document: Document, block: Block, spans: list[Span], number: int) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    return Passage(
        id=f"p{number:04d}",
        text=document.text[start:end],
        heading=block.path,
        start=start,
        end=end,
        paragraph=block.paragraph,
        kind=block.kind,
        sentences=tuple(spans),
    )


def _runs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks that may share a passage: neighbours of one kind under one heading.

    Only short ones are joined (list items); a full paragraph stands alone.
    """
    run: list[Block] = []
    for block in blocks:
        if run and not _joins(run, block):
            yield run
            run = []
        if block.kind not in ("heading", "running"):
            run.append(block)
    if run:
        yield run


def _joins(run: list[Block], block: Block) -> bool:
    before = run[-1]
    return (
        block.kind == before.kind == "text"
        and block.path == before.path
        and block.paragraph == before.paragraph + 1
        and before.end - run[0].start < SHORTEST
        and block.end - block.start < SHORTEST
        and _first_page(block) == _first_page(before)
    )


def _first_page(block: Block) -> int:
    return block.lines[0].page if block.lines else 0


def _cut(
    document: Document, run: list[Block], claims: Sequence[Span]
) -> Iterator[tuple[Block, list[Span]]]:
    """The passages of a run, each with its sentence spans; none from among ``claims``."""
    if run[0].kind == "table":
        rows = run[0].lines
        atoms = [span for row in rows for span in _trim(document.text, row.start, row.end)]
    else:
        atoms = [span for block in run for span in _sentences(document.text, block)]
    atoms = [(a, b) for a, b in atoms if not any(x < b and a < y for x, y in claims)]
    pages = {line.start: line.page for block in run for line in block.lines}
    for spans in _pack(atoms, _page_breaks(pages)):
        yield next(b for b in run if b.start <= spans[0][0] <= b.end), spans


def _page_breaks(pages: dict[int, int]) -> tuple[int, ...]:
    """Offsets at which a new page begins within a run."""
    starts = sorted(pages)
    return tuple(b for a, b in itertools.pairwise(starts) if pages[a] != pages[b])


def _pack(atoms: Iterable[Span], breaks: tuple[int, ...]) -> Iterator[list[Span]]:
    """Group sentence spans so that each group has at most LONGEST characters."""
    group: list[Span] = []
    for span in atoms:
        if group and not _fits(group, span, breaks):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _fits(group: list[Span], span: Span, breaks: tuple[int, ...]) -> bool:
    if any(group[0][0] < b <= span[0] for b in breaks):
        return False
    return span[1] - group[0][0] <= LONGEST


def _sentences(text: str, block: Block) -> list[Span]:
    """Sentence spans of a block, none longer than LONGEST, none cutting a word."""
    return [
        trimmed
        for sentence in _SENTENCE.finditer(text, block.start, block.end)
        for span in _shortened(text, *sentence.span())
        for trimmed in _trim(text, *span)
    ]


def _shortened(text: str, start: int, end: int) -> Iterator[Span]:
    """Split an overlong sentence at its last pause, or between words when it has none."""
    while end - start > LONGEST:
        pauses = [p.end() for p in _PAUSE.finditer(text, start + SHORTEST - 1, start + LONGEST)]
        cut = pauses[-1] if pauses else _word_bound(text, start, end)
        yield start, cut
        start = cut
    yield start, end


def _word_bound(text: str, start: int, end: int) -> int:
    """The last bound between words that leaves at most LONGEST characters before it."""
    with _nlp().memory_zone():
        bounds = [start + t.idx for t in _doc(text[start:end])]
    inside = (b for b in bounds if start < b <= start + LONGEST)
    return max(inside, default=start + LONGEST)  # one word longer than any quotation is broken


def _trim(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space at its ends; nothing if nothing is left."""
    words_ = text[start:end]
    if inner := words_.strip():
        lead = words_.index(inner)
        yield start + lead, start + lead + len(inner)


def _doc(text: str) -> Doc:
    """A spaCy Doc of jieba words."""
    from spacy.tokens import Doc

    parts = words(text)
    return Doc(_nlp().vocab, words=list(parts), spaces=[False] * len(parts))


@lru_cache(maxsize=1)
def _nlp() -> Language:
    import spacy

    return spacy.blank("zh")


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    """A tokenizer of our own: the global one would be changed for every user of jieba."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in shipped("data", "lexicon", "words.txt").read_text("utf-8").split():
        tokenizer.add_word(word)
    return tokenizer
