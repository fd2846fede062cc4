# What each one does stands in tools/; `make help` lists them. A plain `make` runs the portal.
PYTHON ?= python3

.PHONY: run test check bench fresh help
run test check bench fresh help:
	@command -v $(PYTHON) >/dev/null || { echo "The portal needs Python 3.11 or newer as python3 (Debian: apt install python3 python3-venv)." >&2; exit 2; }; \
	exec $(PYTHON) -B -m tools $@
