#!/usr/bin/env bash
# A guard that the compiler does not know (those of other processors) is left out; those that it knows are used.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/make.sh
. tests/lib/make.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=${CC:-cc}
for guard in -fcf-protection -fstack-clash-protection -mbranch-protection=standard; do
  # shellcheck disable=SC2016 # the script's
  printf '#!/bin/sh\ncase " $* " in *" %s "*) echo unknown >&2; exit 1 ;; esac\nexec %s "$@"\n' "$guard" "$compiler" >"$work/cc"
  chmod 0755 "$work/cc"
  commands=$(quiet -n -B BUILD="$work/build" CC="$work/cc" "$work/build/pam_module/arguments.o")
  grep -q -e '-c -o' <<<"$commands" || fail "nothing is compiled: $commands"
  ! grep -q -e " $guard " <<<"$commands" || fail "$guard is passed to a compiler that does not know it"
  if "$compiler" -Werror "$guard" -x c -c /dev/null -o /dev/null 2>/dev/null; then
    commands=$(quiet -n -B BUILD="$work/build" CC="$compiler" "$work/build/pam_module/arguments.o")
    grep -q -e " $guard " <<<"$commands" || fail "$guard is not used"
  fi
done
