"""Disks that refuse, files that go, names that are strange: nothing else is lost."""

import errno
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from run import COMMAND, environment, tree, write_report, write_year, zejian

from pipeline.choices import Configuration
from pipeline.intake import take_in
from pipeline.review import Job, review_file

OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")
CONFIGURATION = Configuration("shanghai-2023", ("gbt36000",), None)
STRANGE = (
    "长" * 83 + "ab.txt",  # 255 bytes
    "责任🌱报告.txt",
    "两行\n名字.txt",
    "a..%2f..%2fetc.txt",
    "-rf $(x) `y` 'z'.txt",
    "CON.txt",
    "<script>alert(1)<script>.txt",
    "=cmd|' calc'!A0.txt",
)


def test_of_many_tiny_files_none_is_lost(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(60):
        (source / f"{number:03}.txt").write_text(f"{number} 号企业节约用水。", "utf-8")
        (source / f"{number:03}-副本.txt").write_text(f"{number} 号企业节约用水。", "utf-8")
        (source / f"{number:03}-空.pdf").touch()
    assert zejian("review", source, "--out", out, *OPTIONS).returncode == 3
    files = json.loads((out / "run.json").read_text("utf-8"))["files"]
    assert {one["file"] for one in files} == {path.name for path in source.iterdir()}
    assert Counter((one["status"], one["code"]) for one in files) == {
        ("done", "near_empty"): 60,
        ("skipped", "duplicate"): 60,
        ("failed", "empty"): 60,
    }
    assert len(list(out.glob("*/sheet.html"))) == 60


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can make a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_strange_names_are_read_and_lead_nowhere_else(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number, name in enumerate(STRANGE):
        write_report(source / name, number)
    out = tmp_path / "out"
    told = zejian("review", source, "--out", out, *OPTIONS, "--json")
    assert told.returncode == 0, told.stderr
    files = json.loads(told.stdout)["files"]
    assert {one["file"] for one in files} == set(STRANGE)
    assert {one["status"] for one in files} == {"done"}
    assert {p.name for p in tmp_path.iterdir()} == {"in", "out"}
    assert len([p for p in out.iterdir() if (p / "sheet.html").is_file()]) == len(STRANGE)


def test_a_full_disk_is_told_and_a_larger_one_goes_on(small_disk: Path, tmp_path: Path) -> None:
    source, out = write_year(tmp_path / "in", 3), small_disk / "out"
    told = zejian("review", source, "--out", out, *OPTIONS)
    assert (told.returncode, "请先腾出空间" in told.stderr) == (2, True)
    assert "Traceback" not in told.stderr
    assert fill(source, out)
    assert not list(out.rglob("*.part"))
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    assert zejian("review", source, "--out", out, *OPTIONS).returncode == 0
    assert zejian("review", source, "--out", tmp_path / "whole", *OPTIONS).returncode == 0
    assert tree(out) == tree(tmp_path / "whole")


def fill(source: Path, out: Path) -> bool:
    """Review into a disk that is too small, as a worker does; whether it became full."""
    (out / ".zejian" / "filler").write_bytes(bytes(900 * 2**10))
    full = False
    for one in take_in(source).submissions:
        try:
            review_file(Job(one, source / one.file, out, CONFIGURATION))
        except OSError as fault:
            full = fault.errno == errno.ENOSPC
    (out / ".zejian" / "filler").unlink()
    return full


def test_an_output_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    source = write_year(tmp_path / "in", 2)
    (tmp_path / "file").touch()
    for out in (tmp_path / "file" / "out", Path("/proc/zejian")):
        told = zejian("review", source, "--out", out, *OPTIONS)
        assert (told.returncode, "无法写入" in told.stderr) == (2, True)
        assert "Traceback" not in told.stderr


def test_a_disk_that_is_read_only_is_told(small_disk: Path, tmp_path: Path) -> None:
    source, out = write_year(tmp_path / "in", 2), small_disk / "out"
    out.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    told = zejian("review", source, "--out", out, *OPTIONS)
    assert (told.returncode, "无法写入" in told.stderr) == (2, True)
    assert "Traceback" not in told.stderr


def test_a_file_that_goes_or_changes_meanwhile_costs_only_itself(tmp_path: Path) -> None:
    source, out = write_year(tmp_path / "in", 3), tmp_path / "out"
    gone, changed, kept = (
        Job(one, source / one.file, out, CONFIGURATION) for one in take_in(source).submissions
    )
    gone.path.unlink()
    write_report(changed.path, 7)
    for job in (gone, changed):
        outcome = review_file(job).outcome
        assert (outcome.status, outcome.code) == ("failed", "changed")
        assert "再次运行" in outcome.reason
        assert not (job.folder / "sheet.html").exists()
    assert review_file(kept).outcome.status == "done"
    assert zejian("review", source, "--out", out, *OPTIONS).returncode == 0
    assert len(list(out.glob("*/sheet.html"))) == 2


def test_last_years_file_again_is_told_and_reviewed(tmp_path: Path) -> None:
    source, codes = write_year(tmp_path / "in", 1), []
    (one,) = take_in(source).submissions
    past = None
    for out in (tmp_path / "2022", tmp_path / "2023"):
        configuration = replace(CONFIGURATION, last_year=past)
        outcome = review_file(Job(one, source / one.file, out, configuration)).outcome
        codes.append((outcome.status, outcome.code))
        past = out
    assert codes == [("done", "near_empty"), ("done", "last_years_file")]


def test_two_runs_into_one_folder_the_second_refuses(tmp_path: Path) -> None:
    source, out = write_year(tmp_path / "in", 8), tmp_path / "out"
    command = [*COMMAND, "review", str(source), "--out", str(out), *OPTIONS]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment(), stdout=quiet, stderr=quiet) as first:
        while first.poll() is None and not (out / ".zejian/prefect").exists():
            pass
        second = zejian("review", source, "--out", out, *OPTIONS)
        assert first.wait() == 0
    assert (second.returncode, "另一个 zejian" in second.stderr) == (2, True)
    assert len(list(out.glob("*/sheet.html"))) == 8
