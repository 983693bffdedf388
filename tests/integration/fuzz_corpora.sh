#!/usr/bin/env bash
# Each target of tests/fuzz holds on each of its seeds, without a fuzzer; and no target is without seeds.
set -eu
cd "$(dirname "$0")/../.."
build=${C2M_BUILD:-$PWD/build}
failed=0
for source in tests/fuzz/fuzz_*.c; do
  target=$(basename "$source" .c)
  noun=${target#fuzz_}
  log=$(timeout 60 "$build/tests/fuzz/$target" "tests/fuzz/seeds/$noun" 2>&1) || {
    echo "$target does not hold on the last of these:"
    tail -5 <<<"$log"
    failed=1
  }
done
for folder in tests/fuzz/seeds/*/; do
  [ -f "tests/fuzz/fuzz_$(basename "$folder").c" ] || { echo "$folder is no target's"; failed=1; }
done
exit $failed
