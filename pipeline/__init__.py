"""Zejian (责鉴): evidence-first review of Chinese CSR reports.

Records flow intake -> extract -> segment -> match -> score -> emit; each stage is the
module (or package) of that name.
"""

__version__ = "0.1.0"
