# Everything that people and CI run here. `make` alone lists it.

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get
TARGET := $(or $(CARGO_TARGET_DIR),target)
NEXTEST := 0.9.143
# Warnings are errors in CI only, so that half-done work still compiles at home.
CLIPPY := cargo clippy --workspace --all-targets $(if $(CI),-- -D warnings)
# All tests share one PostgreSQL. The program that starts it drops root's rights, and stops it however the tests end.
BESIDE_POSTGRES := $(TARGET)/debug/with-postgres

# Debian packages of what is not there. SQLite is compiled from C; other people's tools judge what we made.
has = $(shell command -v $(1) 2>/dev/null)
COMPILER = $(if $(call has,cc),,build-essential)
POSTGRESQL = $(if $(wildcard /usr/lib/postgresql/*/bin/initdb)$(call has,initdb),,postgresql)
PYTHON = $(if $(shell python3 -c 'import ensurepip; print("here")' 2>/dev/null),,python3 python3-venv)
# A browser without a font shows nothing.
BROWSER = $(if $(or $(COUNTERSIGN_CHROMIUM),$(call has,chromium),$(call has,chromium-browser),$(call has,google-chrome)),,chromium fonts-dejavu-core)
TOOLS = $(PYTHON) $(if $(call has,node),,nodejs) $(if $(call has,npm),,npm) $(BROWSER)
install = $(if $(strip $(1)),$(APT) update && $(APT) install -y --no-install-recommends $(strip $(1)))
# Tests start a server of their own, so Debian is asked not to set up its usual one.
CLUSTER_FILE := /etc/postgresql-common/createcluster.conf
no_usual_cluster = test -e $(CLUSTER_FILE) || \
  { $(SUDO) mkdir -p $(dir $(CLUSTER_FILE)) && echo 'create_main_cluster = false' | $(SUDO) tee $(CLUSTER_FILE) >/dev/null; }

.PHONY: help demo test check fmt bench pictures lint needs judges compiler nextest

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: compiler ## Build the release and open a sandbox: sample policy and people, a pretend GitLab, nothing left behind
	@test -x $(TARGET)/release/countersign || echo "The first release build takes some minutes: the libraries are compiled too."
	cargo run --release -p router --bin countersign -- demo

# The whole workspace at once, or features would differ and libraries be built twice. A further suite is a line here.
test: needs $(if $(CI),lint) ## Install what tests need, then run all of them
	cargo build --workspace --bins
	$(BESIDE_POSTGRES) cargo nextest run --workspace --profile $(if $(CI),ci,default)

check: lint nextest ## Formatting, clippy and the rules of the house
	cargo nextest run -p tests -E 'test(/^tidy/)'

fmt: ## Format the sources
	cargo fmt --all

bench: compiler ## Measure the release build
	cargo build --release -p router --bin countersign
	cargo run --release -p tests --bin bench

pictures: compiler ## Draw cards of the samples as Slack and Discord show them
	@$(call install,$(TOOLS) $(if $(call has,chromium),,chromium))
	cargo build --package bot --example cards
	tests/pictures/draw $(TARGET)/debug/examples/cards $(TARGET)/pictures $(SAMPLES)

lint: compiler
	cargo fmt --all --check
	$(CLIPPY)

needs: ## Install what tests need and is not there yet (Debian)
	@$(if $(POSTGRESQL),$(no_usual_cluster))
	@$(call install,$(COMPILER) $(POSTGRESQL) $(TOOLS))
	@$(MAKE) --no-print-directory judges nextest

# Other people's programs that judge what people see and programs read, from npm, PyPI and crates.io, at pinned versions.
judges:
	@tests/judges/install $(TARGET)/judges

compiler:
	@$(call install,$(COMPILER))

nextest: compiler
	@cargo nextest --version >/dev/null 2>&1 || cargo install cargo-nextest --locked --version $(NEXTEST)
