# Zhuji. `make run` and `make test` install what is missing first; `make` only builds.
VERSION := 0.1.0
BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
OPT     ?= -O2 -g
PREFIX  ?= /usr/local
.DEFAULT_GOAL := all

PKGS := $(shell sed 's/\#.*//' tools/packages | awk '{ print $$2 }')
LINKED := $(shell sed 's/\#.*//' tools/packages | awk '$$3 != "later" { print $$2 }')
WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum -Wvla -Werror
CFLAGS_ALL = -std=gnu17 $(WARN) $(OPT) -fno-strict-aliasing -fstack-protector-strong -D_GNU_SOURCE \
  -DZJ_VERSION='"$(VERSION)"' -DZJ_PREFIX='"$(PREFIX)"' -Isrc -pthread $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(LINKED)) -lm -pthread

SRCS  := $(sort $(wildcard src/*/*.c src/*/*/*.c))
EACH  := $(SRCS:src/%.c=$(BUILD)/obj/%.o)

# Every packet goes through these rooms: gcc's optimised build makes one object of them, with calls
# inlined from file to file.
ifneq ($(and $(findstring -O2,$(OPT)),$(findstring gcc,$(CC))),)
HOT   := $(filter $(BUILD)/obj/identify/% $(BUILD)/obj/sense/% $(BUILD)/obj/wire/%,$(EACH))
OBJS  := $(filter-out $(HOT),$(EACH)) $(BUILD)/obj/hot.o
$(HOT): OPT := $(OPT:-O2=-O3) -flto
$(BUILD)/obj/hot.o: $(HOT)
	@echo "  LD $@"
	@$(CC) $(OPT:-O2=-O3) -flto -flto-partition=none -r -flinker-output=nolto-rel -o $@ $^
else
OBJS  := $(EACH)
endif
MAIN  := $(BUILD)/obj/cli/main.o
CORE  := $(filter-out $(MAIN),$(OBJS))
UNITS := $(sort $(wildcard test/unit/test_*.c))
UNIT_BINS := $(UNITS:test/unit/%.c=$(BUILD)/test/%)

all: $(BUILD)/zhuji

$(BUILD)/zhuji: $(OBJS)
	@echo "  LD $@"
	@$(CC) $(OPT) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/libzhuji.a: $(CORE)
	@rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/test/%: test/unit/%.c $(BUILD)/libzhuji.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -Itest -MMD -MP -o $@ $< $(BUILD)/libzhuji.a $(LIBS) -lcmocka

units: $(UNIT_BINS)
$(BUILD)/test/test_identify_literals: LIBS += -lpcre2-8

# Programs that scripts under test/ use.
$(BUILD)/test/tool/%: test/tool/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -o $@ $< $(LIBS)

# Fuzzing: `make fuzz` builds libFuzzer programs with clang, `tools/fuzz` runs them; `make check`
# replays fuzz/seeds/ through the same targets with fuzz/replay.c under the sanitizers.
FUZZERS := $(patsubst fuzz/%.c,%,$(sort $(wildcard fuzz/fuzz_*.c)))
replays: $(FUZZERS:%=$(BUILD)/fuzz/%)
$(BUILD)/fuzz/%: fuzz/%.c fuzz/replay.c $(BUILD)/libzhuji.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -Wno-missing-prototypes -MMD -MP -o $@ fuzz/replay.c $< $(BUILD)/libzhuji.a $(LIBS)

fuzz:
	$(MAKE) --no-print-directory CC=clang BUILD=build/libfuzzer OPT='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer' fuzzers
fuzzers: $(FUZZERS:%=$(BUILD)/run_%)
$(BUILD)/run_%: fuzz/%.c $(BUILD)/libzhuji.a
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer,address,undefined -Wno-missing-prototypes -o $@ $< $(BUILD)/libzhuji.a $(LIBS)

-include $(EACH:.o=.d) $(UNIT_BINS:=.d)

deps:
	tools/deps

run: deps
	$(MAKE) --no-print-directory all web
	tools/run

test: deps
	$(MAKE) --no-print-directory all web
	tools/check

# Tests alone, with what is installed.
check: all
	tools/check

web:
	tools/web-build

tidy:
	tools/tidy

# Rates against floors and peers, into bench/REPORT.md. Wants about 4 GB under /tmp/zhuji-bench.
BENCH_BINS := $(addprefix $(BUILD)/bench/,gen_mixed gen_fleet pcap_loop read_loop sense_loop bench_identify)
bench: all $(BENCH_BINS)
	bench/run $(BENCH_ARGS)

$(BUILD)/bench/gen_%: bench/gen_%.c bench/frames.c bench/frames.h
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -o $@ $< bench/frames.c

# The store alone: facts in, lists out, the audit chain, encrypted fields.
bench-store: $(BUILD)/bench/bench_facts $(BUILD)/bench/bench_store
	d=$$(mktemp -d) && $(BUILD)/bench/bench_facts 1000000 $$d/facts.db && \
	  $(BUILD)/bench/bench_store 1000000 $$d/store.db; rm -rf $$d

# Pages of a store of 2,000 organisations, 10,000 systems, 1,000,000 cards and 200,000 cases.
bench-pages: all $(BUILD)/bench/bench_load
	d=$$(mktemp -d) && $(BUILD)/bench/bench_load $$d/load.db $(LOAD) && \
	  bench/pages $$d/load.db --zhuji $(BUILD)/zhuji; rm -rf $$d

# Inventory: a folder by one worker and by two, and a table of 100 columns in PostgreSQL. Wants 2 GB
# and then 15 GB under $TMPDIR for a while.
bench-inventory: all
	bench/inventory files $(FILES)
	bench/inventory table --full $(TABLE)

# Identify against peers, on the same bytes in one run.
bench-identify: $(BUILD)/bench/bench_identify
	$<
$(BUILD)/bench/bench_identify: LIBS += -lpcre2-8

$(BUILD)/bench/bench_%: bench/bench_%.c $(BUILD)/libzhuji.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -o $@ $< $(BUILD)/libzhuji.a $(LIBS)

$(BUILD)/bench/%_loop: bench/%_loop.c $(BUILD)/libzhuji.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS_ALL) -o $@ $< $(BUILD)/libzhuji.a $(LIBS) -lpcap

format:
	clang-format -i $(wildcard src/*/*.[ch] src/*/*/*.[ch] test/unit/*.[ch] fuzz/*.[ch] bench/*.[ch])

# make want CASE=sense/duplicate-vin rewrites the wanted output of a case and shows the difference.
want: all
	tools/want $(CASE)

install: all web
	install -Dm755 $(BUILD)/zhuji $(DESTDIR)$(PREFIX)/bin/zhuji
	find packs -name '*.yaml' -exec install -Dm644 {} $(DESTDIR)$(PREFIX)/share/zhuji/{} \;
	find web/dist -type f -exec install -Dm644 {} $(DESTDIR)$(PREFIX)/share/zhuji/{} \;
	install -Dm644 build/geo/country.mmdb $(DESTDIR)$(PREFIX)/share/zhuji/build/geo/country.mmdb
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(BUILD)/zhuji help --completion > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/zhuji
	$(MAKE) --no-print-directory install-man install-service

install-man:
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/zh_CN/man1
	$(BUILD)/zhuji help --man --lang en > $(DESTDIR)$(PREFIX)/share/man/man1/zhuji.1
	$(BUILD)/zhuji help --man --lang zh > $(DESTDIR)$(PREFIX)/share/man/zh_CN/man1/zhuji.1

# The unit and its user: `systemd-sysusers` makes the one, `systemctl` starts the other.
install-service:
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|' systemd/zhuji.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/zhuji.service
	install -Dm644 systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/zhuji.conf

clean:
	rm -rf $(BUILD)

.PHONY: all install install-man install-service want deps run test check units bench bench-store bench-pages bench-identify bench-inventory replays fuzz fuzzers web tidy format clean
.DELETE_ON_ERROR:
