"""Company and year as a report's own opening states them."""

import pytest

from pipeline.identity import complete
from pipeline.records import Document, Registration, Submission


def told(text: str, registration: Registration | None = None, file: str = "a.pdf") -> tuple:
    submission = Submission("s", file, "0", "pdf", registration or Registration())
    found = complete(submission, Document(file, "0", "pdf", text, (), ())).registration
    return found.company, found.year


@pytest.mark.parametrize(
    "text",
    [
        "霁川精细化工有限公司\n2022年度社会责任报告\n目录",
        "霁川精细化工有限公司2022年企业社会责任报告",
    ],
)
def test_title_pages_tell(text: str) -> None:
    assert told(text) == ("霁川精细化工有限公司", 2022)


def test_the_file_name_tells_the_year() -> None:
    assert told("前言", file="霁川化工_2021_社会责任报告.pdf") == ("", 2021)


def test_registration_wins() -> None:
    given = Registration(company="霁川化工", year=2020)
    assert told("霁川精细化工有限公司\n2022年度社会责任报告", given) == ("霁川化工", 2020)


def test_a_sentence_about_the_report_is_no_company() -> None:
    assert told("本报告旨在反映霁川精细化工有限公司\n的履责情况")[0] == ""
