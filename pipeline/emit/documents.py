"""document.json: the text of a report with the place of every character."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.emit.contract import DOCUMENT, DocumentFile
from pipeline.emit.files import put
from pipeline.records import Document

NAME = "document.json"


def _facts(document: Document) -> dict[str, Any]:
    return {f.name: getattr(document, f.name) for f in fields(Document)}


def write_document(folder: Path, document: Document) -> None:
    """Write document.json into ``folder``."""
    put(folder / NAME, DOCUMENT.dump_json(DocumentFile(**_facts(document))))


def read_document(folder: Path) -> Document | None:
    """The document written to ``folder``; None if there is none this version can read."""
    try:
        found = DOCUMENT.validate_json((folder / NAME).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return Document(**_facts(found))
