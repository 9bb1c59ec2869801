#!/bin/sh
# Install Zejian into .venv with locked versions: sh scripts/install.sh base|dev
#
# Needs Python 3.11 or later and the package index; does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."
lock="requirements/$1.txt"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "需要 Python 3.11 或更高版本。 Python 3.11 or later is needed." >&2
    exit 2
}

add_venv_package() { # Debian ships python3 without venv
    package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    echo "安装 $package …… installing $package"
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq "$package" >/dev/null || {
        echo "请先安装 $package（需要管理员权限）。 Please install $package first (as root)." >&2
        exit 2
    }
}

python=$(find_python)
wanted="$("$python" --version) $(cat "$lock" pyproject.toml | cksum)"
if [ -x .venv/bin/zejian ] && [ "$(cat ".venv/$1.installed" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || add_venv_package "$python"
[ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
export PIP_DISABLE_PIP_VERSION_CHECK=1
echo "安装到 .venv，第一次需几分钟…… installing into .venv, some minutes the first time"
.venv/bin/pip install --quiet --requirement "$lock"
.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
echo "$wanted" >".venv/$1.installed"
