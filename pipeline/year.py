"""Review a year: find its reports, have each reviewed, write the overview."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage

from pipeline.choices import BadUse, Configuration
from pipeline.cluster import cluster
from pipeline.emit import Orphans, Times, Versions, Year, write_overview, write_run
from pipeline.frameworks import framework
from pipeline.hands import Hands, give_up, local
from pipeline.intake import Intake, take_in
from pipeline.places import OUT_IN_SOURCE, Here, here
from pipeline.receipts import STATE, Receipt
from pipeline.records import ReportError
from pipeline.review import (
    MACHINE_FAULTS,
    Job,
    kept,
    versions,
)
from pipeline.server import temporary_server
from pipeline.settings import Settings
from pipeline.workers import TooSlow

LEAST_FREE = 64 * 2**20  # bytes on the disk of OUT below which a run is not begun
Tell = Callable[[Receipt], None]
Watch = Callable[[int], AbstractContextManager[Tell]]  # shows progress of so many reports


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do: the folder as taken in, and a job for every submission."""

    places: Here
    intake: Intake
    jobs: tuple[Job, ...]


def review_year(
    source: Path | str,
    out: Path | str,
    configuration: Configuration,
    settings: Settings,
    watch: Watch,
) -> Year:
    """Review a folder, or a single file, into ``out``.

    Args:
        source: Folder of submissions, or one report; path or URL.
        out: Where the sheets and the overview go; made if need be; path or URL.
        configuration: Programme, frameworks and encoder.
        settings: Workers and time limit.
        watch: Called with the number of reports when several are reviewed.

    Raises:
        BadUse: nothing to review, or ``out`` cannot be used.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    planned = plan(source, out, configuration)
    places = planned.places
    with _only_user(places.out), places.only_run(), _told_of_the_disk(str(out)):
        places.fetch([job.submission.id for job in planned.jobs])
        made_by = versions(configuration)
        found = [kept(job, made_by) for job in planned.jobs]
        todo = [job for job, receipt in zip(planned.jobs, found, strict=True) if not receipt]
        receipts = [receipt for receipt in found if receipt]
        receipts += _review(todo, made_by, settings, watch)
        took, ended = time.monotonic() - clock, datetime.now(UTC)
        began, done = (t.isoformat(timespec="seconds") for t in (started, ended))
        times = Times(began, done, round(took, 1))
        year = _year(planned.intake, receipts, configuration, made_by)
        write_overview(places.out, year)
        write_run(places.out, year, _decisive(configuration, made_by, settings), times)
        places.finish()
    return year


def plan(source: Path | str, out: Path | str, configuration: Configuration) -> Plan:
    """Find what is to be reviewed; fetch it, if it lies in object storage.

    Raises:
        BadUse: ``source`` is not there or holds no report, or ``out`` lies in it.
    """
    places = here(str(source), str(out))
    folder = places.source
    if folder.is_dir() and places.out.resolve().is_relative_to(folder.resolve()):
        raise BadUse(OUT_IN_SOURCE)
    try:
        intake = take_in(folder)
    except ReportError as fault:
        raise BadUse(fault.reason) from fault
    refused = (*intake.refused, *places.refused)
    if not intake.submissions and not any(one.status == "failed" for one in refused):
        raise BadUse(f"“{source}”中没有报告（PDF、Word、网页、纯文本、压缩包或图片）。")
    root = folder if folder.is_dir() else folder.parent
    root, place = root.absolute(), places.out.absolute()  # for processes that run elsewhere
    jobs = (
        Job(one, root / one.file, place, configuration, places.carrier)
        for one in intake.submissions
    )
    return Plan(places, replace(intake, refused=refused), tuple(jobs))


@contextmanager
def _only_user(out: Path) -> Iterator[None]:
    """Refuse to write where another run is writing; the lock ends with the process."""
    try:
        (out / STATE).mkdir(parents=True, exist_ok=True)
        lock = (out / STATE / "lock").open("w")
        free = disk_usage(out).free
    except OSError as fault:
        raise BadUse(f"无法写入“{out}”：{fault.strerror}") from fault
    if free < LEAST_FREE:
        raise BadUse(f"“{out}”所在磁盘只剩 {free // 2**20} MB，请先腾出空间。")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise BadUse(f"另一个 zejian 正在写入“{out}”，请等它结束。") from fault
        yield


@contextmanager
def _told_of_the_disk(out: str) -> Iterator[None]:
    """What goes wrong with disk or storage outside of a report's own review ends the run."""
    try:
        yield
    except OSError as fault:
        told = fault.strerror or fault
        sentence = f"写入“{out}”时出错（{told}）；排除后再次运行同一命令会接着做。"
        raise BadUse(sentence) from fault


def _review(
    jobs: Sequence[Job], made_by: Versions, settings: Settings, watch: Watch
) -> list[Receipt]:
    if len(jobs) > 1:
        return _by_flow(jobs, made_by, settings, watch)
    return [_at_once(job, settings) for job in jobs]


def _at_once(job: Job, settings: Settings) -> Receipt:
    """Review a single report in a worker: that does not need the flow."""
    given = settings.seconds_per_report + job.picture_seconds
    with local(1, job.out / STATE / "server.pid", _memory(settings)) as hands:
        if job.configuration.encoder:  # it may have to be fetched: workers read off the network
            hands.warm(job.configuration)()
        try:
            return hands.review(job, given)
        except (TooSlow, BrokenProcessPool, *MACHINE_FAULTS) as fault:
            return give_up(job, fault)


def _memory(settings: Settings) -> int | None:
    """Bytes for a worker; a model of the user's own takes what it takes."""
    return None if settings.encoder else settings.memory_mb * 2**20


def _by_flow(
    jobs: Sequence[Job], made_by: Versions, settings: Settings, watch: Watch
) -> list[Receipt]:
    """Review in workers; they load the matcher while Prefect and its server start."""
    state = jobs[0].out / STATE
    ward = state / "server.pid"
    with ExitStack() as until_done:
        tell = until_done.enter_context(watch(len(jobs)))
        address = None
        if "PREFECT_API_URL" not in os.environ:
            address = until_done.enter_context(temporary_server(state / "prefect", ward))
        hands = until_done.enter_context(_hands(settings, len(jobs), ward))
        loaded = hands.warm(jobs[0].configuration)
        from pipeline.flows import review_reports

        loaded()
        return review_reports(jobs, made_by, hands, settings.seconds_per_report, tell, address)


def _hands(settings: Settings, reports: int, ward: Path) -> AbstractContextManager[Hands]:
    count = min(settings.workers, reports)
    if settings.runner == "dask":
        return cluster(settings.dask, count, _memory(settings))
    return local(count, ward, _memory(settings))


def _year(
    intake: Intake, receipts: Sequence[Receipt], configuration: Configuration, made_by: Versions
) -> Year:
    """The year in an order that does not depend on which report was finished first."""
    summaries = sorted((r.summary for r in receipts if r.summary), key=lambda s: s.submission)
    return Year(
        outcomes=sorted(
            [*intake.refused, *(receipt.outcome for receipt in receipts)], key=lambda o: o.file
        ),
        summaries={summary.submission: summary for summary in summaries},
        frameworks=[framework(name) for name in configuration.frameworks],
        versions=made_by,
        orphans=Orphans(intake.orphan_rows, intake.orphan_files),
        submissions=intake.submissions,
    )


def _decisive(
    configuration: Configuration, made_by: Versions, settings: Settings
) -> dict[str, str | float | tuple[str, ...]]:
    """Settings that decide on results, for run.json; the desk reviews again by them."""
    return {
        "last_year": str(configuration.last_year or ""),
        "programme": made_by.programme,
        "frameworks": tuple(name for name, _ in made_by.frameworks),
        "encoder": made_by.encoder,
        "seconds_per_report": settings.seconds_per_report,
        "ocr": made_by.ocr,
        "ocr_seconds": settings.ocr_seconds,
    }
