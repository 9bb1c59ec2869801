"""Every file of a folder is accounted for, by what it is and not by what it is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docx import Document as NewDocument
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import LONGEST_ID, Intake, safe_id, take_in
from pipeline.records import ReportError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def codes(intake: Intake) -> dict[str, tuple[str, str]]:
    return {one.file: (one.status, one.code) for one in intake.refused}


def docx(path: Path) -> bytes:
    new = NewDocument()
    new.add_paragraph("公司报告。")
    new.save(path)
    data = path.read_bytes()
    path.unlink()
    return data


def test_content_decides_what_a_file_is(tmp_path):
    put(
        tmp_path,
        {
            "甲.pdf": docx(tmp_path / "x"),
            "乙.docx": b"junk\n%PDF-1.4 ...",
            "丙.txt": "本公司2022年社会责任报告。".encode("gb18030"),
            "丁/报告.doc": OLE + "WordDocument".encode("utf-16-le"),
        },
    )
    taken = {one.file: one.media for one in take_in(tmp_path).submissions}
    assert taken == {"甲.pdf": "docx", "乙.docx": "pdf", "丙.txt": "txt", "丁/报告.doc": "doc"}


def test_what_is_no_report_is_refused_with_a_reason(tmp_path):
    put(
        tmp_path,
        {
            "空.pdf": b"",
            "存档.pdf": b"MIME-Version: 1.0\r\n",
            "资料.zip": b"Rar!",
            "加密.docx": OLE + "EncryptedPackage".encode("utf-16-le"),
            "坏.docx": b"PK\x03\x04 cut off",
            "乱.pdf": bytes(range(256)) * 20,
            "a报告.txt": "报告正文".encode(),
            "b报告.txt": "报告正文".encode(),
            "~$报告.docx": b"x",
            ".DS_Store": b"x",
            "名单.csv": b"a,b",
        },
    )
    intake = take_in(tmp_path)
    assert codes(intake) == {
        "空.pdf": ("failed", "empty"),
        "存档.pdf": ("failed", "mail"),
        "加密.docx": ("failed", "encrypted"),
        "坏.docx": ("failed", "damaged"),
        "乱.pdf": ("failed", "unknown_type"),
        "资料.zip": ("failed", "archive"),
        "b报告.txt": ("skipped", "duplicate"),
        "~$报告.docx": ("skipped", "system_file"),
        ".DS_Store": ("skipped", "system_file"),
        "名单.csv": ("skipped", "not_report"),
    }
    assert all(one.reason.endswith("。") for one in intake.refused)
    assert "a报告.txt" in next(one.reason for one in intake.refused if one.code == "duplicate")
    assert [one.file for one in intake.submissions] == ["a报告.txt"]


def test_registration_names_the_company_and_both_kinds_of_orphans(tmp_path):
    table = (
        "企业名称,报告年度\n申城电力有限公司,2022\n浦江食品有限公司,2022\n未来科技有限公司,2022\n"
    )
    put(
        tmp_path,
        {
            "registration.csv": table.encode("gb18030"),
            "申城电力/2022.txt": "报告一。".encode(),
            "申城电力/副本.txt": "报告一。".encode(),
            "浦江食品.pdf": b"",
            "路人.txt": "报告二。".encode(),
        },
    )
    intake = take_in(tmp_path)
    assert [(one.id, one.registration.company) for one in intake.submissions] == [
        ("路人", ""),
        ("申城电力有限公司-2022", "申城电力有限公司"),
    ]
    assert [row.company for row in intake.orphan_rows] == ["未来科技有限公司"]
    assert intake.orphan_files == ("路人.txt",)
    assert codes(intake)["registration.csv"] == ("skipped", "registration")


def test_broken_registration_is_refused_and_the_reports_are_still_taken(tmp_path):
    put(tmp_path, {"报名表.xlsx": b"PK no workbook", "甲.txt": "报告。".encode()})
    intake = take_in(tmp_path)
    assert codes(intake) == {"报名表.xlsx": ("failed", "registration_unreadable")}
    assert [one.file for one in intake.submissions] == ["甲.txt"]
    assert intake.orphan_files == ()


def test_a_folder_that_cannot_be_opened_is_told(tmp_path, monkeypatch):
    put(tmp_path, {"甲.txt": "报告。".encode()})
    monkeypatch.chdir(tmp_path)
    for _ in range(20):  # deeper than a path can say
        os.mkdir(deep := "深" * 80)
        os.chdir(deep)
    intake = take_in(tmp_path)
    assert [one.file for one in intake.submissions] == ["甲.txt"]
    ((file, told),) = codes(intake).items()
    assert (file.startswith("深"), told) == (True, ("failed", "closed"))


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    (outside := tmp_path / "别处.txt").write_text("机密。", encoding="utf-8")
    (folder := tmp_path / "年度").mkdir()
    (folder / "链接.txt").symlink_to(outside)
    assert codes(take_in(folder)) == {"链接.txt": ("skipped", "outside")}


def test_a_single_file_and_a_missing_folder(tmp_path):
    put(tmp_path, {"甲.txt": "报告。".encode(), "乙.txt": "别的。".encode()})
    assert [one.file for one in take_in(tmp_path / "甲.txt").submissions] == ["甲.txt"]
    with pytest.raises(ReportError, match="not_found"):
        take_in(tmp_path / "没有")


@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from(["CON", "甲/乙", "..", "报告" * 40]), max_size=8
    )
)
def test_ids_are_safe_and_unique(names):
    used: set[str] = set()
    ids = [safe_id(name, used) for name in names]
    assert len({one.casefold() for one in ids}) == len(ids)
    for one in ids:
        assert 0 < len(one.encode()) <= LONGEST_ID
        assert not set(one) & set('<>:"/\\|?*. \t\n')
        assert one.isprintable()
        assert one.upper() not in {"CON", "NUL", "COM1"}
    again: set[str] = set()
    assert [safe_id(name, again) for name in names] == ids
