# The door. Meson and Ninja build, tools/setup installs what is missing; `make help` says what there is.
PREFIX ?= /usr/local
DESTDIR ?=
# What tools/setup is asked for. A target that needs more says so for what it stands on too, so that all is asked at once.
SETUP := build
# RELEASE=1 builds with -O2 and no debug information.
BUILDTYPE := $(if $(RELEASE),release,debugoptimized)
ASAN := -Db_sanitize=address,undefined -Db_lundef=false

.PHONY: build run test bench fuzz lint install clean help

# Which files of SQL there are is asked when Meson sets up; a folder that is newer has others.
stale = $(if $(shell find sql -type d -newer $(1)/build.ninja 2>/dev/null),meson setup --reconfigure $(1),true)

build: build/build.ninja
	@tools/setup $(SETUP)
	@$(call stale,build)
	@ninja -C build sojourn

# A private PostgreSQL in var/, a demo site and demo visitors; Ctrl-C stops all of it.
run: SETUP := run
run: build
	@tools/setup run
	@build/sojourn --state-dir var up --demo

test: SETUP := test
test: build
	@tools/setup test
	@test -e build/asan/build.ninja || meson setup build/asan $(ASAN)
	@$(call stale,build/asan)
	@ninja -C build/asan
	@tools/run_tests

# Every performance figure; QUICK=1 in under five minutes.
bench: SETUP := bench
bench: build
	@tools/setup bench
	@ninja -C build bench/make_hits bench/send_hits bench/bare_http bench/user_agents
	@bench/run $(if $(QUICK),--quick) $(FIGURES)

# Every parser under libFuzzer with ASan and UBSan; SECONDS for each, TARGETS to choose some of tests/fuzz/corpus/.
fuzz: SETUP := fuzz
fuzz: build
	@tools/setup fuzz
	@test -e build/fuzz/build.ninja || CC=clang-14 meson setup build/fuzz $(ASAN) -Dfuzz=true -Dwerror=false
	@ninja -C build/fuzz fuzzers
	@tools/fuzz $(if $(KEEP),--keep) $(or $(SECONDS),20) $(TARGETS)

lint: SETUP := lint
lint: build
	@tools/setup lint
	@ninja -C build all bench/make_hits bench/send_hits bench/bare_http bench/user_agents
	@tools/lint

# Into $(DESTDIR)$(PREFIX).
install: build
	@meson configure build -Dprefix=$(PREFIX)
	@ninja -C build sojourn
	@DESTDIR=$(DESTDIR) meson install -C build --no-rebuild

clean:
	rm -rf build

help:
	@echo "make build     build/sojourn (RELEASE=1: without debug information)"
	@echo "make run       installs what is missing, builds, starts everything with a private PostgreSQL in var/"
	@echo "make test      installs what tests need, builds, runs every suite"
	@echo "make lint      format, static analysis, the layer table"
	@echo "make bench     every performance figure as a ratio, in one table (QUICK=1: under five minutes)"
	@echo "make fuzz      every parser under libFuzzer (SECONDS=600: ten minutes each; TARGETS=json: that one; KEEP=1: keep the corpora)"
	@echo "make install   into PREFIX (now $(PREFIX)), below DESTDIR where that is set"
	@echo "make clean     removes build/; var/ stays"

build/build.ninja:
	@tools/setup $(SETUP)
	@meson setup build --buildtype=$(BUILDTYPE) --prefix=$(PREFIX)
