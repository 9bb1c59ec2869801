"""Self-contained pages: Jinja2 with escaping, and a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.emit import tables, words
from pipeline.emit.escape import anchor, clean, cut

_SCRIPTS = {"sheet": ("page", "place", "panels", "sheet"), "overview": ("page", "overview")}
_STYLES = {"trends": ("page", "trends")}
_TEMPLATES = Path(__file__).parent / "templates"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(style: str, script: str) -> str:
    """Only this very style and script may act; no address may be fetched."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


@lru_cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    env.filters |= {"percent": words.percent, "clean": clean, "cut": cut}
    env.globals |= {"words": words, "anchor": anchor, "brief": tables.brief}
    env.globals |= {"mark": tables.mark, "where": tables.where}
    return env


@lru_cache
def _assets(name: str) -> dict[str, Markup]:
    """Style, script and policy of a page; our own files, so they need no escaping."""
    styles = (
        (_TEMPLATES / f"{part}.css").read_text("utf-8") for part in _STYLES.get(name, ("page",))
    )
    style = "\n" + "\n".join(styles)
    parts = ((_TEMPLATES / f"{part}.js").read_text("utf-8") for part in _SCRIPTS.get(name, ()))
    script = '\n"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"
    policy = _policy(style, script)
    return {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}


def page(name: str, **values: object) -> bytes:
    """Render ``templates/NAME.html.j2`` with the page's styles and scripts inside."""
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(**values, **_assets(name)).encode("utf-8")
