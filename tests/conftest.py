"""Fixtures that several files of tests share."""

from collections.abc import Iterator

import pytest

from pipeline.server import temporary_server, wait_for


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Prefect server that stays, as an office may have one."""
    home = tmp_path_factory.mktemp("prefect")
    with temporary_server(home, home / "pid") as address:
        wait_for(address)
        yield address
