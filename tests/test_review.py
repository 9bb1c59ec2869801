"""One submission through the stages: what a second review leaves alone."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from run import write_report

from pipeline.choices import Configuration
from pipeline.receipts import FILES
from pipeline.records import Submission
from pipeline.review import Job, kept, review_file, versions

CONFIGURATION = Configuration("shanghai-2023", ("gbt36000",), None)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    path = tmp_path / "甲.txt"
    write_report(path, 3)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Job(Submission("甲", "甲.txt", sha256, "txt"), path, tmp_path / "out", CONFIGURATION)


def test_the_same_review_leaves_the_same_bytes(job: Job) -> None:
    first = review_file(job)
    assert {p.name for p in job.folder.iterdir()} == set(FILES)
    assert kept(job, versions(CONFIGURATION)) == first
    assert review_file(job) == first
    assert {p.name for p in job.folder.iterdir()} == set(FILES)


def test_what_an_expert_wrote_is_never_lost(job: Job) -> None:
    receipt = review_file(job)
    sheet = job.folder / "sheet.xlsx"
    sheet.write_bytes(b"what the expert saved")
    assert kept(job, versions(CONFIGURATION)) == receipt
    other = replace(job, configuration=replace(CONFIGURATION, frameworks=("iso26000",)))
    review_file(other)
    assert (job.folder / "sheet.edited-1.xlsx").read_bytes() == b"what the expert saved"


def test_another_framework_reads_the_document_again_not_the_file(job: Job) -> None:
    review_file(job)
    job.path.unlink()
    other = replace(job, configuration=replace(CONFIGURATION, frameworks=("iso26000",)))
    assert review_file(other).outcome.status == "done"


def test_a_report_that_no_longer_opens_keeps_no_sheet(job: Job) -> None:
    review_file(job)
    job.path.write_bytes(b"%PDF-1.7 torn")
    torn = replace(job.submission, sha256="0" * 64, media="pdf")
    receipt = review_file(replace(job, submission=torn))
    assert receipt.outcome.status == "failed"
    assert receipt.outcome.reason
    assert not list(job.folder.iterdir())
