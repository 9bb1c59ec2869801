"""What a user asks for by name: found, or refused with a sentence that says what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError
from yaml import YAMLError

from pipeline.extract.ocr import Ocr, ocr_version
from pipeline.frameworks import Framework, framework, framework_ids
from pipeline.match import load_matcher
from pipeline.phrases import shape_fault
from pipeline.programmes import programme, programme_ids
from pipeline.settings import FILE, PREFIX, Settings

if TYPE_CHECKING:
    from pipeline.match import Matcher

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What decides on results besides the files: names, as the user gave them."""

    programme: str
    frameworks: tuple[str, ...]  # ids or YAML files, in the order of the sheet
    encoder: str | None
    ocr: Ocr | None = None
    last_year: Path | None = None  # OUT of last year's review, to compare with


class BadUse(Exception):
    """The user asked for what cannot be; the message is a Chinese sentence for them."""


def settings() -> Settings:
    """Settings of the environment and the file; BadUse names those that make no sense."""
    try:
        return Settings()
    except ValidationError as fault:
        names = dict.fromkeys(str(e["loc"][0]) for e in fault.errors())
        shown = "、".join(f"{name}（{PREFIX}{name.upper()}）" for name in names)
        raise BadUse(f"设置不对：{shown}。zejian config 列出全部设置。") from fault
    except TOMLDecodeError as fault:
        raise BadUse(f"{FILE} 不是有效的 TOML 文件：{fault}") from fault


def configuration(
    programme_name: str, frameworks: Sequence[str], of: Settings, last_year: Path | None = None
) -> Configuration:
    """Configuration of a review; without ``frameworks`` those that the programme names.

    ``last_year`` is the OUT of last year's review, to compare with.

    Raises:
        BadUse: a programme or framework that is not there or not valid, or no OUT.
    """
    rules = _found(programme, programme_name, "项目", programme_ids())
    names = tuple(dict.fromkeys(frameworks)) or rules.framework_ids()
    chosen_frameworks(names)
    wanted = of.ocr != "off" and ocr_version()
    ocr = Ocr(seconds=of.ocr_seconds, redo=of.ocr == "redo") if wanted else None
    if last_year and not next(last_year.glob("*/findings.json"), None):
        raise BadUse(f"“{last_year}”中没有评审结果（findings.json）。")
    past = last_year and last_year.absolute()
    named = tuple(map(_anywhere, names))
    return Configuration(_anywhere(programme_name), named, of.encoder, ocr, past)


def _anywhere(name: str) -> str:
    """The name, as the path of a file from any working directory: receipts keep it."""
    return str(Path(name).absolute()) if name.endswith((".yaml", ".yml")) else name


def chosen_frameworks(names: Sequence[str]) -> tuple[Framework, ...]:
    """Frameworks by id or file; BadUse if one is not there, not valid or named twice."""
    found = tuple(_found(framework, name, "指南", framework_ids()) for name in names)
    ids = [one.id for one in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise BadUse(f"同一指南只能用一次：{'、'.join(twice)}")
    return found


def open_matcher(frameworks: Sequence[Framework], encoder: str | None) -> Matcher:
    """The matcher with the encoder of that setting; BadUse if it cannot be had."""
    if encoder is None:
        return load_matcher(frameworks, None)
    try:
        return load_matcher(frameworks, encoder)
    except (ImportError, OSError, ValueError) as fault:
        raise BadUse(f"无法载入 ZEJIAN_ENCODER 指定的句向量模型“{encoder}”：{fault}") from fault


def _found(find: Callable[[str], T], name: str, what: str, known: Sequence[str]) -> T:
    try:
        return find(name)
    except KeyError as fault:
        raise BadUse(f"没有名为“{name}”的{what}。现有：{'、'.join(known)}") from fault
    except ValidationError as fault:
        faults = "\n".join(shape_fault(one) for one in fault.errors())
        raise BadUse(f"{what}文件“{name}”有误：\n{faults}") from fault
    except (UnicodeDecodeError, YAMLError) as fault:
        raise BadUse(f"{what}文件“{name}”不是 UTF-8 编码的 YAML：{fault}") from fault
