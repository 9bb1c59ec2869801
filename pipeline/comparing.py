"""Compare two reviewed versions of a report and write down what came of the suggestions."""

from __future__ import annotations

from pathlib import Path

from pipeline.choices import BadUse
from pipeline.emit.comparison import Comparison, comparison, write_comparison
from pipeline.letter.compare import Version, compare
from pipeline.letters import find_review, suggested
from pipeline.reissue import Reviewed


def compare_reviews(first: Path, revised: Path, out: Path | None) -> tuple[Path, Comparison]:
    """Write compare.html, .docx and .json into the revised version's folder.

    Args:
        first: The first version: its submission's folder, or the report file.
        revised: The revised one, likewise.
        out: OUT of the review, where report files are named.

    Returns:
        The folder and the comparison.

    Raises:
        BadUse: one of them is not reviewed, or they were reviewed by different guidelines.
    """
    (then, _), (now, folder) = find_review(first, out), find_review(revised, out)
    if [one.id for one in then.frameworks] != [one.id for one in now.frameworks]:
        raise BadUse("两稿评审所用的指南不同，无法对照；请用同样的指南重新评审。")
    changes = compare(_version(then), _version(now))
    made = comparison(then.score, now.score, changes)
    write_comparison(folder, made)
    return folder, made


def _version(left: Reviewed) -> Version:
    return Version(suggested(left), left.score, left.document)
