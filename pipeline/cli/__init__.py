"""The command ``zejian``: Chinese on the terminal, JSON for programs.

Exit codes: 0 all done, 3 some reports failed (or a framework file has faults), 2 bad use.
What is heavy is imported by the command that needs it: help must answer at once.
"""

from pipeline.cli import config, decisions, desk, glossary, matching, papers, review, trends, years
from pipeline.cli.app import main

__all__ = [
    "config",
    "decisions",
    "desk",
    "glossary",
    "main",
    "matching",
    "papers",
    "review",
    "trends",
    "years",
]
