"""可及性: whether readers can get the report, search it, and answer it."""

from __future__ import annotations

from pipeline.quality.report import Found, Report


def readable(report: Report) -> Found:
    """Share of pages whose text can be searched: not pictures, not broken."""
    pages = report.document.pages
    if not pages:
        return Found(100.0, note="文件不分页，文字可检索。")
    good = sum(page.readable and not page.ocr for page in pages)
    return Found(100 * good / len(pages))


FACTS = {"accessibility.readable": readable}
