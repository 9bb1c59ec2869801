"""The review of a year as a Prefect flow: a task per report.

The only module that imports Prefect, and only a skin: ``pipeline.review`` does the work, in
``pipeline.hands``, of this machine or of a Dask cluster. With
PREFECT_API_URL the run shows in that server; without it our own ``pipeline.server`` runs for as
long as the flow does. Nothing else is ever contacted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.events.clients import NullEventsClient  # noqa: E402
from prefect.events.worker import EventsWorker  # noqa: E402
from prefect.futures import PrefectFuture, as_completed  # noqa: E402
from prefect.settings import (  # noqa: E402
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_HOME,
    temporary_settings,
)
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402

from pipeline.emit import Versions  # noqa: E402
from pipeline.hands import Hands, give_up  # noqa: E402
from pipeline.receipts import STATE, Receipt  # noqa: E402
from pipeline.review import (  # noqa: E402
    MACHINE_FAULTS,
    Job,
    OtherVersion,
    circumstances,
)
from pipeline.server import wait_for  # noqa: E402
from pipeline.workers import one_thread_each  # noqa: E402


class ReportFailed(Exception):
    """Lets a task fail, so that Prefect shows it and keeps no result; carries the receipt."""

    def __init__(self, receipt: Receipt):
        super().__init__(receipt)
        self.receipt = receipt

    def __str__(self) -> str:
        return self.receipt.outcome.code


def _is_machine_fault(_task: object, _run: object, state: Any) -> bool:
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, (BrokenProcessPool, *MACHINE_FAULTS))


@task(
    name="report",
    task_run_name="{file}",
    cache_policy=NO_CACHE,  # what was reviewed before lies in OUT, with its receipt
    retries=1,
    retry_condition_fn=_is_machine_fault,
)
def review_report(file: str, circumstances: str, review: Callable[..., Receipt]) -> Receipt:
    """Review one report in a worker; once more, with nothing beside it, if the machine failed.

    Args:
        file: Name shown in Prefect.
        circumstances: Digest of content, registration, versions and programme asked for.
        review: Reviews this report; takes ``alone``.
    """
    receipt = review(alone=runtime.task_run.run_count > 1)
    if receipt.outcome.status == "failed":
        raise ReportFailed(receipt)
    if receipt.circumstances != circumstances:
        raise OtherVersion
    return receipt


def review_reports(
    jobs: Sequence[Job],
    made_by: Versions,
    hands: Hands,
    seconds: float,
    tell: Callable[[Receipt], None],
    address: str | None,
) -> list[Receipt]:
    """Review many reports.

    Args:
        jobs: At least one, all with the same ``out``.
        made_by: Versions of what is to review them.
        hands: Who reviews them; already warm.
        seconds: Given to each report, besides the time for its pictures.
        tell: Called as each report is finished.
        address: Our own server, perhaps still starting; None: PREFECT_API_URL names one.

    Returns:
        A receipt of each job, in the order in which they finished.
    """
    receipts: list[Receipt] = []
    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=hands.count + 2)  # two prepare

    @flow(
        name="zejian",
        flow_run_name=f"{made_by.programme} {jobs[0].out.name}",
        task_runner=runner,
    )
    def review() -> None:
        waiting = {_submit(job, made_by, hands, seconds): job for job in jobs}
        for future in as_completed(list(waiting)):
            receipts.append(_receipt(future, waiting[future]))
            tell(receipts[-1])

    with _prefect(jobs[0].out, address):
        review()
    return receipts


def _unwatched(_: int) -> AbstractContextManager[Callable[[Receipt], None]]:
    return nullcontext(lambda _: None)  # Prefect shows each report as it is finished


@flow(name="zejian-year")
def review_folder(source: str, out: str, programme: str = "shanghai-2023") -> None:
    """``zejian review`` for a deployment of an office's server; settings as of its environment.

    Args:
        source: Folder of submissions, on that server, or URL.
        out: Where sheets and overview go; what was reviewed before is only looked up.
        programme: Name, or YAML file.

    Raises:
        BadUse: as ``review_year``.
    """
    one_thread_each()
    from pipeline import choices
    from pipeline.year import review_year

    settings = choices.settings()
    configuration = choices.configuration(programme, [], settings)
    review_year(source, out, configuration, settings, _unwatched)


def _submit(job: Job, made_by: Versions, hands: Hands, seconds: float) -> PrefectFuture[Any]:
    work = partial(hands.review, job, seconds + job.picture_seconds)
    return review_report.submit(job.submission.file, circumstances(job, made_by), work)


def _receipt(future: PrefectFuture[Any], job: Job) -> Receipt:
    found = future.result(raise_on_failure=False)
    if isinstance(found, Receipt):
        return found
    if isinstance(found, ReportFailed):
        return found.receipt
    return give_up(job, found)


@contextmanager
def _prefect(out: Path, address: str | None) -> Iterator[None]:
    """Prefect with its state in OUT, talking to our own server where it has one."""
    state = (out / STATE).resolve()
    own: dict[Any, Any] = {
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
