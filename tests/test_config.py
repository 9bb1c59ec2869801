"""One way to configure: environment over zejian.toml over defaults, all shown by one command."""

import json
from pathlib import Path

import pytest
from run import zejian


def told(folder: Path, **environment: str) -> dict[str, tuple[str, str]]:
    run = zejian("config", "--json", cwd=folder, **environment)
    return {one["name"]: (one["value"], one["source"]) for one in json.loads(run.stdout)}


def test_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    (tmp_path / "zejian.toml").write_text('workers = 3\nocr = "off"\n', "utf-8")
    found = told(tmp_path, ZEJIAN_WORKERS="2")
    assert found["workers"] == ("2", "environment")
    assert found["ocr"] == ("off", "file")
    assert found["seconds_per_report"] == ("300", "default")


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    secret = "postgresql://desk:geheim@127.0.0.1/desk"
    run = zejian("config", cwd=tmp_path, ZEJIAN_DATABASE_URL=secret)
    assert "database_url" in run.stdout
    assert "geheim" not in run.stdout


@pytest.mark.parametrize(
    ("content", "named"),
    [("wokers = 3", "wokers"), ("workers = 0", "workers"), ("workers =", "zejian.toml")],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "zejian.toml").write_text(content, "utf-8")
    run = zejian("config", cwd=tmp_path)
    assert (run.returncode, named in run.stderr) == (2, True)
