"""Find what a review left, and write the letters to the companies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.choices import BadUse
from pipeline.emit.contract import RUN, RunFile
from pipeline.emit.files import put
from pipeline.emit.letter import BadTemplate, letter_docx
from pipeline.emit.letterview import letter
from pipeline.letter import Suggestion, suggestions
from pipeline.programmes import programme
from pipeline.reissue import ReviewAgain, Reviewed, reviewed
from pipeline.resources import shipped

TEMPLATE = shipped("data", "templates", "letter.docx")
NAME = "letter.docx"
_READ = ("done", "partial")


def write_letters(
    out: Path, submissions: Sequence[str], template: Path = TEMPLATE
) -> Iterator[Path]:
    """Write OUT/<submission>/letter.docx of each, of all reviewed reports if none is named.

    Raises:
        BadUse: OUT holds no such review, or the template is of no use.
    """
    try:
        form = template.read_bytes()
    except OSError as fault:
        raise BadUse(f"无法读取模板“{template}”。") from fault
    for name in submissions or review_names(out):
        left = open_review(out, name)
        rules = programme(left.receipt.programme)
        made = letter(left.score, suggested(left), left.frameworks, rules, left.made_by)
        try:
            content = letter_docx(made, form)
        except BadTemplate as fault:
            raise BadUse(str(fault)) from fault
        put(out / name / NAME, content)
        yield out / name / NAME


def suggested(left: Reviewed) -> tuple[Suggestion, ...]:
    """Suggestions of a review, decisions of experts in it."""
    return suggestions(left.score, left.frameworks, programme(left.receipt.programme))


def run_of(out: Path) -> RunFile:
    """What the last run into OUT told; BadUse where there was none."""
    try:
        return RUN.validate_json((out / "run.json").read_bytes())
    except (OSError, ValueError) as fault:
        raise BadUse(f"“{out}”中没有评审结果，请先运行 zejian review。") from fault


def review_names(out: Path) -> list[str]:
    """Submissions of OUT's last run with a finished review; BadUse where there is none.

    Folders of earlier runs stay in OUT, also of reports that have been withdrawn since.
    """
    found = sorted(one.submission for one in run_of(out).files if one.status in _READ)
    if not found:
        raise BadUse(f"“{out}”中没有读取成功的报告。")
    return found


def open_review(out: Path, name: str) -> Reviewed:
    """A review in OUT; BadUse where there is none, or it is not as the review left it."""
    if not (out / name / "findings.json").is_file():
        raise BadUse(f"“{out}”中没有“{name}”的评审结果；报告名即其文件夹名。")
    try:
        return reviewed(out, name)
    except ReviewAgain as fault:
        raise BadUse(f"{name}：{fault}") from fault
    except (FileNotFoundError, ValidationError) as fault:
        raise BadUse(f"{name}：评审结果由另一版本的程序写出，请重新评审。") from fault


def find_review(path: Path, out: Path | None) -> tuple[Reviewed, Path]:
    """The review that a user names, and its folder.

    Args:
        path: A submission's folder, or a report file reviewed into ``out``.
        out: OUT of that review.

    Raises:
        BadUse: there is none.
    """
    if path.is_dir():
        folder = path.resolve()
    elif not path.is_file():
        raise BadUse(f"找不到“{path}”。")
    elif out is None:
        raise BadUse("对照报告文件时，请用 --out 指明它们的评审结果所在的文件夹。")
    else:
        folder = out / _reviewed_as(path, out)
    return open_review(folder.parent, folder.name), folder


def _reviewed_as(path: Path, out: Path) -> str:
    """The submission whose report is that very file, by its digest."""
    mark = hashlib.sha256(path.read_bytes()).hexdigest()
    found = next((one.submission for one in run_of(out).files if one.sha256 == mark), "")
    if not found:
        raise BadUse(f"“{path.name}”尚未评审，请先运行 zejian review。")
    return found
