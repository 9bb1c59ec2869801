"""The rules of the house, checked: who may import what, how long a module may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "pipeline").rglob("*.py"))
STAGES = ("intake", "extract", "segment", "match", "score", "emit")
CLI = [path.stem for path in (ROOT / "pipeline" / "cli").glob("*.py")]
ONLY_IN = {
    "prefect": {"flows.py"},
    "prefect_dask": {"flows.py"},
    "distributed": {"cluster.py"},
    "typer": {f"cli/{one}.py" for one in CLI},
    "rich": {"terminal.py"},
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


def name(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_keeps_the_rules(path: Path) -> None:
    roots = {one.partition(".")[0] for one in imports(path)}
    for library, allowed in ONLY_IN.items():
        assert library not in roots or name(path) in allowed, f"{library} in {name(path)}"
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_stages_know_nothing_of_what_drives_them() -> None:
    drivers = {f"pipeline.{one}" for one in ("flows", "cli", "year", "review", "workers", "server")}
    for path in MODULES:
        stage = path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")
        if stage in STAGES:
            assert not imports(path) & drivers, name(path)


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
