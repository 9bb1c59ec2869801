"""完整性: how much of what the frameworks ask for is there."""

from __future__ import annotations

import re
from collections import defaultdict

from pipeline.quality.report import Found, Report, percent

_LEAST_READ = 0.8  # below this share of readable pages, absence proves nothing
_UNREAD = "超过五分之一的页面读不到文字，缺失不足为凭，请专家评定。"
_LAST_PART = re.compile(r"[.\-][^.\-]*$")


def coverage(report: Report) -> Found:
    """Mean weighted coverage over the frameworks, each counting alike."""
    shares = [100 * c.weighted for c in report.score.coverage]
    if not shares or (report.readable or 1) < _LEAST_READ:
        return Found(None, note=_UNREAD)
    return Found(sum(shares) / len(shares))


def breadth(report: Report) -> Found:
    """Share of the frameworks' themes of which anything is disclosed."""
    if (report.readable or 1) < _LEAST_READ:
        return Found(None, note=_UNREAD)
    themes: defaultdict[str, set[str]] = defaultdict(set)
    for finding in report.findings:
        theme = f"{finding.framework} {_LAST_PART.sub('', finding.indicator)}"
        themes[theme].add(finding.status)
    told = sum("disclosed" in statuses for statuses in themes.values())
    return Found(percent(told, len(themes)))


FACTS = {"completeness.coverage": coverage, "completeness.breadth": breadth}
