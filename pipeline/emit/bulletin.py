"""bulletin.docx and bulletin.html: the year's statistics for the public."""

from __future__ import annotations

from pipeline.emit.bulletinview import HEADS, BulletinView
from pipeline.emit.html import page
from pipeline.emit.paper import Paper


def bulletin_docx(view: BulletinView) -> bytes:
    """The bulletin as a Word file."""
    paper = Paper(view.title)
    paper.text(view.said)
    paper.heading("一、主要指标")
    paper.table(HEADS, [tuple(row.values()) for row in view.rows])
    paper.heading("二、分布")
    for one in view.charts:
        paper.chart(one.title, one.names, one.series)
    paper.heading("三、说明")
    for note in view.notes:
        paper.text(note)
    paper.note(f"责鉴 {view.made_by} 生成，供评审办公室审定后发布。")
    return paper.bytes()


def bulletin_html(view: BulletinView) -> bytes:
    """The same as a page, UTF-8; the drawings are SVG."""
    return page("bulletin", view=view, heads=list(HEADS))
