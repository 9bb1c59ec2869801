"""What the office is told of pages that could not be read, or only off their pictures."""

from __future__ import annotations

from dataclasses import dataclass

_UNREAD = "无法读取文字，请企业补交文字版或由专家查看。"


@dataclass(frozen=True, slots=True)
class PageNotes:
    """Numbers of the pages that are not as they should be."""

    pictures: set[int]  # unread: images
    broken: set[int]  # unread: a text layer without meaning
    scanned: set[int]  # read off their pictures
    doubtful: set[int]  # among these: with low confidence
    blank: set[int]  # pictures in which no text was found
    limited: bool  # pictures were read, so those unread were beyond the limits


def page_warnings(notes: PageNotes) -> tuple[tuple[str, str], ...]:
    """Warnings with a code and a Chinese sentence, what was lost first."""
    beyond = "，超出图像识别的页数或时间上限" if notes.limited else ""
    clear = notes.scanned - notes.doubtful
    told = (
        (notes.pictures, "scanned_pages", f"第…页是图片{beyond}，{_UNREAD}"),
        (notes.broken, "broken_pages", f"第…页文字编码损坏{beyond}，{_UNREAD}"),
        (notes.doubtful, "ocr_doubtful", "第…页图像不清，识别出的文字把握较低，请企业补交清晰版。"),
        (clear, "ocr_pages", "第…页的文字由图像识别得到，引用前请核对原件；可请企业补交文字版。"),
        (notes.blank, "ocr_blank", "第…页是图片，未识别出文字；如原件有字，请企业补交清晰版。"),
    )
    return tuple(
        (code, words.replace("…", page_list(pages))) for pages, code, words in told if pages
    )


def page_list(pages: set[int]) -> str:
    """Page numbers for reading: 3、5–7."""
    ranges: list[list[int]] = []
    for page in sorted(pages):
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)
