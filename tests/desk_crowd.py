"""Some experts at once, each in a thread, in a process of their own: see test_desk_store."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from desk_store import choice

from pipeline.desk.store import accounts, board, rulings
from pipeline.desk.store.database import Store, open_url


def work(store: Store, number: int, decisions: int) -> None:
    submission = f"报告{number // 2}"
    with store.read() as db:
        me = accounts.user_named(db, f"e{number}")
    for level in (2, 3):
        for n in range(decisions):
            with store.write() as db:
                rulings.decide(db, me, submission, choice(f"GRI 2-{n}", level=level))
    with store.write() as db:
        board.sign(db, me, submission)


if __name__ == "__main__":
    address, decisions, first, last = sys.argv[1], *map(int, sys.argv[2:])
    opened = open_url(address)
    with ThreadPoolExecutor(last - first) as crowd:
        for done in [crowd.submit(work, opened, n, decisions) for n in range(first, last)]:
            done.result()
