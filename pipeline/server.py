"""A Prefect server for as long as one run lasts, on this machine only.

Prefect would start one itself, but leave it behind when killed, write its log lines between
ours and load the whole server into this process as well.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

PATIENCE = 300  # seconds; 22 on a busy machine, more than 150 on one with six times its work
_COMMAND = "-m uvicorn --factory prefect.server.api.server:create_app --host 127.0.0.1"
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_UI_ENABLED": "false",
    "PREFECT__SERVER_EPHEMERAL": "1",  # only the services that a single run needs
    "PREFECT__SERVER_FINAL": "1",
}


@contextmanager
def temporary_server(home: Path, ward: Path) -> Iterator[str]:
    """Start a server and end it; it starts while the block already runs.

    Args:
        home: Folder of its database and log.
        ward: File that holds its process id while it runs.

    Yields:
        Address of its interface; ``wait_for`` tells when it answers.
    """
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *_COMMAND.split(), "--port", str(port), "--log-level", "error"]
    environment = {**os.environ, **_QUIET, "PREFECT_HOME": str(home.resolve())}
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    ward.write_text(str(server.pid))
    try:
        yield f"http://127.0.0.1:{port}/api"
    finally:
        ward.unlink(missing_ok=True)
        server.kill()  # it holds nothing that a later run reads
        server.wait()


def wait_for(address: str) -> None:
    """Return as soon as the server answers.

    Raises:
        TimeoutError: it does not within ``PATIENCE`` seconds.
    """
    direct = build_opener(ProxyHandler({}))  # no proxy stands between a machine and itself
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with direct.open(f"{address}/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"the Prefect server at {address} did not start; see its server.log")
