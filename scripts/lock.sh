#!/bin/sh
# Write requirements/*.txt anew: every package that a run (base) or a test (dev) needs, at one version.
#
# No hashes and no builds: torch comes from different places. Its GPU packages are left out,
# pip adds them where it installs a build that wants them.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "lock.sh needs uv: pip install uv" >&2; exit 2; }

lock() { # lock NAME [uv options...]
    part="requirements/$1.part"
    lock="requirements/$1.txt"
    shift
    # hatchling and editables build the project itself, without isolation
    printf 'hatchling\neditables\n' | uv pip compile --quiet --universal --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "$part" \
        "$@" pyproject.toml -
    sed -e '/^nvidia-/d' -e '/^cuda-/d' -e '/^triton/d' \
        -e 's/^\(torch==[0-9.]*\)+[a-z0-9]*/\1/' "$part" >"$lock"
    rm "$part"
}
lock base --extra ocr --extra desk --extra years
lock dev --extra ocr --extra desk --extra years --extra dask --extra storage --extra dev --extra encoders
