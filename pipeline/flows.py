"""The review of a year as a Prefect flow: a task per report, results kept by content.

The only module that imports Prefect, and only a skin: ``pipeline.review`` does the work, in
``pipeline.workers``. With PREFECT_API_URL the run shows in that server; without it our own
``pipeline.server`` runs for as long as the flow does. Nothing else is ever contacted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

# Read by Prefect when it is imported: no telemetry, no log lines between our own.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
}.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, runtime, task  # noqa: E402
from prefect.cache_policies import INPUTS  # noqa: E402
from prefect.events.clients import NullEventsClient  # noqa: E402
from prefect.events.worker import EventsWorker  # noqa: E402
from prefect.futures import PrefectFuture, as_completed  # noqa: E402
from prefect.settings import (  # noqa: E402
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_HOME,
    PREFECT_LOCAL_STORAGE_PATH,
    temporary_settings,
)
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from pipeline.emit import Versions  # noqa: E402
from pipeline.receipts import RECEIPT, STATE, Receipt  # noqa: E402
from pipeline.review import (  # noqa: E402
    MACHINE_FAULTS,
    Job,
    circumstances,
    explain,
    failure,
    kept,
    review_file,
)
from pipeline.server import wait_for  # noqa: E402
from pipeline.workers import Workers  # noqa: E402


class ReportFailed(Exception):
    """Lets a task fail, so that Prefect shows it and keeps no result; carries the receipt."""

    def __init__(self, receipt: Receipt):
        super().__init__(receipt.outcome.code)
        self.receipt = receipt


def _is_machine_fault(_task: object, _run: object, state: Any) -> bool:
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, (BrokenProcessPool, *MACHINE_FAULTS))


@task(
    name="report",
    task_run_name="{file}",
    cache_policy=INPUTS - "file" - "review",
    persist_result=True,
    result_serializer="json",
    retries=1,
    retry_condition_fn=_is_machine_fault,
)
def review_report(
    file: str, sha256: str, circumstances: str, review: Callable[..., Receipt]
) -> dict[str, Any]:
    """Review one report in a worker; once more, with nothing beside it, if the machine failed.

    Args:
        file: Name shown in Prefect.
        sha256: Content of the report; with ``circumstances`` the key of the kept result.
        circumstances: Digest of registration, versions and programme.
        review: Reviews this report; takes ``alone``.
    """
    receipt = review(alone=runtime.task_run.run_count > 1)
    if receipt.outcome.status == "failed":
        raise ReportFailed(receipt)
    return RECEIPT.dump_python(receipt, mode="json")


def review_reports(
    jobs: Sequence[Job],
    made_by: Versions,
    workers: Workers,
    seconds: float,
    tell: Callable[[Receipt], None],
    address: str | None,
) -> list[Receipt]:
    """Review many reports; those reviewed before under the same circumstances are only looked up.

    Args:
        jobs: At least one, all with the same ``out``.
        made_by: Versions of what reviews; part of the key of each kept result.
        workers: Processes that review.
        seconds: Given to each report, besides the time for its pictures.
        tell: Called as each report is finished.
        address: Our own server, perhaps still starting; None: PREFECT_API_URL names one.

    Returns:
        A receipt of each job, in the order in which they finished.
    """
    receipts: list[Receipt] = []

    @flow(
        name="zejian",
        flow_run_name=f"{made_by.programme} {jobs[0].out.name}",
        task_runner=ThreadPoolTaskRunner(max_workers=workers.count + 2),  # two prepare, rest wait
    )
    def review() -> None:
        def submit(job: Job, again: bool = False) -> PrefectFuture[Any]:
            given = seconds + job.picture_seconds
            work = partial(workers.run, review_file, job, seconds=given)
            facts = (job.submission.file, job.submission.sha256, circumstances(job, made_by))
            return review_report.with_options(refresh_cache=again).submit(*facts, work)

        waiting = {submit(job): job for job in jobs}
        stale = []
        for future in as_completed(list(waiting)):
            receipt = _receipt(future, waiting[future])
            if future.state.name == "Cached":
                receipt = kept(waiting[future], receipt)
            if receipt is None:
                stale.append(waiting[future])
                continue
            receipts.append(receipt)
            tell(receipt)
        again = {submit(job, again=True): job for job in stale}
        for future in as_completed(list(again)):
            receipts.append(_receipt(future, again[future]))
            tell(receipts[-1])

    with _prefect(jobs[0].out, address):
        review()
    return receipts


def _receipt(future: PrefectFuture[Any], job: Job) -> Receipt:
    found = future.result(raise_on_failure=False)
    if isinstance(found, dict):
        return RECEIPT.validate_python(found)
    if isinstance(found, ReportFailed):
        return found.receipt
    return failure(job, *explain(found))


@contextmanager
def _prefect(out: Path, address: str | None) -> Iterator[None]:
    """Prefect with its state in OUT, talking to our own server where it has one."""
    state = (out / STATE).resolve()
    own: dict[Any, Any] = {
        PREFECT_LOCAL_STORAGE_PATH: state / "results",
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # its thread sleeps a second at every end
    }
    if address:
        own |= {PREFECT_HOME: state / "prefect", PREFECT_API_URL: address}
        EventsWorker.set_client_override(NullEventsClient)  # half the cost, and nobody watches
        wait_for(address)
    with temporary_settings(own):
        try:
            yield
        finally:
            EventsWorker.drain_all()  # while the server is still there to talk to
            EventsWorker.set_client_override(None)
