#!/usr/bin/env bash
# usage: tests/fuzz/run.sh SECONDS [TARGET ...]
# Each target of this folder under libFuzzer with ASan and UBSan, SECONDS long from its seeds. One line a target:
# executions, edges covered, the corpus at its end. Fails at the first input that breaks a target, and keeps it.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-5}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { sed -n '2,4s/^# //p' "$0" >&2; exit 64; }
shift || :
build=${C2M_BUILD:-$PWD/build}/fuzz
compiler=${FUZZ_CC:-clang}

try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT
printf 'int LLVMFuzzerTestOneInput(const void *data, unsigned long size) { return data == 0 && size; }\n' >"$try/try.c"
if ! "$compiler" -fsanitize=fuzzer,address,undefined -o "$try/try" "$try/try.c" 2>"$try/why"; then
  cat "$try/why" >&2
  echo "fuzz: $compiler cannot build with -fsanitize=fuzzer: install clang and the runtime of its number (Debian 12: apt-get install clang libclang-rt-14-dev)," >&2
  echo "fuzz: or name another in FUZZ_CC. Without it, tests/integration/fuzz_corpora.sh runs the seeds." >&2
  exit 1
fi

targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(find tests/fuzz -name 'fuzz_*.c' -printf '%f\n' | sed 's/^fuzz_//; s/\.c$//' | sort)
programs=()
for target in "${targets[@]}"; do
  [ -f "tests/fuzz/fuzz_$target.c" ] || { echo "fuzz: no target is called $target: tests/fuzz/fuzz_$target.c is not there" >&2; exit 64; }
  programs+=("$build/tests/fuzz/fuzz_$target")
done
make -s -j"$(nproc)" CC="$compiler" BUILD="$build" CFLAGS='-O1 -g -fno-sanitize-recover=all' \
  SANITIZE=fuzzer-no-link,address,undefined FUZZ_ENGINE=-fsanitize=fuzzer "${programs[@]}" || exit 1

# The longest input that says more than a shorter one: a token and its bounds, but not a file of 256 KiB.
longest() { # TARGET
  case $1 in
    jwt_text | credential | assembly) echo 9000 ;;
    login | relay | rows | process_text | askpass_prompt | http_headers) echo 1024 ;;
    *) echo 4096 ;;
  esac
}

# What lives on from one execution to the next looks like a leak each time, and is searched for: there, at the end only.
leaks() { # TARGET
  case $1 in
    login | rows) echo 0 ;;
    *) echo 1 ;;
  esac
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:quarantine_size_mb=16} UBSAN_OPTIONS=print_stacktrace=1
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm # databases and files in memory
export CMOCKA_TEST_ABORT=1 # what the worlds of tests/unit assert
failed=0
printf '%-16s %12s %9s %8s %8s  %s\n' target executions "a second" edges corpus result
for target in "${targets[@]}"; do
  corpus=$build/corpus/$target found=$build/found/$target log=$build/$target.log
  mkdir -p "$corpus" "$found"
  words=()
  [ ! -f "tests/fuzz/$target.dict" ] || words=(-dict="tests/fuzz/$target.dict")
  result='no finding'
  timeout -k 5 $((seconds + 120)) "$build/tests/fuzz/fuzz_$target" "$corpus" "tests/fuzz/seeds/$target" "${words[@]}" \
    -max_total_time="$seconds" -max_len="$(longest "$target")" -timeout=20 -rss_limit_mb=2048 \
    -detect_leaks="$(leaks "$target")" -print_funcs=0 -print_pcs=0 \
    -print_final_stats=1 -artifact_prefix="$found/" >"$log" 2>&1 || { failed=1 result="FINDING: $log"; }
  edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-16s %12s %9s %8s %8s  %s\n' "$target" "${executions:-?}" "$((${executions:-0} / seconds))" "${edges:-?}" \
    "$(find "$corpus" -type f | wc -l)" "$result"
  [ "$result" = 'no finding' ] || { find "$found" -type f -newer "$log" -o -path "$found/*" -type f | sed 's/^/  kept: /'; tail -30 "$log"; }
done
exit $failed
