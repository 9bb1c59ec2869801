"""Files anew after what experts decided; in the background, since it may take a second."""

from __future__ import annotations

import logging
from pathlib import Path

from pipeline.desk.behind import Behind
from pipeline.desk.seat import Desk
from pipeline.desk.store.publish import publish
from pipeline.reissue import ReviewAgain, renew_overview

_log = logging.getLogger(__name__)


def publish_soon(desk: Desk, submission: str, by: str) -> None:
    """Write what is in force into OUT, and the overview after it.

    What cannot be written now the next review applies.
    """
    try:
        publish(desk.store, desk.shelf.out, submission, by)
    except (ReviewAgain, OSError) as fault:
        _log.warning("%s: decisions wait for the next review (%s)", submission, fault)
    desk.overview.begin()


def overview_of(out: Path) -> Behind:
    """What renews the year's overview: many reports decided at once make it one turn or two."""

    def renew() -> None:
        try:
            renew_overview(out)
        except (ReviewAgain, OSError) as fault:
            _log.warning("the overview waits for the next review (%s)", fault)

    return Behind(renew)
