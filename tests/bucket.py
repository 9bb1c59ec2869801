"""An S3 server of this machine, for tests: moto's, over HTTP."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_NUMBERS = count(1)


@dataclass
class Server:
    """What is asked of it grows: "PUT /bucket/out/run.json"."""

    client: Any
    environment: dict[str, str]
    asked: list[str]


class Bucket:
    """A new bucket of that server."""

    def __init__(self, server: Server):
        self.name, self.client, self._asked = f"year-{next(_NUMBERS)}", server.client, server.asked
        self.client.create_bucket(Bucket=self.name)

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def keys(self, prefix: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.name, Prefix=prefix)
        return [one["Key"] for one in found.get("Contents", ())]

    def upload(self, folder: Path, prefix: str) -> None:
        for path in folder.iterdir():
            self.put(f"{prefix}/{path.name}", path.read_bytes())

    def tree(self, prefix: str) -> dict[str, bytes]:
        """As ``run.tree`` gives OUT."""
        names = [key.removeprefix(f"{prefix}/") for key in self.keys(f"{prefix}/")]
        found = {n: self.get(f"{prefix}/{n}") for n in names if not n.startswith(".zejian/")}
        run = json.loads(found["run.json"])
        del run["times"]
        found["run.json"] = json.dumps(run, ensure_ascii=False).encode()
        return found

    def forget(self) -> None:
        """Begin anew to note what is asked."""
        self._asked.clear()

    def asked(self, *methods: str) -> list[str]:
        """Keys of objects that were read (GET), written (PUT) or removed (DELETE)."""
        words = [line.split() for line in self._asked]
        found = [unquote(path) for method, path, *_ in words if method in methods]
        place = f"/{self.name}/"
        return [path.removeprefix(place) for path in found if path.startswith(place)]


class _Log(logging.Handler):
    def __init__(self, asked: list[str]):
        super().__init__()
        self._asked = asked

    def emit(self, record: logging.LogRecord) -> None:
        _, _, told = record.getMessage().partition('"')
        for colour in ("\x1b[35m", "\x1b[33m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[1m"):
            told = told.replace(colour, "")
        if told:
            self._asked.append(told)


@contextmanager
def serve() -> Iterator[Server]:
    """A server; ``environment`` lets zejian find it."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ACCESS_KEY_ID": "who",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }
    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="who",
        aws_secret_access_key="none",
    )
    asked: list[str] = []
    log, handler = logging.getLogger("werkzeug"), _Log(asked)
    log.addHandler(handler)
    log.propagate, before = False, log.propagate
    try:
        yield Server(client, environment, asked)
    finally:
        log.removeHandler(handler)
        log.propagate = before
        server.stop()
