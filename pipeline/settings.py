"""Settings of the machine or the user; read from the environment, never from a report.

Everything has a default that works offline. What decides on results (``encoder``) is
written into run.json.
"""

from __future__ import annotations

import os
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0))


class Settings(BaseSettings):
    """Settings from ``ZEJIAN_*`` variables.

    Raises:
        pydantic.ValidationError: a variable holds what it cannot mean.
    """

    model_config = SettingsConfigDict(env_prefix="ZEJIAN_", frozen=True)

    encoder: str | None = None  # a SentenceTransformer's name or folder; None: the embedded one
    workers: int = Field(default_factory=cores, ge=1)  # processes that review at the same time
    runner: Literal["local", "dask"] = "local"  # where they run: here, or on a Dask cluster
    dask: str | None = None  # address of its scheduler; None: a cluster of this machine
    seconds_per_report: float = Field(default=300, gt=0)  # a report that takes longer is given up
    memory_mb: int = Field(default=4096, ge=1024)  # a process that reviews; its address space
    ocr: Literal["auto", "redo", "off"] = "auto"  # pages that are pictures
    ocr_seconds: float = Field(default=600, gt=0)  # for that, in addition, a report
