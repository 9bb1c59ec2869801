#!/bin/sh
# Take the pictures of the docs anew, from reports_out/samples (run scripts/demo.sh first).
set -eu
cd "$(dirname "$0")/.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
from=${1:-reports_out/samples}
shoot() { # shoot PAGE PICTURE HEIGHT
    "$browser" --headless --no-sandbox --disable-gpu --no-first-run --hide-scrollbars \
        --disable-background-networking --user-data-dir="$(mktemp -d)" \
        --window-size="1180,$3" --screenshot="$PWD/docs/images/$2" "file://$(realpath "$1")" 2>/dev/null
}
shoot "$from/上海霁川精细化工股份有限公司-2022/sheet.html" sheet.png 1500
shoot "$from/overview.html" overview.png 1000
