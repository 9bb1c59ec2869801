#!/bin/sh
# Install what is needed, then lint and test.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install.sh dev
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/pytest --numprocesses auto --dist loadfile "$@"
