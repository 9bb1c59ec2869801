#!/bin/sh
# Install what is needed, then check and test.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install.sh dev
sh scripts/check.sh
.venv/bin/pytest --numprocesses auto --dist loadfile "$@"
