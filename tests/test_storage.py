"""Submissions and OUT in object storage: an S3 server over HTTP, and zejian as a user runs it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run import COMMAND, environment, tree, write_report, write_year, zejian

pytest.importorskip("s3fs", reason="the extra storage is not installed")
pytest.importorskip("moto", reason="no S3 server to test with: the extra dev is not installed")

from bucket import Bucket, Server, serve

from pipeline.choices import BadUse, Configuration
from pipeline.storage import placeable
from pipeline.year import plan

REPORTS = 5
OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")
CHOSEN = Configuration("shanghai-2023", ("gbt36000",), None)
HOSTILE = ("../../evil.txt", "a//b.txt", "02号.txt/inside.txt", f"{'长' * 90}.txt", "x?versionId=1")
ODD = "-rf [1]*?#%2e%2e&<b>.txt"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_year(tmp_path_factory.mktemp("year"), REPORTS)
    write_report(folder / ODD, 77)
    return folder


@pytest.fixture(scope="module")
def local(source: Path, prefect: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    run = zejian("review", source, "--out", out, *OPTIONS, PREFECT_API_URL=prefect)
    assert run.returncode == 0, run.stderr
    return out


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


@pytest.fixture
def here(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Environment of a machine that can reach the server."""
    found = {**server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def bucket(source: Path, server: Server) -> Bucket:
    """A bucket with the year's reports."""
    found = Bucket(server)
    found.upload(source, "in")
    return found


def review(bucket: Bucket, *options: str) -> tuple[str, ...]:
    place = f"s3://{bucket.name}"
    return ("review", f"{place}/in", "--out", f"{place}/out", *OPTIONS, *options)


def test_only_what_changed_is_fetched_done_and_put(
    server: Server, source: Path, here: dict[str, str], local: Path
) -> None:
    bucket, name = Bucket(server), "00号.txt"
    bucket.put(f"in/{name}", (source / name).read_bytes())
    run = zejian(*review(bucket), **here)
    assert run.returncode == 0, run.stderr
    assert f"s3://{bucket.name}/out/overview.html" in run.stdout
    sheet = bucket.get("out/00号/sheet.html")
    assert sheet == (local / "00号/sheet.html").read_bytes()
    assert "out/.zejian/lock" not in bucket.keys("out/")

    bucket.forget()
    assert zejian(*review(bucket), **here).returncode == 0
    assert set(bucket.asked("GET")) == {"out/.zejian/lock"}
    year = {f"out/{name}" for name in ("overview.html", "overview.xlsx", "run.json")}
    assert set(bucket.asked("PUT", "DELETE")) == {*year, "out/.zejian/lock"}

    bucket.put("out/00号/sheet.xlsx", b"an expert's")
    bucket.put(f"in/{name}", (source / "01号.txt").read_bytes())
    assert zejian(*review(bucket), **here).returncode == 0
    assert bucket.get("out/00号/sheet.edited-1.xlsx") == b"an expert's"
    assert bucket.get("out/00号/sheet.html") != sheet


def test_a_killed_run_goes_on_and_nobody_writes_beside_it(
    bucket: Bucket, here: dict[str, str], local: Path, prefect: str, tmp_path: Path
) -> None:
    given = environment(**here, PREFECT_API_URL=prefect)
    with subprocess.Popen([*COMMAND, *review(bucket)], env=given) as run:
        while run.poll() is None and not bucket.keys("out/.zejian/receipts/"):
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
    done = [Path(key).stem for key in bucket.keys("out/.zejian/receipts/")]
    assert 1 <= len(done) <= REPORTS
    elsewhere = {**here, "XDG_CACHE_HOME": str(tmp_path / "elsewhere")}
    refused = zejian(*review(bucket), **elsewhere)
    assert refused.returncode == 2
    assert "另一个 zejian（机器 " in refused.stderr
    bucket.forget()
    assert zejian(*review(bucket), **here, PREFECT_API_URL=prefect).returncode == 0
    assert bucket.tree("out") == tree(local)
    assert not [key for key in bucket.asked("PUT") if key.split("/")[1] in done]


def test_machines_that_share_no_folder(
    bucket: Bucket, here: dict[str, str], local: Path, prefect: str
) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    run = zejian(*review(bucket, "--runner", "dask"), **here, PREFECT_API_URL=prefect)
    assert run.returncode == 0, run.stderr
    assert bucket.tree("out") == tree(local)
    # Fetched twice: to see what there is, and where it was reviewed.
    assert bucket.asked("GET").count("in/03号.txt") == 2


def test_names_that_cannot_be_files_are_told(
    bucket: Bucket, here: dict[str, str], tmp_path: Path
) -> None:
    for name in HOSTILE:
        bucket.put(f"in/{name}", b"...")
    bucket.put("in/folder/", b"")
    planned = plan(f"s3://{bucket.name}/in", tmp_path / "out", CHOSEN)
    assert {(one.file, one.code) for one in planned.intake.refused} == {
        (name, "bad_name") for name in HOSTILE
    }
    assert len(planned.jobs) == REPORTS + 1
    assert not list(tmp_path.rglob("evil*"))


def test_a_single_report_has_a_url(bucket: Bucket, here: dict[str, str], tmp_path: Path) -> None:
    planned = plan(f"s3://{bucket.name}/in/03号.txt", tmp_path / "out", CHOSEN)
    assert [job.submission.file for job in planned.jobs] == ["03号.txt"]
    assert planned.jobs[0].path.read_bytes() == bucket.get("in/03号.txt")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://no-such-bucket/in", "请检查地址、网络与凭据"),
        ("s3://{}/nothing", "中没有报告"),
        ("gs://bucket/in", "pip install zejian[storage]"),  # its package is none of ours
        ("nonsense://bucket/in", "请检查地址、网络与凭据"),
    ],
)
def test_storage_that_cannot_be_read_is_told(
    bucket: Bucket, here: dict[str, str], tmp_path: Path, url: str, told: str
) -> None:
    url = url.format(bucket.name)
    with pytest.raises(BadUse, match=url) as refused:
        plan(url, tmp_path / "out", CHOSEN)
    assert told in str(refused.value)


def test_a_server_that_is_not_there_is_told(here: dict[str, str], tmp_path: Path) -> None:
    nobody = {**here, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    run = zejian("review", "s3://year/in", "--out", tmp_path / "out", **nobody)
    assert run.returncode == 2
    assert "请检查地址、网络与凭据" in run.stderr


@given(st.lists(st.text("./a\0é", min_size=1), unique=True))
def test_objects_become_files_of_one_folder(names: list[str]) -> None:
    good = placeable(names)
    for name in good:
        assert os.path.normpath(f"/x/{name}") == f"/x/{name}"
    assert not any(one.startswith(f"{other}/") for one in good for other in good)
    assert set(good) >= {name for name in names if set(name) <= {"a", "é"}}
