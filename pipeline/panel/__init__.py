"""The panel: reviewed years as one tidy data set (多年数据集), for researchers and trends.

``build_panel([OUT, ...], folder)`` writes ``folder/TABLE.parquet`` and ``folder/csv/``, where
tables of reports have a file each year (``indicators-2022.csv``: Excel holds a million rows).
``dictionary.csv`` and ``dictionary.md`` tell every column in Chinese; ``schema.TABLES`` is their
source, and the schema of the files. ``read_table(folder, name)`` gives a table as a DataFrame.

Tables whose rows speak of a report begin with ``company_id``, ``company``, ``year``,
``report_id`` and ``main``: of several reports of a company and year (revised, or in two OUTs)
one counts, and trends take ``main`` rows only.

==============  =========================================================================
companies       a company over its names: first and last year, industry, district
names           every name, and by what evidence it is of that company
proposals       names that look alike: for a person to confirm, joined nowhere
reports         a report: file, versions that reviewed it, industry, district
texts           characters, pages, passages, levels, boilerplate, substance, copied
indicators      report × indicator: status, level, probability, evidence_id, override
evidence        the words a finding rests on, by evidence_id
concepts        report × concept of a framework with several editions, ``bridged`` or not
coverage        report × framework: weighted, low, high, depth, core, extended
dimensions      report × quality dimension: score; the total is dimension 总分
measures        report × figure: series, value, unit, period, scope, base year and value
frameworks      year × framework: digest of its file, how many reports, of how many indicators
==============  =========================================================================

Ids: ``company_id`` and ``name_id`` are digests of a normalised name (a company's is that of its
earliest name), ``report_id`` of the file's bytes, ``evidence_id`` is report_id:start-end. None
depends on which other years are in the panel, but for ``company_id`` where an earlier name comes
to light; ``names`` then still has the old id as ``name_id``.
"""

from pipeline.panel.build import Panel, build_panel, read_table
from pipeline.panel.schema import TABLES

__all__ = ["TABLES", "Panel", "build_panel", "read_table"]
