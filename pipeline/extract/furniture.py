"""Running headers, footers, side navigation and page numbers: told by repetition."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple, TypeVar

from pipeline.extract.lines import Run

_BAND = 0.12  # of the height, at the top and at the bottom, where headers and footers stand
_SHARE = 0.3  # of the pages on which a line must come back
_FEWEST = 3  # pages; in shorter files any repetition in a band counts
_LEVEL = 2.0  # points between the baselines of one line
_STEP = 4.0  # points; lines of different pages at one height
_SLOT_SHARE = 0.5  # of the pages whose line at a height comes back: chapter titles as headers
_LONGEST = 60  # characters of a header
_LONGEST_ASIDE = 25  # characters of what comes back elsewhere on the page
_SENTENCE = re.compile(r"[，。；！？]")
_NUMBER = re.compile(
    r"[-–—~·|\s]*(?:第|[PpＰ](?:age|AGE)?\.?)?\s*"
    r"(?:\d{1,4}|[IVXLivxl]{1,6})\s*页?\s*(?:[/／|，,]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[-–—~·|\s]*"
)

Page = tuple[float, list[Run]]  # height in points and runs
Key = TypeVar("Key")


def running(pages: list[Page]) -> list[list[bool]]:
    """Whether each run of each page is page furniture.

    Args:
        pages: Height and runs of every page; runs inside tables left out.

    Returns:
        Flags in the same shape.
    """
    least = max(2, min(_FEWEST, len(pages)), round(_SHARE * len(pages)))
    keys = [[_keys(run, height) for run in runs] for height, runs in pages]
    bands = _often([[key.band for key in held] for held in keys], least)
    places = _often([[key.place for key in held] for held in keys], max(least, _FEWEST))
    slots = _busy_slots([[key.slot for key in held] for held in keys])
    marks = [
        [
            key.band in bands or key.place in places or key.slot in slots
            or is_page_number(run, height)
            for run, key in zip(runs, held, strict=True)
        ]
        for (height, runs), held in zip(pages, keys, strict=True)
    ]  # fmt: skip
    return [_whole_lines(page, flags) for page, flags in zip(pages, marks, strict=True)]


def _whole_lines(page: Page, flags: list[bool]) -> list[bool]:
    """Mark the rest of a header's or footer's line too: a date, the title of the section."""
    height, runs = page
    found = zip(runs, flags, strict=True)
    levels = [run.base for run, flag in found if flag and _band(run, height)]
    if not levels or all(flags):
        return flags
    return [
        flag or (_band(run, height) != 0 and any(abs(run.base - y) < _LEVEL for y in levels))
        for run, flag in zip(runs, flags, strict=True)
    ]


def is_page_number(run: Run, height: float) -> bool:
    """Whether a run is a bare page number at the edge of the page."""
    return _band(run, height) != 0 and _NUMBER.fullmatch(run.text) is not None


def _band(run: Run, height: float) -> int:
    """-1 in the top band, 1 in the bottom band, 0 between."""
    if run.bottom < _BAND * height:
        return -1
    return 1 if run.top > (1 - _BAND) * height else 0


def _masked(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s", "", text))


def _is_title(text: str) -> bool:
    """Short and with words: the figures of a table are alike once their digits are masked."""
    return len(text) <= _LONGEST and any(ch.isalpha() for ch in text)


class _Keys(NamedTuple):
    """What a run is counted by; None where it cannot be furniture of the kind.

    Attributes:
        band: Top or bottom band, and text.
        place: Place and text of what may be side navigation or a watermark; sentences are neither.
        slot: Height in a band, and text.
    """

    band: tuple[int, str] | None
    place: tuple[int, int, str] | None
    slot: tuple[int, str] | None


_NONE = _Keys(None, None, None)


def _keys(run: Run, height: float) -> _Keys:
    if not _is_title(run.text):
        return _NONE
    band, aside = _band(run, height), len(run.text) <= _LONGEST_ASIDE
    aside = aside and not _SENTENCE.search(run.text)
    if not band and not aside:
        return _NONE
    text, level = _masked(run.text), round(run.base / _STEP)
    place = (round(run.x0 / _STEP), level, text) if aside else None
    return _Keys((band, text), place, (level, text)) if band else _Keys(None, place, None)


def _often(pages: list[list[Key]], least: int) -> set[Key]:
    """Keys found on at least so many pages."""
    counts = Counter(key for keys in pages for key in set(keys) - {None})
    return {key for key, count in counts.items() if count >= least}


def _busy_slots(pages: list[list[tuple[int, str] | None]]) -> set[tuple[int, str]]:
    """Lines at a height of the band where most pages have a line that some other page has too.

    Catches headers that name the chapter, each of which comes back on few pages only.
    """
    counts = Counter(key for keys in pages for key in set(keys) if key)
    again = {key for key, count in counts.items() if count >= 2}
    per_slot: dict[int, int] = defaultdict(int)
    for slot, text in again:
        per_slot[slot] += counts[slot, text]
    least = max(_FEWEST + 1, round(_SLOT_SHARE * len(pages)))
    return {key for key in again if per_slot[key[0]] >= least}
