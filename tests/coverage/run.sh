#!/usr/bin/env bash
# usage: tests/coverage/run.sh [--e2e] [--more] [NAME ...]
# `make coverage`: a build with gcov's counters, the unit and integration tests on it (--e2e: those with real programs
# too; NAME: as in tests/run.sh), and what they ran of the code that ships, beside what is known not to be run. --more
# adds to what was counted before. The helper of this build has no sandbox: unconfined.c says why.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
C2M_BUILD=${C2M_BUILD:-$PWD/build}/coverage

tests=(unit integration) more='' whole=''
if [ "${1:-}" = --e2e ]; then tests+=(e2e) whole=yes; shift; fi
if [ "${1:-}" = --more ]; then more=yes; shift; fi
[ $# = 0 ] || tests=("$@")

# They try the sandbox itself, bring a library with counters into sshd's own, try other builds, or what an installed tree weighs; a build of its own is no part of these counters.
left=(from_inside monitor_execs integration/install integration/module integration/starved integration/standin in_place_leaves older_copy next_version)

# Counted as it is written: not optimized. The last of two equal options counts, so gcov's files stay where the objects are.
export C2M_BUILD COVERAGE=yes LDFLAGS=--coverage
export CFLAGS="-O0 -g -w --coverage -fprofile-update=atomic -ffile-prefix-map=$PWD=$PWD"
mkdir -p "$C2M_BUILD/counters"
chmod 1777 "$C2M_BUILD/counters"
[ -n "$more" ] || find "$C2M_BUILD" -name '*.gcda' -delete
make -s -j"$(nproc)" "BUILD=$C2M_BUILD" tests || exit 1
# Users of the world count too: an empty file is a counter that anybody may write to.
find "$C2M_BUILD" -path "$C2M_BUILD/counters" -prune -o -name '*.gcno' -print | while IFS= read -r note; do
  [ -e "${note%.gcno}.gcda" ] || : >"${note%.gcno}.gcda"
  chmod 0666 "${note%.gcno}.gcda"
done

except=()
for name in "${left[@]}"; do except+=(--except "$name"); done
tests/run.sh --limit 600 "${except[@]}" "${tests[@]}" >"$C2M_BUILD/tests.log"
grep -E '^(FAIL|SKIP) ' "$C2M_BUILD/tests.log"
tail -n 1 "$C2M_BUILD/tests.log"
find "$C2M_BUILD" -name '*.gcda' -size 0 -delete
exec env PYTHONDONTWRITEBYTECODE=1 python3 tests/coverage/coverage.py "$C2M_BUILD" ${whole:+--whole}
