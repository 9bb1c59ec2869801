"""The tables of facts as sheet.js draws them."""

from __future__ import annotations

from typing import Any

from pipeline.emit.tables import Badge, Quotes, Table, Value, mark, where
from pipeline.emit.view import View


def panels(view: View) -> dict[str, Any]:
    """By a table's id: ``columns`` [name, kind] and ``rows``.

    A badge is [tone, label], quotes are [[anchor, place, words], ...], all else is itself.
    """
    return {table.id: _panel(table) for table in view.tables}


def _panel(table: Table) -> dict[str, Any]:
    return {
        "columns": [[column.name, column.kind] for column in table.columns],
        "rows": [list(map(_value, row)) for row in table.rows],
    }


def _value(value: Value) -> Any:
    if isinstance(value, Badge):
        return [value.tone, value.label]
    if isinstance(value, Quotes):
        return [[mark(q), where(q), words] for q, words in value.shown()]
    return value
