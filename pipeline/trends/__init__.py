"""Trends: what reports tell over the years, as one page of charts with their numbers behind.

``write_trends(panel, out)`` reads a panel (`pipeline.panel`), and with the OUT folders of the
reviews the reports' own words. Same panel, same bytes.
"""

from pipeline.trends.report import trends_html, write_trends

__all__ = ["trends_html", "write_trends"]
