"""Running headers, footers, side navigation and page numbers: told by repetition."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

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
Keys = Callable[[Page], Iterable[object]]


def running(pages: list[Page]) -> list[list[bool]]:
    """Whether each run of each page is page furniture.

    Args:
        pages: Height and runs of every page; runs inside tables left out.

    Returns:
        Flags in the same shape.
    """
    least = max(2, min(_FEWEST, len(pages)), round(_SHARE * len(pages)))
    bands = _often(pages, least, _band_keys)
    places = _often(pages, max(least, _FEWEST), _place_keys)
    slots = _busy_slots(pages)
    marks = [
        [
            _band_key(run, height) in bands
            or _place_key(run) in places
            or _slot_key(run, height) in slots
            or is_page_number(run, height)
            for run in runs
        ]
        for height, runs in pages
    ]
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


def _band_key(run: Run, height: float) -> tuple[int, str] | None:
    band = _band(run, height)
    return (band, _masked(run.text)) if band and _is_title(run.text) else None


def _place_key(run: Run) -> tuple[int, int, str] | None:
    """Place and text of what may be side navigation or a watermark; sentences are neither."""
    if len(run.text) > _LONGEST_ASIDE or _SENTENCE.search(run.text) or not _is_title(run.text):
        return None
    return round(run.x0 / _STEP), round(run.base / _STEP), _masked(run.text)


def _slot_key(run: Run, height: float) -> tuple[int, str] | None:
    band = _band(run, height)
    return (round(run.base / _STEP), _masked(run.text)) if band and _is_title(run.text) else None


def _band_keys(page: Page) -> Iterable[tuple[int, str] | None]:
    return (_band_key(run, page[0]) for run in page[1])


def _place_keys(page: Page) -> Iterable[tuple[int, int, str] | None]:
    return (_place_key(run) for run in page[1])


def _often(pages: list[Page], least: int, keys: Keys) -> set[object]:
    """Keys found on at least so many pages."""
    counts: Counter[object] = Counter()
    for page in pages:
        counts.update(set(keys(page)) - {None})
    return {key for key, count in counts.items() if count >= least}


def _busy_slots(pages: list[Page]) -> set[tuple[int, str]]:
    """Lines at a height of the band where most pages have a line that some other page has too.

    Catches headers that name the chapter, each of which comes back on few pages only.
    """
    counts: Counter[tuple[int, str]] = Counter()
    for height, runs in pages:
        counts.update({key for run in runs if (key := _slot_key(run, height))})
    again = {key for key, count in counts.items() if count >= 2}
    per_slot: dict[int, int] = defaultdict(int)
    for slot, text in again:
        per_slot[slot] += counts[slot, text]
    least = max(_FEWEST + 1, round(_SLOT_SHARE * len(pages)))
    return {key for key in again if per_slot[key[0]] >= least}
