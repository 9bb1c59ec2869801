# make check: all that must hold before a commit but the tests. Needs `sh scripts/install.sh dev`,
# or another Python with the same packages: make check PYTHON=python3
PYTHON ?= .venv/bin/python
export PYTHON

.PHONY: check fix test wheel lock

check:
	sh scripts/check.sh

fix:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

test:
	sh scripts/test.sh

wheel:
	sh scripts/test_wheel.sh

lock:
	sh scripts/lock.sh
