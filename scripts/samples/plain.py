"""A plain text sample as an old Windows editor saves it."""

from __future__ import annotations

from samples.source import Block, Heading, Source, Table, Text

ENCODING = "gb18030"


def build_txt(source: Source) -> bytes:
    """The text file of a sample: one paragraph a line, tables by tabs, GB 18030, CRLF."""
    lines = [*source.title, ""]
    for block in source.blocks:
        lines += _lines(block)
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return ["", block.text]
    if isinstance(block, Table):
        return [block.caption, *("\t".join(row) for row in block.rows)]
    if isinstance(block, Text):
        return ["　　" + block.text]
    raise TypeError(f"a plain text sample has no {type(block).__name__}")
