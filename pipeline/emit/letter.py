"""letter.docx: the letter to the company, filled into a template that the office edits in Word."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.emit.docx import steady
from pipeline.emit.letterview import Letter


class BadTemplate(Exception):
    """A template that is no Word file, or asks for what there is not; a Chinese sentence."""


def letter_docx(letter: Letter, template: bytes) -> bytes:
    """The letter as a Word file; the same bytes for the same letter and template.

    What a report says is put in as text: neither its markup nor its braces mean anything.

    Raises:
        BadTemplate: see there.
    """
    jinja = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        made = DocxTemplate(BytesIO(template))
        made.render(letter.context(), jinja)
    except (BadZipFile, KeyError, PackageNotFoundError, ValueError) as fault:
        raise BadTemplate("模板不是可用的 Word 文件（.docx）。") from fault
    except TemplateError as fault:
        raise BadTemplate(f"模板中的标记有误：{fault}") from fault
    out = BytesIO()
    made.save(out)
    return steady(out.getvalue())
