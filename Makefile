# Latchkey: everything that is done with this repository. `make help` lists it.
# Every target sets up what it needs on a fresh Debian or Ubuntu machine, and costs nothing where that is done.

.DEFAULT_GOAL := help
CARGO ?= cargo
NPM := npm --prefix ui --silent
# The build that tests drive: with the pages inside, and with places where it can be made to die.
TEST_FEATURES := custom-protocol,fault-points
# Where it says `needed`, tests that fill a disk are never left out. `make test LATCHKEY_DISKS=` leaves that to the machine.
export LATCHKEY_DISKS ?= $(shell .ci/disks)
# The same for tests that trace system calls.
export LATCHKEY_TRACE ?= $(shell .ci/trace)

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/ \t/' | expand -t 12

.PHONY: setup
setup: ## Install Debian packages and npm packages that are missing
	@.ci/setup

.PHONY: run
run: setup pages ## Open the window; without a display, drive it through its main job and save pictures
	@.ci/show

.PHONY: test
test: setup pages ## Run every test: rules, store, vault, command line, window parts, the real window
	$(CARGO) test --workspace --features $(TEST_FEATURES)
	$(NPM) test
	$(CARGO) build --workspace --features $(TEST_FEATURES),latchkey-cli/fault-points
	@.ci/window-tests

.PHONY: lint
lint: setup pages ## Check format, lints, types, documentation and the rules of the house
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --features $(TEST_FEATURES) -- -D warnings
	@# What is shipped: without the places where a test build can be made to die.
	$(CARGO) clippy --workspace --lib --bins --features custom-protocol -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --quiet
	$(NPM) run check
	$(NPM) run lint
	@.ci/tidy

.PHONY: bench
bench: setup pages ## Measure what grows: store, key format, the window
	$(CARGO) bench --workspace --benches
	$(CARGO) build --workspace --profile bench --features custom-protocol --bins --examples
	$(NPM) run bench

.PHONY: package
package: setup ## Build the .deb and .rpm packages under target/release/bundle
	$(NPM) run package

# The window's pages. Compiled into the program, so they come before every build of it.
.PHONY: pages
pages: setup ui/dist/index.html
ui/dist/index.html: $(shell find ui/src ui/messages ui/index.html ui/package-lock.json ui/vite.config.ts ui/lean-build.ts -type f -not -path '*/paraglide/*' 2>/dev/null)
	$(NPM) run build
