#!/usr/bin/env bash
# usage: tests/fuzz/afl.sh [SECONDS [TARGET ...]]
# Targets of this folder (a token, claims, the wire) under AFL++ with ASan and UBSan, from the same seeds and words,
# SECONDS (60) long: another fuzzer mutates otherwise. AFL++ is installed for it. One line a target; a finding fails the run.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/setup.sh
. tests/lib/setup.sh
seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '2,4s/^# //p' "$0" >&2; exit 64; }
shift || :
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(jwt_text claims frame)
setup_packages --afl || exit 1

build=${C2M_BUILD:-$PWD/build}/fuzz-afl
programs=()
for target in "${targets[@]}"; do programs+=("$build/tests/fuzz/fuzz_$target"); done
make -s -j"$(nproc)" CC=afl-clang-fast BUILD="$build" CFLAGS='-O1 -g -fno-sanitize-recover=all' \
  SANITIZE=address,undefined FUZZ_ENGINE=-fsanitize=fuzzer "${programs[@]}" || exit 1

stat_of() { sed -n "s/^$2 *: //p" "$build/found/$1/default/fuzzer_stats" 2>/dev/null; } # TARGET NAME

fuzz() { # TARGET; 1: it was broken
  local out=$build/found/$1 words=() rc=0 broken
  rm -rf "$out"
  mkdir -p "$out"
  [ ! -f "tests/fuzz/$1.dict" ] || words=(-x "tests/fuzz/$1.dict")
  afl-fuzz -i "tests/fuzz/seeds/$1" -o "$out" "${words[@]}" -V "$seconds" -t 2000+ -m none -- "$build/tests/fuzz/fuzz_$1" \
    >"$build/$1.log" 2>&1 </dev/null || rc=$?
  broken=$(find "$out"/default/crashes "$out"/default/hangs -name 'id:*' 2>/dev/null)
  printf '%-16s %12s %8s %8s  %s\n' "$1" "$(stat_of "$1" execs_done)" "$(stat_of "$1" edges_found)" "$(stat_of "$1" corpus_count)" \
    "$([ $rc = 0 ] && [ -z "$broken" ] && echo 'no finding' || echo "FINDING, or no run: $build/$1.log")"
  [ $rc = 0 ] || tail -20 "$build/$1.log"
  [ -z "$broken" ] || printf '  kept: %s\n' "$broken"
  [ $rc = 0 ] && [ -z "$broken" ]
}

# A hang is what libFuzzer would call one in run.sh, whatever else the machine does.
export AFL_HANG_TMOUT=20000 AFL_FORKSRV_INIT_TMOUT=60000
# Nobody tunes a machine for this: not its governor, not where cores are dumped.
export AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_IGNORE_PROBLEMS=1
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
failed=0
printf '%-16s %12s %8s %8s  %s\n' target executions edges corpus result
for target in "${targets[@]}"; do fuzz "$target" || failed=1; done
exit $failed
