"""Files anew after what experts decided; in the background, since it may take a second."""

from __future__ import annotations

import logging

from pipeline.desk.seat import Desk
from pipeline.desk.store.publish import publish
from pipeline.reissue import ReviewAgain

_log = logging.getLogger(__name__)


def publish_soon(desk: Desk, submission: str, by: str) -> None:
    """Write what is in force into OUT; what cannot be written now the next review applies."""
    try:
        publish(desk.store, desk.shelf.out, submission, by)
    except (ReviewAgain, OSError) as fault:
        _log.warning("%s: decisions wait for the next review (%s)", submission, fault)
