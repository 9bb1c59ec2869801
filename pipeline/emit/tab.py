"""Whole rows of a worksheet written at once, and a workbook packed quickly.

XlsxWriter checks and keeps every cell by itself, and writes a relationship for every link:
that was a fifth of a review. It still writes all that is not a row of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStringTable
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from pipeline.emit.escape import cell

_LETTERS = tuple(map(xl_col_to_name, range(702)))  # of the columns, to ZZ
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SST = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
_LEVEL = 2  # of compression: a third of the time of the usual 6, and files a sixth larger
_DAY = (1980, 1, 1, 0, 0, 0)  # as XlsxWriter and Excel date the parts


class Link(NamedTuple):
    """A cell that leads into this workbook, or into the file ``target`` beside it."""

    text: str
    attributes: str  # of the hyperlink, escaped: location, tooltip
    target: str = ""


class Formula(NamedTuple):
    """A formula of ours without its ``=``, blank until it is calculated."""

    text: str


Value = str | float | None | Link | Formula


class Tab(Worksheet):
    """A worksheet with rows that are written whole, below those written cell by cell."""

    str_table: Strings

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._links: list[str] = []
        self._targets: dict[str, int] = {}  # numbers of their relationships
        self._top = 0  # the first row written whole

    def write_line(
        self, row: int, cells: Sequence[tuple[Value, Format]], height: float | None = None
    ) -> None:
        """Write the first columns of a row: text as text, whatever it looks like.

        Args:
            row: Below all rows written before.
            cells: What is in them and how it looks.
            height: In points; None for the tab's own.
        """
        self._check_dimensions(row, len(cells) - 1)
        self._top = self._top or row
        at, tag = str(row + 1), self.str_table.tag
        told = [
            f'<c r="{letter}{at}" s="{form.xf_index or form._get_xf_index()}"'
            f"{tag(value) if isinstance(value, str) else self._other(letter + at, value)}"
            for letter, (value, form) in zip(_LETTERS, cells, strict=False)
        ]
        high = "" if height is None else f' ht="{_pixels(height) * 0.75:.16g}" customHeight="1"'
        self._lines.append(f'<row r="{at}"{high}>{"".join(told)}</row>')

    def _other(self, place: str, value: float | Link | Formula | None) -> str:
        if value is None:
            return "/>"
        if isinstance(value, Link):
            self._links.append(self._link(place, value))
            return self.str_table.tag(value.text)
        if isinstance(value, Formula):
            return f"><f>{escape(value.text, quote=False)}</f><v></v></c>"
        return f"><v>{value:.16G}</v></c>"

    def _link(self, place: str, link: Link) -> str:
        if not link.target:
            return f'<hyperlink ref="{place}" {link.attributes}/>'
        # one relationship serves all links to a file
        number = self._targets.setdefault(link.target, len(self._targets) + 1)
        return f'<hyperlink ref="{place}" r:id="rId{number}" {link.attributes}/>'

    def _write_rows(self) -> None:
        if self._lines:  # the others are all above
            self.dim_rowmax = self._top - 1
        super()._write_rows()
        self.fh.write("".join(self._lines))

    def _write_hyperlinks(self) -> None:
        if not self._links:
            super()._write_hyperlinks()
            return
        self.rel_count += len(self._targets)
        self.external_hyper_links += [["/hyperlink", name, "External"] for name in self._targets]
        self.fh.write(f"<hyperlinks>{''.join(self._links)}</hyperlinks>")


def _pixels(points: float) -> int:
    return int(points * 4 / 3 + 0.5)


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

    def xml(self) -> str:
        """The part of the package that holds the texts."""
        told = "".join(map(_si, self.string_array))
        head = f'{_HEAD}{_SST}count="{self.count}" uniqueCount="{self.unique_count}">'
        return f"{head}{told}</sst>"


def _si(text: str) -> str:
    if "_x" in text:  # Excel would read _x0041_ as A
        text = XMLwriter._escape_control_characters(text)
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<si><t{space}>{escape(text, quote=False)}</t></si>"


class _Parts(Packager):
    def _write_shared_strings_file(self) -> None:
        self._filename("xl/sharedStrings.xml").write(self.workbook.str_table.xml())

    def _create_package(self) -> list[Any]:
        self.workbook.parts = super()._create_package()
        return []


class Packed(Workbook):
    """A workbook in memory, of `Tab`s."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), {"in_memory": True})
        self.str_table, self.parts = Strings(), list[Any]()

    def _get_packager(self) -> Packager:
        return _Parts()

    def bytes(self) -> bytes:
        """Close the workbook and return it."""
        self.close()
        content = BytesIO()
        with ZipFile(content, "w", ZIP_DEFLATED) as packed:
            for part, name, binary in self.parts:
                told = part.getvalue() if binary else part.getvalue().encode()
                packed.writestr(ZipInfo(name, _DAY), told, ZIP_DEFLATED, _LEVEL)
        return content.getvalue()
