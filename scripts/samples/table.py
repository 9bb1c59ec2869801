"""The registration table of the samples, from ``registration.csv``.

Wrong on purpose: the 公益投入 of 禾棠食品 (its report says 86.4); 鹿吟酒店 sent no report, and
there is no row for 杏岁里.
"""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import xlsxwriter

_ROWS = Path(__file__).parent / "registration.csv"
_STAMP = datetime.datetime(2023, 12, 1, 9, 0)


def build_registration() -> bytes:
    """``registration.xlsx``: a title above the header row, then a row a report."""
    header, *rows = csv.reader(_ROWS.read_text(encoding="utf-8").splitlines())
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": True})
    book.set_properties({"created": _STAMP, "title": "报名表"})
    sheet = book.add_worksheet("报名表")
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8F0F5", "border": 1})
    sheet.write(0, 0, "社会责任报告发布报名表及基本信息统计表（样例，企业均为虚构）")
    sheet.write_row(1, 0, header, head)
    for number, row in enumerate(rows, 2):
        sheet.write_row(number, 0, row)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 16)
    sheet.set_column(5, 5, 56)
    sheet.freeze_panes(2, 1)
    book.close()
    return stream.getvalue()
