"""Measures (绩效数据): figures of a report with unit, period, scope and what they measure."""

from pipeline.measure.cells import Cell, Table
from pipeline.measure.collect import measures
from pipeline.measure.numbers import Number, parse_figures
from pipeline.measure.tables import tables

__all__ = ["Cell", "Number", "Table", "measures", "parse_figures", "tables"]
