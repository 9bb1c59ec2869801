"""Who reviews: processes of this machine here, those of a Dask cluster in ``pipeline.cluster``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.choices import Configuration
from pipeline.receipts import Receipt
from pipeline.review import Job, explain, failure, review_file, warm
from pipeline.workers import Workers


class Hands(Protocol):
    """Review ``count`` reports at the same time."""

    @property
    def count(self) -> int:
        """How many."""

    def warm(self, configuration: Configuration) -> Callable[[], object]:
        """Begin to load the matcher everywhere.

        Returns:
            Waits until it is loaded; raises BadUse where the encoder cannot be had.
        """

    def review(self, job: Job, seconds: float, alone: bool = False) -> Receipt:
        """Review a report as soon as a hand is free.

        Args:
            job: The report.
            seconds: Given to it.
            alone: With nothing beside it.

        Raises:
            TooSlow, BrokenProcessPool, MemoryError, OSError, OtherVersion: see ``explain``.
        """


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine."""

    workers: Workers

    @property
    def count(self) -> int:
        """How many there are."""
        return self.workers.count

    def warm(self, configuration: Configuration) -> Callable[[], object]:
        """As ``Hands``."""
        return self.workers.everywhere(warm, configuration)

    def review(self, job: Job, seconds: float, alone: bool = False) -> Receipt:
        """As ``Hands``."""
        with job.carrier.changing(job.submission.id, job.out):
            return self.workers.run(review_file, job, seconds=seconds, alone=alone)


@contextmanager
def local(count: int, ward: Path, memory: int | None) -> Iterator[Local]:
    """So many processes until the block ends; arguments as of ``Workers``."""
    with Workers(count, ward, memory) as workers:
        yield Local(workers)


def give_up(job: Job, fault: object) -> Receipt:
    """Receipt of a report that could not be reviewed; sheets of an earlier run are withdrawn.

    Raises:
        OSError: what keeps OUT cannot be reached.
    """
    with job.carrier.changing(job.submission.id, job.out):
        return failure(job, *explain(fault))
