#!/usr/bin/env bash
# usage: tests/fuzz/run.sh [--runs N] [--sanitize memory] [--jobs N] [SECONDS [TARGET ...]]
# Each target of this folder under libFuzzer with ASan and UBSan, from its seeds, SECONDS (5) long or N executions.
# --sanitize memory: with MSan, and only those that link nothing but libc, because all that they run must be built for it.
# One line a target: executions, edges covered, the corpus at its end. What breaks a target is kept, and fails the run.
set -u
cd "$(dirname "$0")/../.." || exit 1
usage() { sed -n '2,5s/^# //p' "$0" >&2; exit 64; }

runs='' sanitize='' jobs=$(nproc)
while [[ ${1:-} == --* ]]; do
  case $1 in
    --runs) runs=${2:-} ;;
    --sanitize) sanitize=${2:-} ;;
    --jobs) jobs=${2:-} ;;
    *) usage ;;
  esac
  shift 2 || usage
done
seconds=${1:-5}
shift || :
for number in "$seconds" "${runs:-1}" "$jobs"; do [[ $number =~ ^[1-9][0-9]*$ ]] || usage; done
case $sanitize in
  '') build=fuzz checks=address,undefined flags= ;;
  # It knows no memcpy_chk and its like, and takes what they write for not written.
  memory) build=fuzz-memory checks=memory flags='-U_FORTIFY_SOURCE -fsanitize-memory-track-origins' ;;
  *) usage ;;
esac
build=${C2M_BUILD:-$PWD/build}/$build
compiler=${FUZZ_CC:-clang}

# Job control gives each target a process group, which ends as one.
set -m
try=$(mktemp -d)
declare -A running=()
cleanup() {
  local pid
  exec 2>/dev/null   # bash would tell of each that it was ended
  for pid in "${!running[@]}"; do kill -TERM -- "-$pid" 2>/dev/null; done
  rm -rf "$try"
}
trap 'cleanup; exit 130' INT; trap 'cleanup; exit 143' TERM HUP
trap cleanup EXIT
printf 'int LLVMFuzzerTestOneInput(const void *data, unsigned long size) { return data == 0 && size; }\n' >"$try/try.c"
if ! "$compiler" "-fsanitize=fuzzer,$checks" -o "$try/try" "$try/try.c" 2>"$try/why"; then
  cat "$try/why" >&2
  echo "fuzz: $compiler cannot build with -fsanitize=fuzzer: tests/lib/setup.sh --fuzz installs clang and its runtime;" >&2
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
make -s -j"$(nproc)" CC="$compiler" BUILD="$build" CFLAGS="-O1 -g -fno-sanitize-recover=all $flags" \
  SANITIZE="fuzzer-no-link,$checks" FUZZ_ENGINE=-fsanitize=fuzzer "${programs[@]}" || exit 1

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

# The compiler's own libraries are built for it.
links_libc_only() { # TARGET
  ! readelf -d "$build/tests/fuzz/fuzz_$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -qvE '^(lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)|ld-linux[^.]*)\.so'
}

fuzz() { # TARGET; 1: it was broken
  local corpus=$build/corpus/$1 found=$build/found/$1 log=$build/$1.log started=$SECONDS words=() limit=() rc=0 spent edges executions
  mkdir -p "$corpus" "$found"
  [ ! -f "tests/fuzz/$1.dict" ] || words=(-dict="tests/fuzz/$1.dict")
  if [ -n "$runs" ]; then limit=(-runs="$runs"); else limit=(-max_total_time="$seconds"); fi
  timeout --foreground -k 5 "$([ -n "$runs" ] && echo 0 || echo $((seconds + 120)))" \
    "$build/tests/fuzz/fuzz_$1" "$corpus" "tests/fuzz/seeds/$1" "${words[@]}" "${limit[@]}" \
    -max_len="$(longest "$1")" -timeout=20 -rss_limit_mb=2048 -detect_leaks="$(leaks "$1")" \
    -print_funcs=0 -print_pcs=0 -print_final_stats=1 -artifact_prefix="$found/" >"$log" 2>&1 || rc=$?
  spent=$((SECONDS - started))
  edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-16s %12s %8s %9s %8s %8s  %s\n' "$1" "${executions:-?}" "$spent" "$((${executions:-0} / (spent > 0 ? spent : 1)))" \
    "${edges:-?}" "$(find "$corpus" -type f | wc -l)" "$([ $rc = 0 ] && echo 'no finding' || echo "FINDING: $log")"
  [ $rc != 0 ] || return 0
  find "$found" -type f | sed 's/^/  kept: /'
  tail -30 "$log"
  return 1
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:quarantine_size_mb=16} UBSAN_OPTIONS=print_stacktrace=1
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm # databases and files in memory
export CMOCKA_TEST_ABORT=1 # what the worlds of tests/unit assert
failed=0
collect() {
  local pid='' rc=0
  wait -n -p pid "${!running[@]}" || rc=$?
  [ $rc = 0 ] || failed=1
  cat "$try/${running[$pid]}"
  unset "running[$pid]"
}
printf '%-16s %12s %8s %9s %8s %8s  %s\n' target executions seconds "a second" edges corpus result
for target in "${targets[@]}"; do
  if [ "$sanitize" = memory ] && ! links_libc_only "$target"; then
    echo "$target: links more than libc" >>"$try/left"
    continue
  fi
  while [ ${#running[@]} -ge "$jobs" ]; do collect; done
  fuzz "$target" >"$try/$target" 2>&1 &
  running[$!]=$target
done
while [ ${#running[@]} -gt 0 ]; do collect; done
[ ! -f "$try/left" ] || echo "left out, because they link more than libc: $(cut -d: -f1 "$try/left" | paste -sd' ')"
[ $failed = 0 ]
