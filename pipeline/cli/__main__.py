"""``python -m pipeline.cli``: the command where it is not installed."""

from pipeline.cli import main

main()
