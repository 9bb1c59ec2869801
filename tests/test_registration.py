"""The registration table: read whatever its form, matched only where it is sure."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.intake import take_in
from pipeline.records import Registration, ReportError
from pipeline.registration import company_core, match_rows, read_registration


def test_excel_with_title_rows_units_and_contacts(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("报名")
    sheet.append(["附件：2022年度报名表"])
    titles = [
        "企业名称（全称）*",
        "所属 行业",
        "区",
        "推荐单位",
        "年份",
        "报告文件",
        "联系人",
        "手机",
    ]
    values = ["申城电力有限公司", "电力", "徐汇区", "电力协会", "2022年度", "a.pdf", "张三", 139]
    sheet.append([*titles, "研发投入占比", "上缴税收（万元）", "纳税信用等级"])
    sheet.append([*values, 0.053, 1200.0, "A"])
    sheet.cell(3, 9).number_format = "0.0%"
    sheet.append([None, None, "空行没有企业"])
    path = tmp_path / "registration.xlsx"
    book.save(path)
    assert read_registration(path) == (
        Registration(
            company="申城电力有限公司",
            industry="电力",
            district="徐汇区",
            association="电力协会",
            year=2022,
            file="a.pdf",
            statistics=(
                ("研发投入占比", "5.3%"),
                ("上缴税收（万元）", "1200"),
                ("纳税信用等级", "A"),
            ),
        ),
    )


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
def test_csv_with_english_headers(tmp_path, codec):
    path = tmp_path / "registration.csv"
    path.write_bytes("Company,Year,Report file,E-mail\n申城电力,2021,a.pdf,x@y\n".encode(codec))
    assert read_registration(path) == (Registration(company="申城电力", year=2021, file="a.pdf"),)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", "甲,乙\n1,2\n".encode()])
@pytest.mark.parametrize("name", ["registration.csv", "registration.xlsx"])
def test_a_table_that_cannot_be_read_says_so(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReportError, match="registration_unreadable"):
        read_registration(path)


def matched(rows: list[Registration], *files: str) -> dict[str, str]:
    return {file: row.company for file, row in match_rows(rows, files)[0].items()}


def row(company: str, year: int | None = None, file: str = "") -> Registration:
    return Registration(company=company, year=year, file=file)


def test_rows_find_their_file_by_name_then_by_company():
    rows = [row("甲子有限公司", file="R1.PDF"), row("乙丑（上海）股份有限公司"), row("丙寅集团")]
    files = ["x/r1.pdf", "乙丑 上海_社会责任报告.docx", "别家.pdf"]
    found, orphans = match_rows(rows, files)
    assert {file: one.company for file, one in found.items()} == {
        "x/r1.pdf": "甲子有限公司",
        "乙丑 上海_社会责任报告.docx": "乙丑（上海）股份有限公司",
    }
    assert [one.company for one in orphans] == ["丙寅集团"]


def test_years_and_longer_names_tell_files_apart():
    rows = [row("甲子电力", 2021), row("甲子电力", 2022), row("甲子电力建设", 2022)]
    assert matched(rows, "甲子电力2021.pdf", "甲子电力2022.pdf", "甲子电力建设.pdf") == {
        "甲子电力2021.pdf": "甲子电力",
        "甲子电力2022.pdf": "甲子电力",
        "甲子电力建设.pdf": "甲子电力建设",
    }


def test_what_could_be_meant_twice_is_not_taken():
    assert matched([row("甲子电力")], "甲子电力一稿.pdf", "甲子电力二稿.pdf") == {}
    assert matched([row("甲子电力"), row("甲子电力")], "甲子电力.pdf") == {}
    assert matched([row("甲", file="a.pdf")], "1/a.pdf", "2/a.pdf") == {}


def test_company_core():
    assert company_core("申城 电力（集团）股份有限公司") == "申城电力"
    assert company_core("公司") == ""


def test_a_table_that_would_fill_the_memory_is_not_opened(tmp_path: Path) -> None:
    table, deflated = tmp_path / "报名表.xlsx", zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(table, "w", deflated) as package, package.open("a.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(2**20))
    with pytest.raises(ReportError, match="registration_unreadable"):
        read_registration(table)


def test_a_row_that_names_a_path_leads_nowhere(tmp_path: Path) -> None:
    (outside := tmp_path / "别处.txt").write_text("机密。", "utf-8")
    (folder := tmp_path / "年度").mkdir()
    (folder / "甲.txt").write_text("报告。", "utf-8")
    rows = "企业名称,报告文件\n../../甲\n子,../别处.txt\n丑," + str(outside) + "\n寅,甲.txt\n"
    (folder / "报名表.csv").write_text(rows, "utf-8")
    intake = take_in(folder)
    assert [(one.file, one.id) for one in intake.submissions] == [("甲.txt", "寅")]
    assert [row.company for row in intake.orphan_rows] == ["../../甲", "子", "丑"]
