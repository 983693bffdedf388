#!/usr/bin/env bash
# Each check of `c2mctl doctor --list` has a test in tests/e2e/doctor_*.sh that breaks a machine in that way and sees it
# by its id, and a line below that finds the machine well again.
set -u
cd "$(dirname "$0")/../.." || exit 1
wrong=0 checks=0
while read -r id _; do
  checks=$((checks + 1)) broken='' mended=''
  for file in tests/e2e/doctor_*.sh; do
    line=$(grep -nE "(WARN|FAIL) ${id//./\\.} " "$file" | cut -d : -f 1 | tail -n 1)
    [ -n "$line" ] || continue
    broken=$file
    ! tail -n "+$((line + 1))" "$file" | grep -qE '^ *(healthy|mended|assert_equal .. "[$][(]doctor_with)' || mended=$file
  done
  [ -n "$broken" ] || { echo "FAIL nothing breaks $id"; wrong=1; continue; }
  [ -n "$mended" ] || { echo "FAIL $broken breaks $id, and does not mend it"; wrong=1; }
done < <("${C2M_BUILD:-build}/c2mctl" doctor --list)
[ "$checks" -ge 49 ] || { echo "FAIL only $checks checks are listed"; wrong=1; }
exit $wrong
