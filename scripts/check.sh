#!/bin/sh
# All that must hold before a commit but the tests: style, Chinese punctuation, types.
# PYTHON names another Python than that of the development install.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" scripts/check_punctuation.py
"$python" -m mypy
