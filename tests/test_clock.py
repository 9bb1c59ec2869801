"""A clock that is wrong, or is put right in the middle of a run, decides on nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from run import tree, write_year, zejian

OPTIONS = ("--frameworks", "gbt36000", "--workers", "2")
# A clock that is set to another time when a process has run for a second.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
static time_t began;
static time_t jump(void) {
    struct timespec now;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    real(CLOCK_MONOTONIC, &now);
    if (!began) began = now.tv_sec;
    return now.tv_sec > began ? atol(getenv("CLOCK_JUMP")) : 0;
}
int clock_gettime(clockid_t kind, struct timespec *to) {
    time_t by = jump();
    int wrong = real(kind, to);
    if (!wrong && (kind == CLOCK_REALTIME || kind == CLOCK_REALTIME_COARSE)) to->tv_sec += by;
    return wrong;
}
int gettimeofday(struct timeval *to, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    to->tv_sec = now.tv_sec, to->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of a process whose clock jumps; CLOCK_JUMP says by how many seconds."""
    compiler, folder = shutil.which("cc"), tmp_path_factory.mktemp("clock")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("a clock can only be made where there is a C compiler")
    (folder / "clock.c").write_text(CLOCK, "utf-8")
    made = [compiler, "-shared", "-fPIC", "clock.c", "-o", "clock.so", "-ldl"]
    subprocess.run(made, cwd=folder, check=True)
    return {"LD_PRELOAD": str(folder / "clock.so")}


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, clock: dict[str, str]) -> None:
    source = write_year(tmp_path / "in", 6)
    assert zejian("review", source, "--out", tmp_path / "right", *OPTIONS).returncode == 0
    back = {**clock, "CLOCK_JUMP": str(-3 * 365 * 86400)}
    told = zejian("review", source, "--out", tmp_path / "out", *OPTIONS, **back)
    assert told.returncode == 0, told.stderr
    assert tree(tmp_path / "out") == tree(tmp_path / "right")

    (tmp_path / "out/03号/sheet.html").unlink()
    times = written(tmp_path / "out")
    ahead = {**clock, "CLOCK_JUMP": str(9 * 365 * 86400)}
    told = zejian("review", source, "--out", tmp_path / "out", *OPTIONS, **ahead)
    assert told.returncode == 0, told.stderr
    assert tree(tmp_path / "out") == tree(tmp_path / "right")
    now = written(tmp_path / "out")
    assert {path.parent.name for path in now if now[path] != times.get(path)} == {"03号"}


def written(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.glob("[!.]*/*")}
