"""Reports sent in archives or as pictures: read where it is clear what is meant, else refused."""

import io
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from docx import Document as NewDocument
from PIL import Image

from pipeline.extract import archive, extract
from pipeline.extract.ocr import Ocr, ocr_version
from pipeline.intake import take_in
from pipeline.records import Document, ReportError
from pipeline.resources import shipped

SCAN = next(shipped("data", "samples").glob("*扫描*.pdf"))
needs_ocr = pytest.mark.skipif(not ocr_version(), reason="the extra ocr is not installed")


def report(text: str = "公司保护环境。") -> bytes:
    new, packed = NewDocument(), io.BytesIO()
    new.add_paragraph(text)
    new.save(packed)
    return packed.getvalue()


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, data in members.items():
            plain = data.startswith(b"%PDF-1.7")  # as programs leave what is packed already
            made.writestr(name, data, zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED)
    return path


def read(path: Path, ocr: Ocr | None = None) -> Document:
    (one,) = take_in(path).submissions
    return extract(path, one.file, one.sha256, one.media, ocr)


def refused(path: Path, ocr: Ocr | None = None) -> ReportError:
    with pytest.raises(ReportError) as caught:
        read(path, ocr)
    assert caught.value.reason.endswith("。")
    return caught.value


def test_the_only_report_of_an_archive_is_read_and_named(tmp_path: Path) -> None:
    members = {
        "材料/": b"",
        "材料/2022年报告.docx": report(),
        "材料/说明.txt": "请查收。".encode(),
        "材料/数据.csv": b"a,b\n1,2\n",
        "__MACOSX/._报告.docx": b"x",
        "材料/~$22年报告.docx": b"x",
    }
    document = read(packed(tmp_path / "甲.docx", members))
    assert (document.media, document.text) == ("zip", "公司保护环境。")
    ((code, sentence),) = document.warnings
    assert (code, "“材料/2022年报告.docx”" in sentence) == ("unpacked", True)
    assert "共 3 个文件" in sentence


def test_names_of_chinese_windows_are_shown_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "甲.zip"
    name = "责任报告.docx".encode("gb18030").decode("cp437")
    data = packed(path, {"_" * len("责任报告.docx".encode("gb18030")): report()}).read_bytes()
    path.write_bytes(data.replace(b"_" * len(name), name.encode("cp437")))
    assert "“责任报告.docx”" in read(path).warnings[0][1]


SEVERAL = {
    "第一部分.docx": report("一"), "第二部分.docx": report("二"),
    "上.pdf": b"%PDF-1.7 ", "下.pdf": b"%PDF-1.7",
}  # fmt: skip


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (SEVERAL, "archive_several"),
        ({"1.txt": "一。".encode(), "2.txt": "二。".encode()}, "archive_several"),
        ({}, "archive"),
        ({"报告.pdf": b"%PDF-1.7 not packed"}, "damaged"),
        ({"数据.csv": b"a,b"}, "archive"),
        ({"报告.zip": b"PK\5\6" + bytes(18)}, "archive"),
        ({"报告.docx": b"PK\3\4 cut off"}, "damaged"),
        ({"报告.pptx": b"Rar!", "说明.txt": "见附件。".encode()}, "archive"),
        ({"封面.png": b"\x89PNG\r\n\x1a\n"}, "image"),
    ],
    ids=["parts", "texts", "nothing", "stored", "data", "archive", "damaged", "rar", "picture"],
)  # fmt: skip
def test_archives_that_do_not_say_which_is_the_report(
    tmp_path: Path, members: dict[str, bytes], code: str
) -> None:
    fault = refused(packed(tmp_path / "甲.zip", members))
    assert fault.code == code
    assert code != "archive_several" or "合并为一个文件" in fault.reason


def test_an_archive_with_a_password_is_told(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "甲.zip", {"报告.docx": report()}).read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\1\2") + 8] |= 1
    (tmp_path / "甲.zip").write_bytes(data)
    assert refused(tmp_path / "甲.zip").code == "encrypted"


def test_a_part_that_should_lie_before_the_start_is_damaged(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "甲.zip", {"报告.docx": report()}).read_bytes())
    place = data.rindex(b"PK\5\6") + 16
    data[place] += 8  # where the directory begins; fuzz.py, seed 50058
    (tmp_path / "甲.zip").write_bytes(data)
    assert refused(tmp_path / "甲.zip").code == "damaged"


def test_archives_that_would_fill_the_disk_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"{number}.txt": b"x" for number in range(archive.MOST_FILES + 1)}
    assert refused(packed(tmp_path / "甲.zip", many)).code == "too_large"
    large = packed(tmp_path / "乙.zip", {"a.pdf": b"%PDF" + bytes(3 * 2**20)})
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 2**20)
    assert refused(large).code == "too_large"
    lying = bytearray(large.read_bytes())  # says one byte where three million come
    for head, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = lying.index(head) + at
        lying[place : place + 4] = (5).to_bytes(4, "little")
    large.write_bytes(lying)
    assert refused(large).code == "damaged"


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (folder := tmp_path / "in").mkdir()
    members = {"../../逃.docx": report(), "/tmp/zejian-escaped.csv": b"a,b", "a\n../b.csv": b"a,b"}
    document = read(packed(folder / "甲.zip", members))
    assert document.text == "公司保护环境。"
    assert "\n" not in document.warnings[0][1]
    assert {path.name for path in tmp_path.rglob("*")} == {"in", "甲.zip"}
    assert not Path("/tmp/zejian-escaped.csv").exists()


def page(width: int) -> Image.Image:
    """The first page of the scanned sample."""
    shown = pdfium.PdfDocument(SCAN)[0]
    return shown.render(scale=width / shown.get_width()).to_pil()


@needs_ocr
@pytest.mark.parametrize("name", ["页.jpg", "页.png", "页.tiff"])
def test_a_picture_of_pages_is_read_as_a_scan(tmp_path: Path, name: str) -> None:
    pages = [page(1240)] * (2 if name == "页.tiff" else 1)
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(tmp_path / name, **more)
    document = read(tmp_path / name, Ocr())
    assert (document.media, len(document.pages)) == ("image", len(pages))
    assert "一、企业概况" in document.text
    assert [code for code, _ in document.warnings] == ["ocr_pages"]
    assert document.pages[0].height == pytest.approx(842, abs=2)


@needs_ocr
def test_pictures_that_show_no_report_are_refused(tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), "green").save(tmp_path / "厂区.jpg")
    assert refused(tmp_path / "厂区.jpg", Ocr()).code == "image"
    page(1240).save(tmp_path / "页.png")
    assert refused(tmp_path / "页.png").code == "image"  # where OCR is not installed
    (tmp_path / "坏.png").write_bytes((tmp_path / "页.png").read_bytes()[:5000])
    assert refused(tmp_path / "坏.png", Ocr()).code == "damaged"
    Image.new("L", (99, 99)).save(tmp_path / "缺.tiff")
    data = bytearray((tmp_path / "缺.tiff").read_bytes())
    at = int.from_bytes(data[4:8], "little")  # a second page without tags; fuzz.py, seed 1033
    at += 2 + 12 * int.from_bytes(data[at : at + 2], "little")
    data[at : at + 4] = len(data).to_bytes(4, "little")
    (tmp_path / "缺.tiff").write_bytes(data + bytes(6))
    assert refused(tmp_path / "缺.tiff", Ocr()).code == "damaged"
    Image.new("1", (20_000, 20_000)).save(tmp_path / "巨.png")
    assert refused(tmp_path / "巨.png", Ocr()).code == "too_large"


def test_pictures_that_lie_together_are_pages_of_something(tmp_path: Path) -> None:
    for place, colour in (("甲/1.png", 0), ("甲/2.png", 9), ("乙/扫描.png", 99)):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        Image.new("L", (9, 9), colour).save(tmp_path / place)
    intake = take_in(tmp_path)
    assert [one.file for one in intake.submissions] == ["乙/扫描.png"]
    assert {one.file: one.code for one in intake.refused} == {
        "甲/1.png": "image",
        "甲/2.png": "image",
    }
    assert all("合并为一个 PDF" in one.reason for one in intake.refused)
