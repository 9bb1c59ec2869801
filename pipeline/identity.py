"""Whose report it is and of which year, by its own words, where nobody registered it."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.records import Document, Submission

OPENING = 1500  # characters in which a report names itself
_GENRE = r"(?:企业)?(?:社会责任|可持续发展|环境、?社会|ESG|CSR)"
_YEAR = re.compile(rf"(20[0-4]\d)\s*年?\s*度?[^。\n]{{0,12}}{_GENRE}", re.IGNORECASE)
_COMPANY = re.compile(
    r"^\W*(?!本|报告|关于)([\u4e00-\u9fff（）()A-Za-z·]{2,30}?(?:有限责任公司|有限公司|股份公司|集团公司|银行|协会|集团))"
    r"(?=\W*(?:$|20\d\d|关于|董事会|企业|社会责任|可持续|[(（]))",
    re.MULTILINE,
)


def complete(submission: Submission, document: Document) -> Submission:
    """The submission with company and year as the report's opening states them, if blank.

    Registration always wins: the office knows whom it asked for what.
    """
    told = submission.registration
    opening = document.text[:OPENING]
    year = told.year or next((int(y) for y in _YEAR.findall(f"{submission.file}\n{opening}")), None)
    company = told.company or next(iter(_COMPANY.findall(opening)), "")
    return replace(submission, registration=replace(told, company=company, year=year))
