# Everything runs inside .venv; the stamps make installing a matter of once per change of the requirements.

PYTHON ?= python3.11
BIN := .venv/bin
SERVE_STAMP := .venv/.serve
DEVELOP_STAMP := .venv/.develop
LLM_STAMP := .venv/.llm
MILVUS_STAMP := .venv/.milvus
TOOLS := .venv/tools
TOOLS_STAMP := .venv/.tools
# Other programs, which ours is measured beside.
PEERS := var/peers
PEERS_STAMP := $(PEERS)/.installed
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(TOOLS)/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 \
  --no-emit-package torch
# What goes out; looked through for weaknesses.
SHIPPED := app.py zhefu_qa.py corpus index qa release
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: serve test test-quick test-all test-faults test-fuzz test-stop test-llm test-cluster test-milvus bench check evaluate quality refresh load lock audit licences sbom docs wheel screenshot chromium peers flame clean

serve: $(SERVE_STAMP)
	@$(BIN)/python app.py

# One each for what shares the models and the two browsers: see docs/decisions/test-processes.md.
WORKERS ?= 3

test: $(DEVELOP_STAMP) chromium
	@$(BIN)/python -m pytest -q -n $(WORKERS) --durations=10

# Without the real models, Chromium, the web app and other programs: while working.
test-quick: $(DEVELOP_STAMP)
	@$(BIN)/python -m pytest -q -n 2 --durations=10 -m "not slow and not browser and not long"

# Hours: the suite with every case, then the long trials in full.
test-all: $(DEVELOP_STAMP) chromium
	@FULL=1 $(BIN)/python -m pytest -q -n $(WORKERS) --durations=10
	@ROUNDS=200 $(MAKE) --no-print-directory test-faults test-fuzz test-stop test-llm test-cluster test-milvus

# Thousands of damaged files of each format, half an hour and more; all odd questions and calls; then an hour of questions
# that Atheris makes, which reach further into the code each time.
test-fuzz: $(DEVELOP_STAMP)
	@FUZZ_FILES=$${FUZZ_FILES:-5000} $(BIN)/python -m pytest -q -s tests/corpus/test_damaged_files.py
	@FUZZ_QUESTIONS=10000 JUNK=1 $(BIN)/python -m pytest -q tests/qa/web/test_faults_tell_nothing.py \
	  tests/qa/web/staff/test_staff_junk.py tests/qa/web/staff/test_file_values.py tests/qa/web/staff/test_staff_routes.py
	@$(BIN)/python -m tests.fuzz $${FUZZ_SECONDS:-3600} var/fuzz

# Told to end with thirty answers under way, twenty times.
test-stop: $(DEVELOP_STAMP)
	@STOPS=$${STOPS:-20} $(BIN)/python -m pytest -q tests/qa/runtime/test_graceful_shutdown.py

test-faults: $(DEVELOP_STAMP)
	@FULL=1 FAULTS=1 $(BIN)/python -m pytest tests/qa/publishing/test_faults.py -q -s

# Two servers, PostgreSQL, nginx and an object store, one of which is killed in each round; 12 seconds a round.
test-cluster: $(DEVELOP_STAMP)
	@ROUNDS=$${ROUNDS:-7} $(BIN)/python -m pytest -q -s tests/cluster

# Candidates from a Milvus, by milvus-lite on the loopback; 60 MB to install.
test-milvus: $(MILVUS_STAMP)
	@$(BIN)/python -m pytest -q tests/index/test_milvus.py tests/index/test_same_passages.py \
	  tests/qa/publishing/test_searched_elsewhere.py

# A real model on the loopback; its weights come as packages, 300 MB.
test-llm: $(LLM_STAMP)
	@REAL_MODEL=1 $(BIN)/python -m pytest -q tests/qa/generation/test_real_model.py

bench: $(SERVE_STAMP)
	@$(BIN)/python -m benchmarks.speed.refresh ../shared/data/news_4000.jsonl

check: $(DEVELOP_STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bandit --quiet --recursive --configfile pyproject.toml --baseline release/bandit.json $(SHIPPED)

evaluate: $(SERVE_STAMP)
	@$(BIN)/python -m qa evaluate corpus/golden.jsonl

# BASE=FILE prints what moved since an earlier run, GATE=FILE fails where a figure is missed.
quality: $(SERVE_STAMP)
	@$(BIN)/python -m benchmarks.quality --json $(or $(JSON),var/quality.json) $(if $(BASE),--base $(BASE)) \
	  $(if $(GATE),--gate $(GATE))

refresh: $(SERVE_STAMP)
	@$(BIN)/python -m qa refresh

load: $(DEVELOP_STAMP)
	@$(BIN)/python -m benchmarks.load.users

# Where the time of a question goes, as a picture: docs/flame.svg.
flame: $(DEVELOP_STAMP) $(TOOLS_STAMP)
	@mkdir -p var
	@$(TOOLS)/bin/py-spy record --rate 250 --idle --function --format raw --output var/stacks.txt -- \
	  $(BIN)/python -m benchmarks.speed.question --plain --questions 200 >/dev/null
	@$(BIN)/python -m benchmarks.speed.flame var/stacks.txt docs/flame.svg
	@echo "docs/flame.svg is written"

# Ours beside LangChain, LlamaIndex, txtai and Haystack, on one core; writes docs/peers.md and the tables of the READMEs.
peers: $(DEVELOP_STAMP) $(PEERS_STAMP)
	@taskset -c 0 $(BIN)/python -m benchmarks.peers --python $(PEERS)/bin/python --write

lock: $(TOOLS_STAMP)
	@$(LOCK) $(UPGRADE) requirements.txt -o requirements.lock
	@$(LOCK) $(UPGRADE) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
	@$(LOCK) $(UPGRADE) benchmarks/peers/requirements.txt -o benchmarks/peers/requirements.lock

# Again after every change of a lock, of the version, or of the weights.
licences: $(DEVELOP_STAMP)
	@$(BIN)/python -m release.licences

sbom: $(DEVELOP_STAMP)
	@$(BIN)/python -m release.sbom

# The documentation as a site; QA_DOCS_SITE=var/docs-site shows it at /docs-site/.
docs: $(DEVELOP_STAMP)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "var/docs-site is written"

# dist/zhefu_qa-VERSION-py3-none-any.whl, with the models. Name PyTorch's CPU build when you install it: see docs/operations.md.
wheel: $(DEVELOP_STAMP)
	@$(BIN)/python -m release.wheel dist

# Strict, because a package that was not found among the advisories counts as sound otherwise. Without the network:
# make audit ADVISORIES=FOLDER, a checkout of https://github.com/pypa/advisory-database, which knows nothing newer.
ifdef ADVISORIES
audit: $(DEVELOP_STAMP)
	@$(BIN)/python -c 'import sys; from qa.runtime.interpreter import advice; sys.exit(advice() or None)'
	@$(BIN)/python -m release.advisories $(ADVISORIES)
else
audit: $(TOOLS_STAMP)
	@$(BIN)/python -c 'import sys; from qa.runtime.interpreter import advice; sys.exit(advice() or None)'
	@grep -h '^torch==' requirements.txt | cat requirements-dev.lock - | sed 's/ *\\$$//; /--hash/d' >$(TOOLS)/audited.txt
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off $(AUDIT) -r $(TOOLS)/audited.txt
endif

screenshot: $(DEVELOP_STAMP) chromium
	@FULL=1 SCREENSHOT=docs/screenshot-phone.png $(BIN)/python -m pytest -q tests/browser/test_asking.py -k opens_the_marked_source
	@FULL=1 ANIMATION=docs/visit.webp $(BIN)/python -m pytest -q tests/browser/test_animation.py
	@mkdir -p var/pictures
	@FULL=1 PICTURES=var/pictures $(BIN)/python -m pytest -q tests/browser/staff/test_*errands.py
	@grep -oh 'staff-[a-z]*-[0-9]*\.png' docs/staff.md | xargs -I{} cp var/pictures/{} docs/
	@echo "docs/visit.webp, docs/screenshot-phone.png and docs/staff-*.png are written"

# Without windows it draws the same pages for half the work; where that cannot be had, the whole Chromium does.
chromium:
	@if [ ! -x /usr/bin/chromium-headless-shell ]; then \
	  echo "Installing Chromium and Chinese fonts for the browser tests ..."; \
	  { $(AS_ROOT) apt-get update -qq && $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq chromium-headless-shell fonts-noto-cjk; } >/dev/null 2>&1 || \
	  [ -x /usr/bin/chromium ] || \
	  { echo "The browser tests need Chromium: apt-get install chromium-headless-shell fonts-noto-cjk (as root)" >&2; exit 1; }; fi

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv || { echo "Python 3.11 with venv is needed: apt-get install python3.11 python3.11-venv" >&2; rm -rf .venv; exit 1; }

# By hashes. PyTorch apart: in one lock with the hashes of both its builds, pip would take the large one of PyPI though the
# machine has the small one. What the first try says is that it has not. The last step adds what PyPI's build needs besides.
$(SERVE_STAMP): requirements.txt requirements.lock requirements-torch-cpu.lock requirements-torch.lock | $(BIN)/python
	@echo "Installing what the program needs; the first time this takes some minutes ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-index -r requirements-torch-cpu.lock 2>/dev/null || \
	  $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-torch.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOP_STAMP): requirements-dev.txt requirements-ocr.txt requirements-encryption.txt requirements-cluster.txt requirements-dev.lock $(SERVE_STAMP)
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(TOOLS_STAMP): requirements-tools.txt | $(BIN)/python
	@$(BIN)/python -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet --disable-pip-version-check -r requirements-tools.txt
	@touch $@

$(PEERS_STAMP): benchmarks/peers/requirements.lock requirements-torch-cpu.lock requirements-torch.lock | $(BIN)/python
	@echo "Installing the programs to measure beside ours ..."
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r benchmarks/peers/requirements.lock
	@$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-index -r requirements-torch-cpu.lock 2>/dev/null || \
	  $(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-torch.lock
	@touch $@

$(MILVUS_STAMP): requirements-milvus.txt $(DEVELOP_STAMP)
	@echo "Installing the client of Milvus, and milvus-lite for the tests ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-milvus.txt
	@touch $@

$(LLM_STAMP): requirements-llm.txt $(DEVELOP_STAMP)
	@echo "Installing a small language model for the tests ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-llm.txt
	@touch $@
