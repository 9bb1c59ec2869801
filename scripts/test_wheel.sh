#!/bin/sh
# Build the wheel, install it away from the checkout, and review a sample with it: the guidelines,
# models, word lists and templates must travel inside. The packages it needs are borrowed from the
# development install (PYTHON names another); nothing is downloaded.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
python=$(command -v "${PYTHON:-.venv/bin/python}")
case $python in /*) ;; *) python="$here/$python" ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m pip wheel . --quiet --no-deps --no-build-isolation --wheel-dir "$work"
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --no-deps "$work"/*.whl
borrowed=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
own=$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$borrowed" >"$own/borrowed.pth"

mkdir "$work/elsewhere"
cp "$here"/data/samples/*.txt "$work/elsewhere/report.txt"
cd "$work/elsewhere"
unset PYTHONPATH
zejian="$work/venv/bin/zejian"
"$work/venv/bin/python" -c 'import sys, pipeline; assert pipeline.__file__.startswith(sys.argv[1])' "$work"
"$zejian" --version
"$zejian" frameworks list
"$zejian" review report.txt --out out
test -s out/report/sheet.html -a -s out/report/sheet.xlsx
"$zejian" letter out
echo "The wheel works away from the checkout."
