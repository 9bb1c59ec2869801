"""What a review left in OUT, and whether it still lies there; the desk reads it too."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.emit.decisions import NAME as DECISIONS
from pipeline.emit.files import put
from pipeline.emit.summary import Summary
from pipeline.records import FileOutcome

STATE = ".zejian"  # folder of OUT that holds what later runs need and no reader does
FILES = ("document.json", "findings.json", "sheet.html", "sheet.xlsx")
WRITTEN_IN = "sheet.xlsx"  # the file in which experts write


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a review left: its outcome, its row of the overview and its files' digests."""

    outcome: FileOutcome
    summary: Summary | None = None  # None: the report failed
    extractor: str = ""
    files: tuple[tuple[str, str], ...] = ()  # (name, SHA-256) as written
    frameworks: tuple[str, ...] = ()  # as the user named them: ids, or YAML files
    programme: str = ""  # likewise
    circumstances: str = ""  # digest of all that decided on Zejian's own conclusions
    decisions: str = ""  # SHA-256 of the decisions.json that was applied; "" for none


RECEIPT = TypeAdapter(Receipt)


def receipt_path(out: Path, submission: str) -> Path:
    """Where the receipt of a submission lies in ``out``."""
    return out / STATE / "receipts" / f"{submission}.json"


def read_receipt(out: Path, submission: str) -> Receipt | None:
    """The receipt of the last review into OUT/<submission>; None if there is none we can read."""
    try:
        return RECEIPT.validate_json(receipt_path(out, submission).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def write_receipt(out: Path, receipt: Receipt) -> None:
    """Keep a receipt; the last thing a review does."""
    put(receipt_path(out, receipt.outcome.submission), RECEIPT.dump_json(receipt))


def as_left(out: Path, receipt: Receipt) -> bool:
    """Whether the files of ``receipt`` still lie in OUT as it left them.

    sheet.xlsx only has to be there: what an expert wrote in it does not make it stale.
    """
    folder = out / receipt.outcome.submission
    if not (folder / WRITTEN_IN).is_file():
        return False
    kept = (pair for pair in receipt.files if pair[0] != WRITTEN_IN)
    return all(sha256_of(folder / name) == sha256 for name, sha256 in kept)


def up_to_date(out: Path, receipt: Receipt) -> bool:
    """Whether it was made with the decisions that lie there now."""
    return receipt.decisions == sha256_of(out / receipt.outcome.submission / DECISIONS)


def file_digests(folder: Path) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256) of the files that a review writes into ``folder``."""
    return tuple((name, sha256_of(folder / name)) for name in FILES)


def set_aside(folder: Path, receipt: Receipt | None) -> Path | None:
    """Move a sheet.xlsx that is not as we left it (an expert's) to a name of its own."""
    sheet = folder / WRITTEN_IN
    if not sheet.is_file() or (receipt and dict(receipt.files)[WRITTEN_IN] == sha256_of(sheet)):
        return None
    number = 1
    while (aside := sheet.with_name(f"sheet.edited-{number}.xlsx")).exists():
        number += 1
    os.replace(sheet, aside)
    return aside


def drop_twin(aside: Path | None, folder: Path) -> None:
    """Remove what was set aside if nobody wrote in it: a killed run left it without a receipt."""
    if aside and sha256_of(aside) == sha256_of(folder / WRITTEN_IN):
        aside.unlink()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file; "" if there is none."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
