"""People hurt in a report that says nobody was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.facts import Check
from pipeline.measure.units import plain
from pipeline.place import quote
from pipeline.records import Document

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_NOBODY = re.compile(
    r"(?:未发生|没有发生|未出现|无)(?:过)?(?:任何|一起|一例|各类)?(?:人员|人身|生产安全|安全生产)*(?:伤亡|重伤|死亡|工亡)"
    r"|零(?:伤亡|重伤|死亡|工亡)"
)
_ALL_YEAR = re.compile(r"全年|报告期|年内|20\d\d年|年度")
_HURT = re.compile(
    r"[造导]成[^,，。]{0,12}?[1-9]\d*\s?[人名](?:员工|职工)?(?:重伤|死亡|受伤|轻伤|身亡)"
    r"|(?:死亡|工亡|重伤)(?:事故)?[1-9]\d*\s?[人名起]"
)
_ELSE = re.compile(
    r"上年|去年|20\d\d年|案例|外部|警示|同行|近年|累计|如果|可能|目标|不超过|控制|以上|地震|台风|灾|救"
)
_KINDS = ("死亡", "工亡", "重伤", "轻伤", "受伤", "身亡")


def check_harm(document: Document) -> Iterator[Check]:
    """A year without casualties, and a sentence that counts some of the company's."""
    nobody = next((span for span in _said(document, _NOBODY) if _of_the_year(document, span)), None)
    hurt = next((span for span in _said(document, _HURT) if _ours(document, span)), None)
    if not nobody or not hurt:
        return
    places = tuple(quote(document, *span) for span in (nobody, hurt))
    claim, event = ("".join(place.quote.split()) for place in places)
    if not _denied(claim, event):
        return
    yield Check(
        kind="twice",
        severity="doubt",
        message="报告称全年没有人员伤亡，另一处又述及伤亡，请核实。",
        arithmetic=f"“{claim[-24:]}” ≠ “{event[-24:]}”",
        quotes=places,
    )


def _denied(claim: str, event: str) -> bool:
    """Whether the claim denies what the event tells: 伤亡 denies all, 死亡 only deaths."""
    if "伤亡" in claim:
        return True
    return any(kind in claim and kind in event for kind in _KINDS)


def _said(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Spans of sentences of the running text in which the pattern occurs."""
    for block in document.blocks:
        if block.kind == "text":
            text = plain(document.text[block.start : block.end])
            for found in _SENTENCE.finditer(text):
                if pattern.search(found.group()):
                    yield block.start + found.start(), block.start + found.end()


def _of_the_year(document: Document, span: tuple[int, int]) -> bool:
    return bool(_ALL_YEAR.search(document.text[slice(*span)]))


def _ours(document: Document, span: tuple[int, int]) -> bool:
    return not _ELSE.search(document.text[slice(*span)])
