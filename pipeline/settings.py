"""Settings of the machine or the user: flags, then the environment, then ``zejian.toml``.

Never read from a report. Everything has a default that works offline. What decides on results
(``encoder``, ``ocr``, the limits) is written into run.json.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "ZEJIAN_"  # of the environment variables
FILE = "zejian.toml"  # in the working directory; keys are the names below
Source = Literal["default", "file", "environment"]


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0))


class Settings(BaseSettings):
    """Settings from ``ZEJIAN_*`` variables and ``zejian.toml``; a description each, in Chinese.

    Raises:
        pydantic.ValidationError: a setting holds what it cannot mean, or the file an unknown one.
        tomllib.TOMLDecodeError: the file is not TOML.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", toml_file=FILE
    )

    encoder: str | None = Field(
        default=None, description="句向量模型的名称或文件夹；空白用内置模型"
    )
    workers: int = Field(default_factory=cores, ge=1, description="同时处理几份报告")
    runner: Literal["local", "dask"] = Field(
        default="local", description="在本机（local）或 Dask 集群（dask）处理"
    )
    dask: str | None = Field(default=None, description="Dask 调度器的地址；空白在本机另开集群")
    seconds_per_report: float = Field(
        default=300, gt=0, description="一份报告最多处理几秒，超过即放弃"
    )
    memory_mb: int = Field(default=4096, ge=1024, description="一个评审进程的内存上限（MB）")
    ocr: Literal["auto", "redo", "off"] = Field(
        default="auto",
        description="图片页：auto 识别，redo 连扫描件自带的文字也重新识别，off 不识别",
    )
    ocr_seconds: float = Field(default=600, gt=0, description="识别图片页另给几秒")
    letter_template: Path | None = Field(
        default=None, description="建议函的 Word 模板；空白用随程序所附的"
    )
    database_url: SecretStr = Field(
        default=SecretStr(""), description="评审台的 PostgreSQL 地址；空白用输出文件夹内的 SQLite"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is asked for a setting, the first that has it wins."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@dataclass(frozen=True, slots=True)
class Told:
    """A setting as ``zejian config`` prints it; secrets are hidden."""

    name: str
    value: str
    source: Source
    meaning: str  # Chinese


def told(settings: Settings) -> tuple[Told, ...]:
    """All settings with where each came from, in the order of the class."""
    by_environment, by_file = EnvSettingsSource(Settings)(), TomlConfigSettingsSource(Settings)()

    def source(name: str) -> Source:
        if name in by_environment:
            return "environment"
        return "file" if name in by_file else "default"

    return tuple(
        Told(name, _shown(getattr(settings, name)), source(name), str(field.description))
        for name, field in Settings.model_fields.items()
    )


def _shown(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
