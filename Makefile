# pam_c2m: everything is built into $(BUILD); see README.md.
#
#   make            the module, the helper, the command, the stand-in for the API
#   make check      the tests that need no root; tests/run.sh runs all of them
#   make demo       the story of examples/demo.sh
#   make lint       format, warnings, analyzers, the order of the rooms, one library a file
#   make bench      the table of docs/evidence.md
#   make fuzz SECONDS=5    libFuzzer with ASan and UBSan on each target of tests/fuzz (clang); TARGET='jwt_text claims' for some,
#                  RUNS=10000000 so many executions of each, SANITIZE=memory MSan on those that link nothing but libc
#   make fuzz-afl SECONDS=60   three of them under AFL++, which is installed for it
#   make prove      breaks the code on purpose and sees the tests fail
#   make mutants    changes the path that grants, one place at a time: which change does no unit test notice? FILES='gate proof' for some
#   make coverage   lines and branches that the tests run, by gcov; E2E=yes: the tests with real programs too
#   make forge-test    tokens by other makers, forged and honest; make differential N=100000: beside other verifiers
#   make answer-test   what the API should never answer
#   make revoke-test   an API that lies about revocations
#   make power-test    what a power cut leaves of what was acknowledged, OPS=500 CUTS=3000
#   make kill-test     the helper killed under logins and logouts, KILLS=1000;  make restart-test RESTARTS=1000
#   make clock-test    the clock is set, or the machine sleeps, while sessions and revocations live
#   make starve-test   each allocation and each system call of a login fails once, in a host of the module, in the helper, in c2mctl and c2m-askpass; EVERY=N: each Nth
#   make leak-test   after logins by every credential, is a secret left in memory, logs, files, arguments? ROUNDS=100
#   make neighbour-test  root's logins while users do their worst, and many at once; LOGINS=200 MANY=1000
#   make timing-test  does the time of a refusal tell why? PAIRS=10000;  make soak  LOGINS=100000: memory stays flat?
#   make fault-test    a disk that fails, or is full, at each write, sync, read and truncate
#   make dist       the tarball, reproducible;  make deb  Debian's packages, into build/deb
#   make dist-test  two tarballs, and two builds, in folders of different names: the same bytes?
#   make package-test SUITE=trixie   the packages in fresh roots with systemd as PID 1
#   make kernel-test   the packages on Debian 12's own kernel (6.1), in QEMU, the AppArmor profile enforced
#   make policy     parses the AppArmor profile, compiles the SELinux module, parses the RPM spec; names what is missing for it
#   make install    DESTDIR and PREFIX are honoured; make uninstall takes back what it put there

BUILD   ?= build
PREFIX  ?= /usr
LIBEXECDIR ?= $(PREFIX)/libexec/c2m
MANDIR  ?= $(PREFIX)/share/man
CC      ?= cc
MULTIARCH := $(shell $(CC) -print-multiarch 2>/dev/null)
PAMDIR  ?= $(PREFIX)/lib/$(if $(MULTIARCH),$(MULTIARCH)/)security
VERSION := 0.1

# From the lowest room to the highest: a room includes only those before it (make lint holds it).
ROOMS := base token session login ipc

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wcast-qual -Wmissing-prototypes -Wstrict-prototypes -Wvla \
            -Wformat=2 -Wundef -Wwrite-strings $(if $(WERROR),-Werror)
# Each processor has its own guard for jumps; the compiler says which it knows.
accepted = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo $(1))
HARDEN  := -fstack-protector-strong -D_FORTIFY_SOURCE=2 $(call accepted,-fstack-clash-protection) \
           $(call accepted,-fcf-protection) $(call accepted,-mbranch-protection=standard)
CFLAGS  ?= -O2 -g
# SANITIZE=address,undefined; a sanitizer's allocator takes the place of base/interpose.c.
SANITIZE ?=
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
# COVERAGE=yes: what `make coverage` builds. In its sandbox the helper could not write gcov's counters: it has none.
COVERAGE ?=
# The same bytes, whatever the folder: paths in them begin at the tree and at $(BUILD).
ALL_CFLAGS := -std=gnu17 -D_GNU_SOURCE -ffile-prefix-map=$(CURDIR)=. -DC2M_HELPER_VERSION='"$(VERSION)"' -fPIC -fvisibility=hidden $(HARDEN) $(WARNINGS) \
              -Iinclude -I. -MMD -MP $(CFLAGS) $(SANITIZE_FLAGS)
ALL_LDFLAGS := -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs,--as-needed $(LDFLAGS) $(SANITIZE_FLAGS)

# asked once for each set of libraries, and only for what is built
pkg = $(or $(pkg$(1)$(firstword $(2))),$(eval pkg$(1)$(firstword $(2)) := $(shell pkg-config $(1) $(2)))$(pkg$(1)$(firstword $(2))))
DAEMON_LIBS  := libcurl json-c libjwt jansson libcrypto libssl libevent_core sqlite3 libsodium libseccomp inih
CTL_LIBS     := json-c libsodium
STANDIN_LIBS := libmicrohttpd gnutls libjwt json-c libcrypto

define newline


endef
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(addsuffix /*.c,$(1))))
CLIENT_OBJ  := $(call objects,helper/client)
MODULE_OBJ  := $(call objects,pam_module)
CTL_OBJ     := $(call objects,helper/ctl)
DAEMON_OBJ  := $(filter-out $(if $(SANITIZE),%/base/interpose.o),$(call objects,helper/daemon $(addprefix helper/daemon/,$(ROOMS))))
HELPER_OBJ  := $(if $(COVERAGE),$(filter-out %/base/landlock.o %/base/syscall_filter.o,$(DAEMON_OBJ)) $(BUILD)/tests/coverage/unconfined.o,$(DAEMON_OBJ))
STANDIN_OBJ := $(call objects,tests/standin)
UNIT_TESTS  := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(filter-out $(if $(SANITIZE),%/test_interpose.c),$(wildcard tests/unit/test_*.c)))
INTEGRATION_TESTS := $(patsubst tests/integration/%.c,$(BUILD)/tests/integration/%,$(wildcard tests/integration/test_*.c))
# With libFuzzer's own main where FUZZ_ENGINE names it, else with one that runs the files it is given.
FUZZ_ENGINE ?=
FUZZERS     := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES     := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,$(wildcard tests/bench/*.c))
# What tests/forge, tests/answers and tests/kill type, and at whom; the disks of tests/power and tests/fault, the clocks of tests/clock.
HARNESSES   := $(patsubst %.c,$(BUILD)/%,tests/starve/host.c tests/starve/points.c tests/bytes/host.c $(wildcard tests/leaks/*.c tests/neighbour/*.c tests/timing/*.c tests/forge/*.c tests/answers/*.c tests/kill/*.c tests/revoke/*.c tests/power/*.c tests/fault/*.c tests/clock/*.c))
# What is preloaded into a program that ships, to look at it or to starve it from inside.
PRELOADS    := $(patsubst tests/%.c,$(BUILD)/tests/%.so,tests/starve/helper.c $(wildcard tests/inside/*.c))
# The helper of one and of two versions of the contract (wire.h) after this one.
NEWER       := $(foreach by,1 2,$(BUILD)/tests/newer/$(by)/c2m-authd)
SHIPPED     := $(BUILD)/pam_c2m.so $(BUILD)/c2m-authd $(BUILD)/c2mctl $(BUILD)/c2m-askpass
PROGRAMS    := $(SHIPPED) $(BUILD)/c2m-standin

.PHONY: all shipped tests benches harnesses newer fuzzers fuzz fuzz-afl check demo bench lint prove mutants coverage forge-test differential answer-test
.PHONY: revoke-test kill-test restart-test power-test fault-test clock-test starve-test leak-test neighbour-test timing-test soak
.PHONY: install uninstall dist dist-test copy deb package-test kernel-test policy clean
all: $(PROGRAMS)
shipped: $(SHIPPED)
tests: all $(UNIT_TESTS) $(INTEGRATION_TESTS) $(HARNESSES) $(PRELOADS) $(FUZZERS) newer
benches: all $(BENCHES)
harnesses: all $(HARNESSES) $(PRELOADS)
newer: $(NEWER)
fuzzers: $(FUZZERS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(OBJ_CFLAGS) -c -o $@ $<

# A third-party library's flags reach only the objects of the program that links it.
$(DAEMON_OBJ) $(HELPER_OBJ): OBJ_CFLAGS = -Ihelper/daemon $(call pkg,--cflags,$(DAEMON_LIBS))
$(STANDIN_OBJ): OBJ_CFLAGS = -Itests/standin $(call pkg,--cflags,$(STANDIN_LIBS))
$(CTL_OBJ): OBJ_CFLAGS = -Ihelper/ctl $(call pkg,--cflags,$(CTL_LIBS))
$(MODULE_OBJ): OBJ_CFLAGS = -Ipam_module

$(BUILD)/libc2m-client.a: $(CLIENT_OBJ)
	rm -f $@ && $(AR) rcs $@ $^
# main.o and the interposed allocator belong to the executable alone: a test brings its own.
$(BUILD)/libauthd.a: $(filter-out %/daemon/main.o %/base/interpose.o,$(DAEMON_OBJ))
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/libmodule.a: $(MODULE_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/pam_c2m.so: $(MODULE_OBJ) $(BUILD)/libc2m-client.a pam_module/pam_c2m.map
	$(CC) -shared -o $@ $(MODULE_OBJ) $(BUILD)/libc2m-client.a $(ALL_LDFLAGS) -Wl,-z,nodelete \
	    -Wl,--version-script=pam_module/pam_c2m.map -lpam
$(BUILD)/c2m-authd: $(HELPER_OBJ) $(BUILD)/libc2m-client.a
	$(CC) -pie -o $@ $^ $(ALL_LDFLAGS) $(call pkg,--libs,$(DAEMON_LIBS))
# The module's own reader of its arguments, and its texts; libpam rehearses.
$(BUILD)/c2mctl: $(CTL_OBJ) $(addprefix $(BUILD)/pam_module/,arguments.o prompt.o texts.o) $(BUILD)/libc2m-client.a
	$(CC) -pie -o $@ $^ $(ALL_LDFLAGS) $(call pkg,--libs,$(CTL_LIBS)) -lpam
# The code that ships, but for the version's number, which these two files alone know.
VERSIONED := helper/daemon/ipc/frame.c helper/daemon/ipc/peer.c
$(BUILD)/tests/newer/%/c2m-authd: $(VERSIONED) $(filter-out $(VERSIONED:%.c=$(BUILD)/%.o),$(DAEMON_OBJ)) $(BUILD)/libc2m-client.a
	@mkdir -p $(@D)/c2m
	sed 's/\(C2M_VERSION = \)\([0-9]*\)/\1\2 + $*/' include/c2m/wire.h >$(@D)/c2m/wire.h
	$(CC) -I$(@D) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -Ihelper/daemon -pie -o $@ $^ $(ALL_LDFLAGS) $(call pkg,--libs,$(DAEMON_LIBS))
$(BUILD)/c2m-askpass: $(BUILD)/c2mctl
	ln -sf c2mctl $@
$(BUILD)/c2m-standin: $(STANDIN_OBJ)
	$(CC) -pie -o $@ $^ $(ALL_LDFLAGS) $(call pkg,--libs,$(STANDIN_LIBS)) -lpthread

# A test is one file, linked with the code that ships. A line "// fakes: X Y" brings tests/unit/fakes/X.c in the place
# of base/X.c (an archive's member is taken only if nobody defined it before), "// link: ..." further files and flags.
# A test's helpers that other files call, and its fakes of functions of ours, have no header of their own.
TEST_CFLAGS = -Ihelper/daemon -Ihelper/ctl -Ipam_module -Itests/unit -Wno-missing-prototypes $(call pkg,--cflags,cmocka $(DAEMON_LIBS))
TEST_LIBS   = $(BUILD)/libauthd.a $(BUILD)/libmodule.a $(BUILD)/libc2m-client.a
TEST_OBJ   := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/standin/%,$(wildcard tests/*/*.c tests/*/*/*.c)))
# All of them are read at once: FILE:fakes:WORD, FILE:link:WORD. A process for each file would take seconds at each call.
TEST_LINES := $(shell awk '/^\/\/ (fakes|link): / { for (i = 3; i <= NF; i++) print FILENAME ":" $$2 $$i }' tests/*/*.c)
fakes = $(patsubst $(1):fakes:%,tests/unit/fakes/%.c,$(filter $(1):fakes:%,$(TEST_LINES)))
links = $(patsubst $(1):link:%,%,$(filter $(1):link:%,$(TEST_LINES)))
parts = $(patsubst %.c,$(BUILD)/%.o,$(filter %.c,$(call fakes,$(1)) $(call links,$(1))))
.SECONDARY: $(TEST_OBJ)
.SECONDEXPANSION:
$(TEST_OBJ): OBJ_CFLAGS = $(TEST_CFLAGS)
# What stands around a target and looks on is not what is fuzzed: libFuzzer counts no edges in it, which takes time.
$(filter $(BUILD)/tests/unit/% $(BUILD)/tests/fuzz/given.o $(BUILD)/tests/fuzz/kept_statements.o,$(TEST_OBJ)): \
    OBJ_CFLAGS += $(if $(FUZZ_ENGINE),-fno-sanitize=fuzzer-no-link)
$(FUZZERS): $(BUILD)/tests/fuzz/given.o $(if $(FUZZ_ENGINE),,$(BUILD)/tests/fuzz/driver.o)
$(FUZZERS): LDFLAGS += -Wl,--as-needed $(FUZZ_ENGINE)
$(UNIT_TESTS) $(INTEGRATION_TESTS) $(BENCHES) $(HARNESSES) $(FUZZERS): $(BUILD)/%: $(BUILD)/%.o $$(call parts,$$*.c) $(TEST_LIBS)
	$(CC) -o $@ $(filter %.o,$^) $(filter -%,$(call links,$*.c)) $(TEST_LIBS) $(LDFLAGS) $(SANITIZE_FLAGS) \
	    $(call pkg,--libs,cmocka $(DAEMON_LIBS)) -lpam -ldl
$(PRELOADS): $(BUILD)/%.so: $(BUILD)/%.o $$(call parts,$$*.c)
	$(CC) -shared -o $@ $(filter %.o,$^) $(LDFLAGS) $(SANITIZE_FLAGS) -ldl

check: tests
	C2M_BUILD=$(abspath $(BUILD)) ./tests/run.sh --no-install unit integration
demo:
	C2M_BUILD=$(abspath $(BUILD)) ./examples/demo.sh
bench: benches
	C2M_BUILD=$(abspath $(BUILD)) ./tests/bench/run.sh --svg $(abspath $(BUILD))/bench.svg
lint:
	./tests/lib/lint.sh
SECONDS ?= 5
RUNS    ?=
TARGET  ?=
fuzz:
	C2M_BUILD=$(abspath $(BUILD)) ./tests/fuzz/run.sh $(if $(RUNS),--runs $(RUNS)) $(if $(SANITIZE),--sanitize $(SANITIZE)) $(SECONDS) $(TARGET)
fuzz-afl: SECONDS = 60
fuzz-afl:
	C2M_BUILD=$(abspath $(BUILD)) ./tests/fuzz/afl.sh $(SECONDS) $(TARGET)
prove:
	./tests/breaks/prove.sh
FILES ?=
mutants:
	./tests/mutants/run.sh $(abspath $(BUILD)) $(if $(THOROUGH),--all --most 0) $(FILES)
E2E ?=
coverage:
	C2M_BUILD=$(abspath $(BUILD)) ./tests/coverage/run.sh $(if $(E2E),--e2e)
N ?= 10000
forge-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/forge/run.sh
differential: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/forge/run.sh --differential $(N)
answer-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/answers/run.sh
revoke-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/revoke/run.sh

KILLS    ?= 1000
RESTARTS ?= 1000
kill-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/kill/run.sh $(KILLS)
restart-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/kill/restarts.sh $(RESTARTS)

OPS  ?= 500
CUTS ?= 3000
fault-test: $(BUILD)/tests/fault/faults $(BUILD)/tests/unit/test_state_damaged
	$(BUILD)/tests/fault/faults $(EVERY)
	$(BUILD)/tests/unit/test_state_damaged 200
LOGINS ?= 100000
soak: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/soak/run.sh $(LOGINS)
PAIRS ?= 10000
timing-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/timing/run.sh $(PAIRS)
starve-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/starve/run.sh $(EVERY)
	C2M_BUILD=$(abspath $(BUILD)) ./tests/starve/helper.sh $(EVERY)
ROUNDS ?= 100
leak-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/leaks/run.sh $(ROUNDS)
MANY ?= 1000
neighbour-test: LOGINS = 200
neighbour-test: harnesses
	C2M_BUILD=$(abspath $(BUILD)) ./tests/neighbour/run.sh $(LOGINS) $(MANY)
clock-test: $(BUILD)/tests/clock/steps
	$<
power-test: $(BUILD)/tests/power/cuts
	$< $(OPS) $(CUTS) $(SEED)

# What is installed, one list for install and uninstall: MODE SOURCE DESTINATION a line. UNITDIR and SYSUSERSDIR are
# systemd's own: below /usr/local it looks too.
UNITDIR     ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
DOCDIR      ?= $(PREFIX)/share/doc/c2m
DATADIR     ?= $(PREFIX)/share/c2m
# Where bash, zsh and fish look; Debian's zsh: $(PREFIX)/share/zsh/vendor-completions.
BASHDIR     ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR      ?= $(PREFIX)/share/zsh/site-functions
FISHDIR     ?= $(PREFIX)/share/fish/vendor_completions.d
# What README.md speaks of, its links to each other and to examples as they are here.
GUIDES      := README.md SECURITY.md CHANGELOG.md CONTRIBUTING.md $(wildcard docs/*.md docs/*.svg)
EXAMPLES    := $(shell find examples -type f -not -name "demo*.sh")
# What they are told to copy: not in DOCDIR alone, which dpkg's path-exclude leaves out of many images.
TO_COPY     := $(patsubst examples/%,%,$(wildcard $(addprefix examples/,authd.conf users pam.d/* sshd_config.d/* sudoers.d/*)))
INSTALLED = 0644:$(BUILD)/pam_c2m.so:$(PAMDIR)/pam_c2m.so \
    0755:$(BUILD)/c2m-authd:$(LIBEXECDIR)/c2m-authd 0755:$(BUILD)/c2mctl:$(PREFIX)/bin/c2mctl \
    $(foreach page,$(wildcard pam_module/*.[1-8] helper/*.[1-8] helper/*/*.[1-8]),0644:$(page):$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
    $(foreach unit,$(wildcard helper/systemd/*.socket),0644:$(unit):$(UNITDIR)/$(notdir $(unit))) \
    0644:$(BUILD)/c2m-authd.service:$(UNITDIR)/c2m-authd.service \
    0644:helper/systemd/c2m.sysusers:$(SYSUSERSDIR)/c2m.conf 0644:debian/c2m.pam-config:$(PREFIX)/share/pam-configs/c2m \
    0644:helper/systemd/hangup.conf:$(DATADIR)/hangup.conf $(foreach file,$(TO_COPY),0644:examples/$(file):$(DATADIR)/$(file)) \
    $(foreach file,$(wildcard helper/apparmor/* helper/selinux/*),0644:$(file):$(DOCDIR)/$(patsubst helper/%,%,$(file))) \
    0644:$(BUILD)/completion.bash:$(BASHDIR)/c2mctl 0644:$(BUILD)/completion.zsh:$(ZSHDIR)/_c2mctl \
    0644:$(BUILD)/completion.fish:$(FISHDIR)/c2mctl.fish \
    $(foreach file,$(GUIDES) $(EXAMPLES),0644:$(file):$(DOCDIR)/$(file))
field = $(word $(1),$(subst :, ,$(2)))
# What uninstall removes when it is empty: the folders that install makes for itself, and no other below them.
OWN_FOLDERS = $(sort $(patsubst %/,%,$(filter $(DOCDIR)/% $(DATADIR)/%,$(foreach item,$(INSTALLED),$(dir $(call field,3,$(item)))))) \
    $(DOCDIR)/examples $(LIBEXECDIR))

# always: LIBEXECDIR may be another one than last time
.PHONY: FORCE
$(BUILD)/c2m-authd.service: helper/systemd/c2m-authd.service FORCE
	@mkdir -p $(@D)
	sed 's,/usr/libexec/c2m,$(LIBEXECDIR),' $< >$@

$(BUILD)/completion.%: $(BUILD)/c2mctl
	$< completion $* >$@

# The configuration's folder is made, and nothing is put into it: what stands there is the administrator's. No stack is
# changed: the profile for pam-auth-update says Default: no.
install: $(SHIPPED) $(BUILD)/c2m-authd.service $(addprefix $(BUILD)/completion.,bash zsh fish)
	$(foreach item,$(INSTALLED),install -D -m $(call field,1,$(item)) $(call field,2,$(item)) $(DESTDIR)$(call field,3,$(item))$(newline))
	ln -sf c2mctl $(DESTDIR)$(PREFIX)/bin/c2m-askpass
	install -d $(DESTDIR)/etc/c2m
# PAM lets go of the module before it leaves, where the profile was enabled. /etc/c2m, /var/lib/c2m and the user stay: what
# they hold may still be needed to revoke a token.
uninstall:
	[ -n "$(DESTDIR)" ] || [ "$(notdir $(PREFIX))" != usr ] || ! command -v pam-auth-update >/dev/null || pam-auth-update --package --remove c2m
	rm -f $(foreach item,$(INSTALLED),$(DESTDIR)$(call field,3,$(item))) $(DESTDIR)$(PREFIX)/bin/c2m-askpass
	printf '%s\n' $(patsubst %,$(DESTDIR)%,$(OWN_FOLDERS)) | sort -r | xargs rmdir --ignore-fail-on-non-empty 2>/dev/null || :

# The commit, byte for byte the same wherever and whenever it is packed.
dist:
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=pam_c2m-$(VERSION)/ HEAD | gzip -9n >$(BUILD)/pam_c2m-$(VERSION).tar.gz
dist-test:
	./tests/package/dist.sh
# The tree without what is built from it.
copy:
	mkdir -p $(TO)
	{ git ls-files -coz --exclude-standard 2>/dev/null || find . -type f -not -path './build/*' -print0; } | tar -c --null -T - | tar -x -C $(TO)
# Built in a copy, so that the tree stays as it is; on Debian 12 and 13, which have all that it needs.
DEB_TREE = $(BUILD)/deb/pam-c2m-$(VERSION)
deb:
	rm -rf $(BUILD)/deb
	$(MAKE) -s copy TO=$(DEB_TREE)
	cd $(DEB_TREE) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD dpkg-buildpackage -us -uc -b
# Fresh roots with systemd as PID 1: install, log in, upgrade, disable, remove, purge. Root.
SUITE ?= bookworm trixie
package-test:
	./tests/package/run.sh $(SUITE)
# A kernel of Debian's own, in QEMU, with and without KVM. Root.
kernel-test:
	./tests/package/kernel.sh
policy:
	./tests/package/policy.sh

clean:
	rm -rf $(BUILD)

# package and deb hold whole roots and trees
-include $(shell find $(BUILD) \( -path $(BUILD)/package -o -path $(BUILD)/deb \) -prune -o -type f -name '*.d' -print 2>/dev/null)
