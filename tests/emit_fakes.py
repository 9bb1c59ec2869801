"""A fictional report year for the tests of emit: no company in it exists."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from emit_facts import DIMENSIONS, facts

from pipeline.emit import Orphans, Summary, Versions, Year, write_report
from pipeline.frameworks import Framework
from pipeline.records import (
    Block,
    Coverage,
    Document,
    Evidence,
    FileOutcome,
    Finding,
    FindingStatus,
    Line,
    Page,
    Registration,
    ReportScore,
    Submission,
)

DOCS = Path(__file__).parents[1] / "docs"
VERSIONS = Versions(
    code="0.1.0",
    encoder="zejian-static-zh 1 (0f3a9c)",
    matcher="1 (77be21)",
    frameworks=(("green", "a" * 64), ("care", "b" * 64)),
    programme="示范项目2023",
)
HOSTILE = (
    '=HYPERLINK("http://evil.example","点我")',
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>",
    "]]></script><script>window.pwned=1</script>",
    "\x00\x07\x1b[31m\u202e倒写\ufffe",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "_x0041_ 与\r\n换行\t制表",
    "𠮷野家🌱" * 40,
    "长" * 40_000,
)
STATUSES: tuple[FindingStatus, ...] = (
    "disclosed",
    "disclosed",
    "needs_expert",
    "not_found",
    "disclosed",
    "not_found",
    "needs_expert",
    "unreadable",
    "disclosed",
    "not_applicable",
)
TOPICS = (
    "温室气体排放总量",
    "单位产值综合能耗及其变化",
    "一般工业固体废物的产生、贮存与处置情况",
    "职业健康与安全管理体系",
    "员工培训覆盖率与人均培训时长",
    "供应商环境与社会影响评估",
    "消费者隐私与数据安全",
    "公益慈善捐赠与志愿服务",
    "反腐败制度与举报渠道",
    "董事会对可持续发展事务的监督",
)
SENTENCES = (
    "报告期内，云栖精工在三个生产基地推行能源管理体系，全年综合能耗为12,480吨标准煤，较上年下降6.3%。",
    "公司始终坚持绿色发展理念，努力实现企业与自然和谐共生。",
    "2023年，公司组织安全培训214场，覆盖员工3,862人次，全年未发生较大及以上生产安全事故。",
    "公司制定《供应商行为准则》，将环境、劳工与商业道德要求写入采购合同，并对重点供应商开展现场审核。",
    "截至报告期末，员工总数为4,206人，其中女性员工占比38.5%，少数民族员工127人。",
    "公司设立举报邮箱和电话，对举报人信息严格保密，全年受理举报9件，均已办结。",
    "全年公益捐赠支出320万元，员工志愿服务时长累计达到11,600小时，惠及周边12个社区。",
)


def framework(name: str, short: str, size: int, draft: bool = False) -> Framework:
    indicators = [
        {
            "code": f"{short[0]}{n // 10 + 1}-{n % 10 + 1}",
            "name": TOPICS[n % len(TOPICS)],
            "group": f"g{n // 10}",
            "definition": "披露有关情况。",
            "kind": "either",
            "cues": ["披露"],
            "examples": {"positive": ["有。"], "negative": ["无。"]},
            "weight": 1 + n % 3,
            "basis": "core" if n % 2 else "extended",
            "code_origin": "local",
            "source": "测试",
            "confidence": "high",
        }
        for n in range(size)
    ]
    groups = [
        {"code": f"g{n}", "name": ("环境责任", "员工责任", "公司治理", "社区责任")[n % 4]}
        for n in range(size // 10 + 1)
    ]
    return Framework.model_validate(
        {
            "id": name,
            "title": f"{short}信息披露指南（示范）",
            "short": short,
            "draft": draft,
            "draft_note": "依据公开资料重建，待取得正式文本后替换。" if draft else "",
            "groups": groups,
            "indicators": indicators,
        }
    )


FRAMEWORKS = (framework("green", "绿色指南", 24), framework("care", "关怀指南", 17, draft=True))


def document(texts: tuple[str, ...] = SENTENCES * 9, per_page: int = 6) -> Document:
    parts, blocks, at = [], [], 0
    for n, text in enumerate(texts):
        kind = "heading" if n % 7 == 0 and len(text) < 60 else "text"
        kind = "table" if "\t" in text else kind
        page = n // per_page + 1
        box = (56.7, 80.0 + 20 * (n % per_page), 538.6, 96.4 + 20 * (n % per_page))
        end = at + len(text)
        line = Line(page, at, end, box)
        blocks.append(Block(kind, n + 1, at, end, ("环境责任", "能源管理"), (line,)))
        parts.append(text)
        at = end + 1
    pages = tuple(Page(n + 1, 595.3, 841.9) for n in range(len(texts) // per_page + 1))
    return Document("年报/云栖精工.pdf", "c" * 64, "pdf", "\n".join(parts), pages, tuple(blocks))


def hostile_document() -> Document:
    """A report that tries to break out of every file."""
    return document(SENTENCES * 2 + HOSTILE + ("年份\t排放\n2023\t=1+1", "尾"))


def hostile_score(doc: Document) -> ReportScore:
    """Its score: hostile in every text that comes from outside, facts included."""
    plain = score(doc, company=HOSTILE[0])
    told = replace(plain.submission.registration, industry=HOSTILE[1], association="-1+1")
    evil = [replace(f, name=HOSTILE[n % 8]) for n, f in enumerate(plain.findings)]
    return replace(
        plain,
        submission=replace(plain.submission, registration=told, file=HOSTILE[2]),
        findings=tuple(evil),
        warnings=(("hostile", HOSTILE[1]),),
        facts=facts(doc, HOSTILE[:6]),
    )


def written(folder: Path, doc: Document, found: ReportScore) -> Path:
    """The folder with the files of a report."""
    write_report(folder, doc, found, FRAMEWORKS, VERSIONS)
    return folder


loads = json.loads


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def evidence(doc: Document, n: int, probability: float, level: int) -> Evidence:
    block = doc.blocks[n % len(doc.blocks)]
    return Evidence(
        page=block.lines[0].page,
        paragraph=block.paragraph,
        start=block.start,
        end=block.end,
        quote=doc.text[block.start : block.end],
        heading=block.path,
        box=block.lines[0].box,
        probability=probability,
        level=level,
        flags=("cmp",) if level == 4 else (),
        reasons=("命中提示语“综合能耗”", "出现单位“吨标准煤”"),
    )


def finding(doc: Document, guide: Framework, n: int) -> Finding:
    status = STATUSES[n % len(STATUSES)]
    accepted = status in ("disclosed", "needs_expert")
    p = {"disclosed": 0.931, "needs_expert": 0.35 + 0.02 * (n % 15)}.get(status, 0.0412345)
    found = tuple(evidence(doc, 3 * n + k, p * (1 - 0.1 * k), (n + k) % 4 + 1) for k in range(3))
    return Finding(
        framework=guide.id,
        indicator=guide.indicators[n].code,
        name=guide.indicators[n].name,
        status=status,
        probability=p,
        level=(n % 4 + 1) if accepted else 0,
        evidence=found if accepted else (),
        nearest=found if status == "not_found" else (),
        note="仅适用于重点排污单位" if status == "not_applicable" else "",
    )


def coverage(guide: Framework, findings: list[Finding]) -> Coverage:
    counts = tuple((s, sum(f.status == s for f in findings)) for s in dict.fromkeys(STATUSES))
    share = dict(counts)["disclosed"] / len(findings)
    return Coverage(
        guide.id,
        share,
        max(share - 0.07, 0.0),
        min(share + 0.09, 1.0),
        2.345678,
        counts,
        core=share,
    )


def score(
    doc: Document,
    guides: tuple[Framework, ...] = FRAMEWORKS,
    company: str = "云栖精工股份有限公司",
) -> ReportScore:
    entry = Registration(company, "装备制造", "临江区", "示范市工业经济联合会", 2023, doc.file)
    by_guide = [[finding(doc, g, n) for n in range(len(g.indicators))] for g in guides]
    return ReportScore(
        submission=Submission("2023-云栖精工", doc.file, doc.sha256, "pdf", entry),
        pages=len(doc.pages),
        characters=len(doc.text),
        passages=len(doc.blocks),
        findings=tuple(f for found in by_guide for f in found),
        coverage=tuple(coverage(g, f) for g, f in zip(guides, by_guide, strict=True)),
        levels=(11, 24, 17, 9, 4),
        warnings=(
            ("scanned_pages", "第3、7页是扫描图片，未能读取文字，请企业提供可复制文字的版本。"),
        ),
    )


def year(count: int = 12, guides: tuple[Framework, ...] = FRAMEWORKS) -> Year:
    """A year of ``count`` reports, every seventh failed and every ninth read in part."""
    outcomes, summaries, submissions = [], {}, []
    for n in range(count):
        status = "failed" if n % 7 == 3 else "partial" if n % 9 == 4 else "done"
        told = Registration(
            company=f"云栖第{n + 1}精工有限公司",
            industry=("装备制造", "化工", "零售", "金融", "建筑")[n * n % 5],
            district=("临江区", "望山区", "听涛区")[n % 3],
            association="示范市工业经济联合会",
            year=2023,
        )
        entry = Submission(f"2023-{n:05d}-云栖", f"第{n % 4}批/{n:05d}.pdf", "d" * 64, "pdf", told)
        reason = {
            "failed": "文件设有打开密码，请企业提供不加密的版本。",
            "partial": "第3、7页是扫描图片，请企业提供可复制文字的版本。",
        }.get(status, "")
        code = {"failed": "encrypted", "partial": "scanned_pages"}.get(status, "")
        outcomes.append(FileOutcome(entry.file, entry.sha256, entry.id, status, code, reason))
        submissions.append(entry)
        if status != "failed":
            summaries[entry.id] = summary(entry, n, guides)
    orphans = Orphans((Registration("栖霞示范有限公司", file="栖霞.pdf"),), ("杂项/说明.docx",))
    return Year(outcomes, summaries, guides, VERSIONS, orphans, submissions)


def summary(entry: Submission, n: int, guides: tuple[Framework, ...]) -> Summary:
    told = entry.registration
    shares = [0.15 + (7 * n + 13 * k) % 70 / 100 for k in range(len(guides))]
    counts = (("disclosed", 10 + n % 9), ("needs_expert", n % 6), ("not_found", 12))
    covered = tuple(
        Coverage(g.id, s, s - 0.05, s + 0.06, 1.9, counts)
        for g, s in zip(guides, shares, strict=True)
    )
    levels = (11 + n % 7, 24, 17 + n % 5, 9 + n % 11, 4)
    facts = (told.company, told.industry, told.district, told.year)
    plain = Summary(entry.id, *facts, 40 + n % 90, 30_000 + 37 * n, covered, levels, 2 * (n % 6))
    points = tuple((name, float(20 + (11 * n + k) % 70)) for k, name in enumerate(DIMENSIONS[:7]))
    return replace(
        plain,
        quality=float(30 + (17 * n) % 60),
        band="三星级",
        dimensions=(*points, (DIMENSIONS[7], None)),
        checks=(("error", n % 3), ("doubt", n % 4), ("note", 1)),
        alarms=int(n % 11 == 5),
    )
