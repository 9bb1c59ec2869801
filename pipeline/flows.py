"""The review of a year as a Prefect flow: a task per report, results kept by content.

The only module that imports Prefect, and only a skin: ``pipeline.review`` does the work, in
``pipeline.workers``, of this machine or of a Dask cluster (``pipeline.cluster``). With
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
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402

from pipeline.cluster import Cluster, as_ours  # noqa: E402
from pipeline.emit import Versions  # noqa: E402
from pipeline.receipts import RECEIPT, STATE, Receipt  # noqa: E402
from pipeline.review import (  # noqa: E402
    MACHINE_FAULTS,
    Job,
    OtherVersion,
    circumstances,
    explain,
    failure,
    kept,
    review_file,
)
from pipeline.server import wait_for  # noqa: E402
from pipeline.workers import Workers, one_thread_each  # noqa: E402


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
    if receipt.circumstances != circumstances:
        raise OtherVersion
    facts: dict[str, Any] = RECEIPT.dump_python(receipt, mode="json")
    return facts


def review_reports(
    jobs: Sequence[Job],
    made_by: Versions,
    place: Workers | Cluster,
    seconds: float,
    tell: Callable[[Receipt], None],
    address: str | None,
) -> list[Receipt]:
    """Review many reports; those reviewed before under the same circumstances are only looked up.

    Args:
        jobs: At least one, all with the same ``out``.
        made_by: Versions of what reviews; part of the key of each kept result.
        place: Processes that review, of this machine or of a Dask cluster.
        seconds: Given to each report, besides the time for its pictures.
        tell: Called as each report is finished.
        address: Our own server, perhaps still starting; None: PREFECT_API_URL names one.

    Returns:
        A receipt of each job, in the order in which they finished.
    """
    year = _Year(jobs, made_by, place, seconds, tell)

    @flow(
        name="zejian",
        flow_run_name=f"{made_by.programme} {jobs[0].out.name}",
        task_runner=_runner(place),
    )
    def review() -> None:
        year.review()

    with _prefect(jobs[0].out, address):
        review()
    return year.receipts


def _unwatched(_: int) -> AbstractContextManager[Callable[[Receipt], None]]:
    return nullcontext(lambda _: None)  # Prefect shows each report as it is finished


@flow(name="zejian-year")
def review_folder(source: str, out: str, programme: str = "shanghai-2023") -> None:
    """``zejian review`` for a deployment of an office's server; settings as of its environment.

    Args:
        source: Folder of submissions, on that server.
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
    review_year(Path(source), Path(out), configuration, settings, _unwatched)


def _runner(place: Workers | Cluster) -> TaskRunner[Any]:
    if isinstance(place, Workers):
        return ThreadPoolTaskRunner(max_workers=place.count + 2)  # two prepare, the rest wait
    from prefect_dask.task_runners import DaskTaskRunner

    runner: TaskRunner[Any] = DaskTaskRunner(address=place.scheduler)
    return runner


class _Year:
    """What the flow does; its receipts grow as reports are finished."""

    def __init__(
        self,
        jobs: Sequence[Job],
        made_by: Versions,
        place: Workers | Cluster,
        seconds: float,
        tell: Callable[[Receipt], None],
    ):
        self._jobs, self._made_by, self._place = jobs, made_by, place
        self._seconds, self._tell = seconds, tell
        self.receipts: list[Receipt] = []

    def __reduce__(self) -> tuple[type[str], tuple[()]]:
        """Stay here: Prefect sends the whole flow along with every task that goes elsewhere."""
        return str, ()

    def review(self) -> None:
        """Submit every job; review anew what was kept but no longer lies in OUT."""
        waiting = {self._submit(job): job for job in self._jobs}
        stale: list[Job] = []
        for future in as_completed(list(waiting)):
            found = _receipt(future, waiting[future])
            cached = future.state.name == "Cached"
            receipt = kept(waiting[future], found) if cached else found
            if receipt is None:
                stale.append(waiting[future])
            else:
                self._take(receipt)
        again = {self._submit(job, again=True): job for job in stale}
        for future in as_completed(list(again)):
            self._take(_receipt(future, again[future]))

    def _submit(self, job: Job, again: bool = False) -> PrefectFuture[Any]:
        given = self._seconds + job.picture_seconds
        work = partial(self._place.run, review_file, job, seconds=given)
        facts = (job.submission.file, job.submission.sha256, circumstances(job, self._made_by))
        return review_report.with_options(refresh_cache=again).submit(*facts, work)

    def _take(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        self._tell(receipt)


def _receipt(future: PrefectFuture[Any], job: Job) -> Receipt:
    try:
        found = future.result(raise_on_failure=False)
    except Exception as fault:  # raised by Dask itself: the task did not come to an end
        found = as_ours(fault)
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
