"""A worksheet that writes whole rows and links without XlsxWriter's checks, to the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.sharedstrings import SharedStringTable
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.utility import xl_rowcol_to_cell_fast as _place
from xlsxwriter.worksheet import Worksheet

from pipeline.emit.escape import cell

_LETTERS = tuple(map(xl_col_to_name, range(702)))  # of the columns, to ZZ


class Cells(NamedTuple):
    """The first cells of a row: (the tag's end with the value, format)."""

    cells: tuple[tuple[str, Format], ...]


class Strings(SharedStringTable):
    """A workbook's texts by number; those seen before are not looked through again."""

    def __init__(self) -> None:
        super().__init__()
        self._tags: dict[str, str] = {}  # all are in the workbook, whose life this is

    def tag(self, text: str) -> str:
        """The end of the tag of a cell that holds ``text``."""
        if known := self._tags.get(text):
            self.count += 1
            return known
        found = f' t="s"><v>{self._get_shared_string_index(cell(text))}</v></c>'
        return self._tags.setdefault(text, found)


class Tab(Worksheet):
    """A worksheet that writes plain cells, and whole rows of them, without XlsxWriter's checks.

    Half of a workbook's time went there. The bytes are the same (a test compares), but for the
    rows' spans, which are optional and which XlsxWriter itself leaves out at times.
    """

    def write_cells(self, row: int, cells: Sequence[tuple[str | float, Format]]) -> None:
        """Write the first columns of a row at once: text as text, numbers as numbers."""
        tag = self.str_table.tag
        self._check_dimensions(row, len(cells) - 1)
        self.table[row][0] = Cells(
            tuple(
                (tag(value) if isinstance(value, str) else f"><v>{value:.16G}</v></c>", form)
                for value, form in cells
            )
        )

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        if kind == "Cells":
            self.fh.write(
                "".join(
                    f'<c r="{_LETTERS[at]}{row + 1}" s="{form._get_xf_index()}"{tag}'
                    for at, (tag, form) in enumerate(cell.cells, col)
                )
            )
        elif cell.format is None or kind not in ("String", "Number"):
            super()._write_cell(row, col, cell)
        else:
            tag = f' t="s"><v>{cell[0]}' if kind == "String" else f"><v>{cell[0]:.16G}"
            style = cell.format._get_xf_index()
            self.fh.write(f'<c r="{_place(row, col)}" s="{style}"{tag}</v></c>')

    def _write_row(self, row: int, spans: Any, row_info: Any = None, empty_row: Any = 0) -> None:
        own = row_info and (row_info.row_format, row_info.hidden, row_info.level)
        if own == (None, False, 0) and not empty_row and self.excel_version == 2007:
            height = f"{row_info.height * 0.75:.16g}"
            usual = row_info.height == self.original_row_height == self.default_row_height
            high = "" if usual else f' ht="{height}" customHeight="1"'
            self.fh.write(f'<row r="{row + 1}"{high}>')
        else:  # 2010: with data bars
            super()._write_row(row, spans, row_info, empty_row)

    def _write_hyperlink_external(self, row: int, col: int, id_num: int, url: Url) -> None:
        if type(url) is not Link or url._is_object_link:
            super()._write_hyperlink_external(row, col, id_num, url)
        else:  # anchor and tip hold nothing to escape
            place = f'ref="{_place(row, col)}" r:id="rId{id_num}"'
            self.fh.write(f'<hyperlink {place} location="{url._anchor}" tooltip="{url._tip}"/>')

    def _calculate_spans(self) -> None:
        self.row_spans: dict[int, str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")  # ours hold none of the 140 functions it would look for


def _page() -> Url:
    url = Url("external:sheet.html#anchor")
    url.text, url.tip = "查看", "在网页版中查看上下文"
    return url


_PAGE = _page()


class Link(Url):
    """A link into sheet.html; parsing each would take as long as writing its row.

    Args:
        anchor: Of `escape.anchor` or of a quote: letters, digits and ``.-_~`` alone.
    """

    def __init__(self, anchor: str):
        self.__dict__.update(_PAGE.__dict__, _anchor=anchor)
