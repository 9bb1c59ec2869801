"""PDF files whose pages only say that the content is elsewhere: XFA forms and portfolios."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.records import ReportError

_FEW = 1500  # characters on the pages of a shell; its notice comes in several languages
_FEW_PAGES = 2
_XFA = pdfium_c.FORMTYPE_XFA_FULL  # drawn by Adobe programs alone; "foreground" forms have pages
_DOCUMENTS = (".pdf", ".doc", ".docx", ".wps", ".rtf", ".odt", ".ppt", ".pptx", ".zip")


def refuse_shell(pdf: pdfium.PdfDocument, characters: int) -> None:
    """Refuse a PDF that only holds another document.

    Args:
        pdf: The open file.
        characters: How many its pages show.

    Raises:
        ReportError: ``xfa`` or ``portfolio``.
    """
    if characters > _FEW or len(pdf) > _FEW_PAGES:
        return
    if pdfium_c.FPDF_GetFormType(pdf) == _XFA:
        raise ReportError(
            "xfa",
            "PDF 是 XFA 动态表单，正文要用 Adobe 软件才能显示，请企业打印或导出为普通 PDF 后提交。",
        )
    names = [pdf.get_attachment(i).get_name() for i in range(pdf.count_attachments())]
    if any(name.lower().endswith(_DOCUMENTS) for name in names):
        raise ReportError(
            "portfolio",
            f"PDF 只是文件包，报告在其 {len(names)} 个附件中，请企业取出报告后单独提交。",
        )
