"""Write docs/*.schema.json anew, after a change of the contract; a test compares.

Usage: ``python scripts/write_schemas.py``
"""

from __future__ import annotations

from pathlib import Path

from pipeline.emit.contract import SCHEMAS, schema_text

DOCS = Path(__file__).resolve().parent.parent / "docs"

for name in SCHEMAS:
    (DOCS / f"{name}.schema.json").write_text(schema_text(name), "utf-8")
