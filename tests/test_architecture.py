"""The rules of the house, checked: who may import what, how long a module may be."""

import ast
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "pipeline").rglob("*.py"))
STAGES = ("intake", "extract", "segment", "match", "score", "emit")
CONCLUDE = ("measure", "check", "audit", "quality", "conform", "memory", "conclude", "cohort")
DRIVERS = (
    "flows",
    "hands",
    "cluster",
    "storage",
    "places",
    "cli",
    "year",
    "review",
    "stages",
    "reissue",
    "workers",
    "server",
    "desk",
)
# What a pure stage has no business with: a clock, the environment, other processes, the network.
IMPURE = {"time", "os", "subprocess", "socket", "urllib", "random", "threading", "multiprocessing"}
ONLY_IN = {  # each library is one place's business; patterns of module names
    "prefect": ("flows.py",),
    "distributed": ("cluster.py",),
    "fsspec": ("storage.py",),
    "typer": ("cli/*",),
    "rich": ("terminal.py",),
    "fastapi": ("desk/*",),
    "starlette": ("desk/*",),
    "uvicorn": ("desk/*",),
    "sqlalchemy": ("desk/store/*",),
    "alembic": ("desk/store/*",),
    "argon2": ("desk/store/*",),
    "docxtpl": ("emit/*",),
    "docx": ("emit/*",),
    "xlsxwriter": ("emit/*",),
    "jinja2": ("emit/*", "desk/*"),
    "lxml": ("extract/*",),
    "torch": ("train/*",),
    "pyarrow": ("panel/*", "trends/*"),
    "pandas": ("panel/*", "trends/*"),
}


def imports(path: Path) -> set[str]:
    """Full names of all that a module imports, at its top or in a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def stage_of(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_keeps_the_rules(path: Path) -> None:
    roots = {one.partition(".")[0] for one in imports(path)}
    for library, allowed in ONLY_IN.items():
        ours = any(fnmatch(name(path), pattern) for pattern in allowed)
        assert library not in roots or ours, f"{library} in {name(path)}"
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_stages_know_nothing_of_what_drives_them() -> None:
    drivers = {f"pipeline.{one}" for one in DRIVERS}
    for path in MODULES:
        if stage_of(path) in (*STAGES, *CONCLUDE):
            assert not imports(path) & drivers, name(path)


def test_what_concludes_is_pure() -> None:
    """No clock, environment, process or network; files only those shipped with the code."""
    for path in MODULES:
        if stage_of(path) in ("segment", "match", "score", *CONCLUDE):
            assert not {one.partition(".")[0] for one in imports(path)} & IMPURE, name(path)


def test_only_the_desk_and_the_command_line_know_the_desk() -> None:
    for path in MODULES:
        knows = any(one.startswith("pipeline.desk") for one in imports(path))
        assert not knows or stage_of(path) in ("desk", "cli"), name(path)


def test_nothing_imports_the_command_line() -> None:
    others = [path for path in MODULES if path.parent.name != "cli"]
    assert not [name(path) for path in others if "pipeline.cli" in imports(path)]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_the_stages_in_order(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    places = []
    for stage in STAGES:
        file = f"pipeline/{stage}.py" if (ROOT / f"pipeline/{stage}.py").exists() else None
        places.append(text.index(f"`{file or f'pipeline/{stage}/'}`"))
    assert places == sorted(places)
