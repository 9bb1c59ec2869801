"""What the codes of an index ask for: in words, and as indicators of frameworks in force."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pipeline.audit.codes import article_number
from pipeline.frameworks import Crosswalk, framework
from pipeline.resources import read_yaml, shipped

Target = tuple[str, str]  # framework id, indicator code
_CASS = ("cass_csr_3", "cass_csr_4", "cass_esg_5")


def targets(standard: str, code: str, in_force: frozenset[str]) -> frozenset[Target]:
    """Indicators that a code of an index stands for, of frameworks in force.

    Args:
        standard: gri, gri_g4, gri_g3, cass_csr_3, cass_csr_4, cass_esg_5, hkex, exchange_2024.
        code: As the index writes it.
        in_force: Ids of the frameworks that the report was matched with.
    """
    own = frozenset(_own(standard, code))
    direct = frozenset(target for target in own if target[0] in in_force)
    return direct or frozenset(t for t in _across(own) if t[0] in in_force)


@lru_cache(maxsize=4096)
def title(standard: str, code: str) -> str:
    """What the code asks for in words; "" where we do not know it."""
    known = _table(standard).get(_bare(code)) if standard in _tables() else None
    if known:
        return str(known[0])
    names = {(f, i.code): i.name for f in _frameworks(standard) for i in framework(f).indicators}
    return " ".join(names.get(target, "") for target in _own(standard, code)).strip()


def _own(standard: str, code: str) -> list[Target]:
    if standard == "exchange_2024":
        stem = f"A{article_number(code)}"
        codes = [i.code for i in framework(standard).indicators]
        return [(standard, c) for c in codes if c == stem or c.startswith((f"{stem}.", f"{stem}("))]
    if standard in _CASS:
        return [(standard, code)]
    if standard == "gri":
        return [("gri", one) for one in _gri(code)]
    return [("gri", one) for one in _codes(_table(standard).get(_bare(code)))]


def _gri(code: str) -> list[str]:
    """Disclosures in use now for a number as printed; 102-x and 103-x are those of 2016."""
    old = _codes(_tables()["gri_2016"].get(code))
    full = f"GRI {code}"
    current = [] if code.startswith(("102-", "103-")) else [full]
    return old or [_aliases().get(full, "")] + [c for c in current if c in _gri_codes()]


def _codes(known: list[str] | None) -> list[str]:
    """Codes of a row of the table: ``GRI 305-1 GRI 305-2``."""
    return [f"GRI {one.strip()}" for one in (known[1] if known else "").split("GRI")[1:]]


def _bare(code: str) -> str:
    return code.removeprefix("G4-")


def _table(standard: str) -> dict[str, list[str]]:
    tables = _tables()
    if standard == "gri_g3":
        return tables["gri_g4"] | tables["gri_g3"]
    return tables.get(standard, {})


def _frameworks(standard: str) -> tuple[str, ...]:
    return (standard,) if standard in (*_CASS, "exchange_2024") else ("gri",)


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    path = shipped("data", "lexicon", "index_codes.yaml")
    loaded: dict[str, dict[str, list[str]]] = read_yaml(path)
    return loaded


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    return {alias.code: i.code for i in framework("gri").indicators for alias in i.aliases}


@lru_cache(maxsize=1)
def _gri_codes() -> frozenset[str]:
    return frozenset(i.code for i in framework("gri").indicators)


def _across(own: Iterable[Target]) -> set[Target]:
    """Indicators of other frameworks that ask for the same thing."""
    wanted = set(own)
    found: set[Target] = set()
    for row in _rows():
        if wanted & row:
            found |= row
    return found - wanted


@lru_cache(maxsize=1)
def _rows() -> list[set[Target]]:
    folder = shipped("indicators", "crosswalks")
    walks = [Crosswalk.model_validate(read_yaml(path)) for path in sorted(folder.glob("*.yaml"))]
    return [
        {(name, code) for name, codes in row.codes.items() for code in codes}
        for walk in walks
        for row in walk.rows
    ]
