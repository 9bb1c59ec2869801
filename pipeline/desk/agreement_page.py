"""How far experts agree, and where they and Zejian do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from pipeline.desk.render import page
from pipeline.desk.seat import Seat, Sitting
from pipeline.desk.store import accounts, audit, board
from pipeline.desk.store.database import Connection
from pipeline.frameworks import framework

if TYPE_CHECKING:
    from pipeline.desk.store.agreement import Agreement

router = APIRouter()
SHOWN = 60  # indicators in each list; the rest agrees


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures."""

    name: str
    code: str
    figures: Agreement


@router.get("/agreement")
def show_agreement(seat: Sitting) -> Response:
    """Figures over all, per framework, per pair of experts and per indicator."""
    seat.demand("agreement")
    with seat.desk.store.write() as db:  # figures tell of decisions: a look is written down
        audit.log(db, seat.user.name, "agreement")
    with seat.desk.store.read() as db:
        stamps = board.stamps(db)
        told = seat.desk.remembered("agreement", stamps, lambda: _worked_out(db, seat))
    return page("agreement", seat, **told)


def _worked_out(db: Connection, seat: Seat) -> dict[str, Any]:
    """The page's values: seconds of a year's decisions."""
    from pipeline.desk.store import agreement as figures  # a second: scikit-learn

    pairs = figures.pairs(db, seat.user)
    apart = figures.with_zejian(db, seat.user)
    shown = {one.name: one.shown for one in accounts.all_users(db)}
    by_indicator = figures.by_indicator(pairs).items()
    told = [Line(_indicator(*about), about[1], one) for about, one in by_indicator]
    told.sort(key=lambda one: (1.0 if one.figures.same is None else one.figures.same, one.code))
    by_experts = figures.by_experts(pairs).items()
    return {
        "whole": figures.agreement(pairs),
        "frameworks": [Line(_short(f), f, n) for f, n in figures.by_framework(pairs).items()],
        "experts": [
            Line("、".join(shown.get(n, n) for n in names), "", one) for names, one in by_experts
        ],
        "indicators": told[:SHOWN],
        "apart": [(_indicator(d.framework, d.indicator), d) for d in apart if d.overruled][:SHOWN],
    }


def _short(name: str) -> str:
    try:
        return framework(name).short
    except KeyError:
        return name


def _indicator(name: str, code: str) -> str:
    try:
        known = framework(name)
    except KeyError:
        return code
    named = next((one.name for one in known.indicators if one.code == code), code)
    return f"{named}（{known.short}）"
