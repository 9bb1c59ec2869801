"""The lists of a year in Word, and papers.xlsx with all of them and what the bulletin rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.emit.bulletin import bulletin_docx, bulletin_html
from pipeline.emit.bulletinview import FORM, REPORT, BulletinView
from pipeline.emit.escape import clean, cut
from pipeline.emit.excel import Book, write_heads, write_text
from pipeline.emit.files import put
from pipeline.emit.paper import Paper
from pipeline.emit.tables import where
from pipeline.facts import Quote
from pipeline.papers import Candidate, Entry, Member
from pipeline.papers.records import Verdict
from pipeline.papers.rules import awards
from pipeline.programmes import Programme

VERDICT: dict[Verdict, str] = {
    "ready": "条件均已见",
    "confirm": "待确认",
    "unread": "未能读取",
    "absent": "未收到",
}
COMMITTEE = {"序号": 1.1, "企业": 4.0, "年度": 1.3, "结论": 2.0, "已见条件": 2.2, "待确认事项": 6.1}
CERTIFICATES = {"序号": 1.4, "企业": 6.6, "报告": 4.4, "证书编号": 2.4, "备注": 1.9}
AWARDS = {"企业": 4.0, "得分": 1.5, "理由（报告原文）": 8.4, "请留意": 2.8}
FIGURES = {"企业": 4.0, "指标": 3.0, "数值": 3.0, "原文": 3.0, "来源": 2.0, "计入": 2.0}
QUOTED = 90


def write_papers(
    folder: Path,
    programme: Programme,
    members: Sequence[Member],
    candidates: Sequence[Candidate],
    view: BulletinView,
) -> list[Path]:
    """Write the year's papers into ``folder``; OSError if the disk refuses.

    Returns:
        The files written.
    """
    title = programme.title
    made = {
        "committee.docx": committee_docx(programme, members),
        "certificates.docx": certificates_docx(title, members),
        "awards.docx": awards_docx(title, candidates),
        "bulletin.docx": bulletin_docx(view),
        "bulletin.html": bulletin_html(view),
        "papers.xlsx": papers_xlsx(title, members, candidates, view),
    }
    for name, content in made.items():
        put(folder / name, content)
    return [folder / name for name in made]


def committee_docx(programme: Programme, members: Sequence[Member]) -> bytes:
    """Who meets what, and what is left to confirm."""
    paper = Paper("拟发布单位名单（提交审定）", programme.title)
    counted = "，".join(
        f"{label}{sum(one.verdict == verdict for one in members)}家"
        for verdict, label in VERDICT.items()
    )
    paper.text(f"共{len(members)}家：{counted}。是否入围由指导委员会审定。")
    for one in programme.eligibility:
        alone = "（须由评审办公室逐家确认，不列入下表）" if one.evidence == "person" else ""
        paper.note(f"{one.code}　{one.text}{alone}")
    paper.table(COMMITTEE, _committee(members))
    return paper.bytes()


def certificates_docx(title: str, members: Sequence[Member]) -> bytes:
    """Companies to be given a certificate, once the committee agrees."""
    paper = Paper("发布证书名单（待审定）", title)
    paper.text("以下单位提交的报告已经评审。名单经指导委员会审定后，由评审办公室填写证书编号。")
    paper.table(CERTIFICATES, _certificates(members))
    return paper.bytes()


def awards_docx(title: str, candidates: Sequence[Candidate]) -> bytes:
    """The shortlist of each award with its reasons; a suggestion."""
    paper = Paper("奖项候选建议", title)
    paper.text(
        "本名单由系统按报告原文中的有关做法与数据整理，仅为候选建议，不是评选结果；评选由评审办公室组织。"
        f"得分为每家至多{awards().reasons}处依据的披露层级之和另加线索词分，只用于排列先后，与报告篇幅无关。"
    )
    for award in awards().awards:
        paper.heading(award.name)
        chosen = [one for one in candidates if one.award == award.name]
        if chosen:
            paper.table(AWARDS, [_award(one) for one in chosen])
        else:
            paper.text("没有依据充分的候选单位。")
    return paper.bytes()


def papers_xlsx(
    title: str, members: Sequence[Member], candidates: Sequence[Candidate], view: BulletinView
) -> bytes:
    """All the lists as tabs, and every figure behind the bulletin."""
    book = Book(title)
    _tab(book, "发布单位名单", COMMITTEE, _committee(members))
    _tab(book, "证书名单", CERTIFICATES, _certificates(members))
    rows = [(one.award, *_award(one)) for one in candidates]
    _tab(book, "奖项候选", {"奖项": 2.2} | AWARDS, rows)
    _tab(book, "统计明细", FIGURES, _figures(view))
    return book.bytes()


def _committee(members: Iterable[Member]) -> list[tuple[str, ...]]:
    return [
        (
            str(n),
            one.entry.company,
            str(one.entry.year or "—"),
            VERDICT[one.verdict],
            " ".join(one.met) or "—",
            "\n".join(f"{k}. {text}" for k, text in enumerate(one.open, 1)) or "—",
        )
        for n, one in enumerate(members, 1)
    ]


def _certificates(members: Iterable[Member]) -> list[tuple[str, ...]]:
    read = [one for one in members if one.verdict not in ("unread", "absent")]
    return [
        (str(n), one.entry.company, _report(one.entry), "", _open(one))
        for n, one in enumerate(read, 1)
    ]


def _open(member: Member) -> str:
    return "" if member.verdict == "ready" else VERDICT[member.verdict]


def _report(entry: Entry) -> str:
    return f"{entry.year}年度社会责任报告" if entry.year else "社会责任报告"


def _award(one: Candidate) -> tuple[str, ...]:
    reasons = "\n".join(
        f"{n}. {where(why.quote)}“{cut(' '.join(why.quote.quote.split()), QUOTED)}”"
        for n, why in enumerate(one.reasons, 1)
    )
    heed = "、".join(dict.fromkeys(one.entry.alarms))
    return one.entry.company, f"{one.points:g}", reasons, f"报告述及{heed}" if heed else "—"


def _figures(view: BulletinView) -> Iterator[tuple[str, ...]]:
    for one in view.told:
        counted = "是" if one.plausible else "否，数值异常"
        yield one.company, one.name, f"{one.value:,.10g}", one.printed, _source(one.quote), counted


def _source(quote: Quote) -> str:
    return FORM if quote.source == "form" else f"{REPORT}{where(quote)}"


def _tab(book: Book, name: str, heads: dict[str, float], rows: Iterable[Sequence[str]]) -> None:
    sheet = book.sheet(name)
    write_heads(book, sheet, 0, {head: 6 * width for head, width in heads.items()})
    for n, row in enumerate(rows, 1):
        for col, value in enumerate(row):
            write_text(sheet, n, col, clean(value), book.format("line"))
    sheet.freeze_panes(1, 0)
