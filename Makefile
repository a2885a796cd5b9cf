# Two commands: `make demo` (set up and run the main job) and `make test` (set up and run every check and test).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench lock browser validator clean

demo: $(STAMP)
	$(BIN)/jamstat demo

test: $(STAMP) browser validator check
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# The pages are tested in Debian's Chromium, installed here where that is possible.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	    && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
	    || echo "No Chromium here and no right to install one: the browser tests will be skipped."

# Every page is held to the Nu validator (npm: vnu-jar) where npm and Java are here or can be installed.
validator:
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless; } || true
	@[ -f build/tools/package/build/dist/vnu.jar ] || { mkdir -p build/tools && cd build/tools \
	    && npm pack --silent vnu-jar@26.9.27 && tar xzf vnu-jar-26.9.27.tgz && rm vnu-jar-26.9.27.tgz; } \
	    || echo "No Nu validator here and npm did not give it: the test of the HTML will be skipped."

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# The lock holds hashes and no index address: which registry serves the packages is the machine's own setting.
$(STAMP): requirements-dev.lock requirements-install.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "jamstat needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0] + ". Set PYTHON=python3.11 (or 3.12, 3.13) and run make again.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-install.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

lock:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra dev -o requirements-dev.lock
	echo uv | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header - -o requirements-install.lock

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
