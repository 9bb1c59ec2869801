"""The docs do what they say: ``sh`` and ``python`` blocks run, commands and files named exist.

A word in CAPITALS in a command stands for something of the reader's: such a line is tried with
``--help``; commands named in passing are looked up. ``sh scripts/...`` is CI itself: only parsed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from run import ROOT, environment
from typer.main import get_command

from pipeline.cli.app import app

PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "notebooks" / "README.md",
    ROOT / "data" / "samples" / "README.md",
    *sorted(ROOT.glob("README*.md")),
    *sorted(ROOT.glob("docs/*.md")),
]
NOT_RUN = {
    "README.zh-CN.md": "the commands of README.md, with file names in Chinese",
    "server.md": "servers that stay, on several machines; test_flow and test_dask try what is ours",
}
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(
    r"`(?:\.venv/bin/)?zejian ([^`\n]+)`|^(?:    )?(?:\.venv/bin/)?zejian (.+)$", re.M
)
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
PROGRAM = re.compile(r"python ((?:benchmarks|scripts)/[\w/]+\.py)((?: [^\s`]+)*)")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def blocks(page: Path, kind: str) -> list[str]:
    return [text for told, text in BLOCK.findall(page.read_text("utf-8")) if told == kind]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder as the README supposes it: reports, a passage, and ``.venv/bin/zejian``."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "reports" / "2023").mkdir(parents=True)
    for kind, place in (("*2022*.txt", "reports/2023/2022年度.txt"), ("*2021*.pdf", "one.pdf")):
        sample = next((ROOT / "data" / "samples").glob(kind))
        (folder / place).write_bytes(sample.read_bytes())
    line = '{"id": 1, "text": "公司全年组织安全培训36次，员工参训率达到100%。"}\n'
    (folder / "passages.jsonl").write_text(line, "utf-8")
    command = folder / ".venv" / "bin" / "zejian"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline.cli "$@"\n')
    command.chmod(0o755)
    return folder


def runnable(page: Path) -> list[str]:
    """Commands of the ``sh`` blocks, one a line; those that go on over lines put together."""
    whole = (re.sub(r"(?:\\|(\|))\n\s*", r"\1 ", text) for text in blocks(page, "sh"))
    lines = [line for text in whole for line in text.splitlines() if line.strip()]
    return [line for line in lines if not re.match(r"sh scripts/|make |#", line)]


@pytest.mark.parametrize(
    "page", [p for p in PAGES if runnable(p) and p.name not in NOT_RUN], ids=lambda p: p.name
)
def test_commands_run(page: Path, place: Path) -> None:
    for line in runnable(page):
        bare = line.partition("  #")[0]
        asked = re.sub(r" [A-Z]{2,}.*", " --help", bare) if CAPITALS.search(bare) else bare
        shell = ["bash", "-euc", asked]
        told = subprocess.run(
            shell, cwd=place, env=environment(), capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, f"{line}\n{told.stdout}{told.stderr}"


def test_both_readmes_tell_the_same_commands() -> None:
    ours, chinese = (
        [line.split()[:2] for line in runnable(p)] for p in sorted(ROOT.glob("README*"))
    )
    assert ours == chinese


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_and_options_named_exist(page: Path) -> None:
    for pair in NAMED.findall(page.read_text("utf-8")):
        words = re.split(r"\s+#|[|<>]", "".join(pair))[0].split()
        at: click.Command = get_command(app)
        for word in words:
            if not isinstance(at, click.Group) and not hasattr(at, "commands"):
                break
            if not re.fullmatch("[a-z]+", word):
                break
            assert word in at.commands, f"zejian {' '.join(words)}"
            at = at.commands[word]
        known = {option for one in at.params for option in one.opts} | {"--help", "--version"}
        named = {
            word.strip("[]（）()，。") for word in words if word.strip("[(（").startswith("--")
        }
        assert named <= known, f"zejian {' '.join(words)}"


def test_programs_and_options_named_exist() -> None:
    for page in PAGES:
        for program, given in PROGRAM.findall(page.read_text("utf-8")):
            known = (ROOT / program).read_text("utf-8")
            options = [word for word in given.split() if word.startswith("--")]
            assert all(f'"{option}"' in known for option in options), (
                f"{page.name}: {program}{given}"
            )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_blocks_run(page: Path, tmp_path: Path) -> None:
    for text in blocks(page, "python"):
        command = [sys.executable, "-c", text]
        told = subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, f"{text}\n{told.stderr}"


def test_scripts_parse_and_are_named_right() -> None:
    for page in PAGES:
        for script in re.findall(r"sh (scripts/\w+\.sh)", page.read_text("utf-8")):
            subprocess.run(["sh", "-n", ROOT / script], check=True)
    assert os.access(ROOT / ".ci" / "run", os.R_OK)
