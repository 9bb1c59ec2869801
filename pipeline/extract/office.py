"""LibreOffice as a converter: documents that are not ours, read by a program that is not ours."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pipeline.records import ReportError

CONVERSION_SECONDS = 180
_FIELD, _NO_FIELD = b"\\fldinst", b"\\*\\fldxx"  # of one length, as places in a file may be counted
# No macros, and no fetching of what a document links to, from elsewhere or from this machine.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item></oor:items>
"""


def convert(path: Path, folder: Path, kind: Literal["docx", "pdf"]) -> Path:
    """Convert a Word, RTF, WPS or ODT file.

    Args:
        path: The file.
        folder: An empty one, for the result and all that LibreOffice leaves.
        kind: What to make of it.

    Returns:
        The file made, in ``folder``.

    Raises:
        ReportError: ``no_converter`` without LibreOffice, ``timeout``, ``damaged``.
    """
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise ReportError(
            "no_converter",
            "本机未装 LibreOffice，无法读取旧版 Word（.doc、.wps）、RTF 或 ODT 文件；"
            "请企业另存为 .docx 或 PDF 后重新提交。",
        )
    # A profile of its own: two conversions at once with one profile fail.
    profile, source, out = folder / "profile", folder / "report.doc", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    _copy(path, source)
    command = [
        soffice, "--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--convert-to", kind, "--outdir", str(out), str(source),
    ]  # fmt: skip
    _run(command)
    converted = out / f"report.{kind}"
    if not converted.is_file():  # soffice returns 0 even when it could not load the file
        raise ReportError("damaged", "Word 文件已损坏，无法打开，请企业检查后重新提交。")
    return converted


def _copy(path: Path, into: Path) -> None:
    """Copy a file; of RTF without what its fields want: their last results stay.

    LibreOffice keeps to its profile in all formats but this one, where a field may still name
    any picture of this machine.
    """
    with path.open("rb") as stream:
        if stream.read(5) == b"{\\rtf":
            into.write_bytes(path.read_bytes().replace(_FIELD, _NO_FIELD))
        else:
            shutil.copyfile(path, into)


# Should this process be ended meanwhile, the conversion, which may never end, goes along.
_GUARDED = """worker=$PPID
(while kill -0 "$worker"; do sleep 1; done; kill -9 0) &
exec "$@"
"""


def _run(command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    guarded = ["/bin/sh", "-c", _GUARDED, "sh", *command]
    process = subprocess.Popen(guarded, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        process.wait(CONVERSION_SECONDS)
    except subprocess.TimeoutExpired:
        raise ReportError(
            "timeout", "旧版 Word、RTF 或 ODT 文件转换超时，请企业另存为 .docx 或 PDF 后重新提交。"
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started, and what watches over it
        process.wait()
