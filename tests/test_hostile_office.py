"""What a document wants of LibreOffice, beyond being read, it does not get."""

import shutil
import socket
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from pdfs import save
from PIL import Image

from pipeline.extract import extract, office
from pipeline.extract.office import convert
from pipeline.records import ReportError

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)

ODT = """<o:document-content xmlns:o="{0}office:1.0" xmlns:t="{0}text:1.0" xmlns:d="{0}drawing:1.0"
 xmlns:s="{0}script:1.0" xmlns:x="http://www.w3.org/1999/xlink" o:version="1.2"><o:scripts>
<o:event-listeners><s:event-listener s:language="ooo:script" s:event-name="dom:load" x:href=
 "vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document" x:type="simple"/>
</o:event-listeners></o:scripts><o:body><o:text><t:p>正文</t:p><t:p><d:frame
 t:anchor-type="as-char"><d:image x:href="http://127.0.0.1:{1}/x.png" x:type="simple"
 x:actuate="onLoad"/></d:frame></t:p><t:section t:name="s"><t:section-source x:href="{2}"
 x:type="simple"/><t:p>旧文</t:p></t:section></o:text></o:body></o:document-content>"""
MACRO = """<script:module xmlns:script="http://openoffice.org/2000/script" script:name="M"
 script:language="StarBasic">Sub Main
Open "{0}" For Output As #1
Close #1
End Sub</script:module>"""
LIBRARY = """<l:{0} xmlns:l="http://openoffice.org/2000/library" l:name="Standard">{1}</l:{0}>"""


def test_what_a_document_wants_run_or_fetched_is_left_alone(tmp_path: Path) -> None:
    """A macro that runs on opening, a section from another file, a picture from the network."""
    (secret := tmp_path / "secret.txt").write_text("机密", "utf-8")
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    with socket.create_server(("127.0.0.1", 0)) as server:
        parts = {
            "content.xml": ODT.format(name, server.getsockname()[1], secret.as_uri()),
            "Basic/script-lc.xml": LIBRARY.format("libraries", '<l:library l:name="Standard"/>'),
            "Basic/Standard/script-lb.xml": LIBRARY.format("library", '<l:element l:name="M"/>'),
            "Basic/Standard/M.xml": MACRO.format(tmp_path / "ran"),
        }
        told = "".join(f'<m:file-entry m:full-path="{p}" m:media-type="text/xml"/>' for p in parts)
        kind = "application/vnd.oasis.opendocument.text"
        root = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        with zipfile.ZipFile(tmp_path / "a.odt", "w") as package:
            package.writestr("mimetype", kind)
            manifest = f'<m:manifest xmlns:m="{name}manifest:1.0">{root}{told}</m:manifest>'
            package.writestr("META-INF/manifest.xml", manifest)
            for part, content in parts.items():
                package.writestr(part, content)
        assert extract(tmp_path / "a.odt", "a", "0", "doc").text == "正文\n旧文"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert not (tmp_path / "ran").exists()


def test_a_field_of_rtf_shows_no_picture_of_this_machine(tmp_path: Path) -> None:
    Image.effect_noise((99, 99), 9).save(tmp_path / "of ours.png")
    wants = rb'{\b INCLUDE}{PICTURE "%s"}' % bytes(tmp_path / "of ours.png")
    field = rb"{\field{\*\fldinst %s}{\fldrslt shown before}}" % wants
    link = rb'{\field{\*\fldinst HYPERLINK "http://127.0.0.1/"}{\fldrslt a link}}'
    path = save(tmp_path, rb"{\rtf1 words %s and %s\par}" % (field, link), "a.rtf")
    assert extract(path, "a", "0", "doc").text == "words shown before and a link"
    page = pdfium.PdfDocument(convert(path, tmp_path, "pdf"))[0]  # as the desk shows it
    assert pdfium_c.FPDF_PAGEOBJ_IMAGE not in {one.type for one in page.get_objects()}


def test_what_keeps_libreoffice_busy_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "CONVERSION_SECONDS", 4)
    deep = b"{" * 20_000 + b"}" * 20_000  # fuzz.py --what office, seed 70
    table = rb"{\*\listoverridetable{\listoverride}%s}" % deep
    path = save(tmp_path, rb"{\rtf1%s words\par}" % table, "a.rtf")
    with pytest.raises(ReportError, match="timeout"):
        extract(path, "a", "0", "doc")
