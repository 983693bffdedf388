#!/usr/bin/env bash
# `make starve-test`: each allocation and each system call of a login, an opening and a close fails once, in a host of the
# module that ships; and hosts in states that no host should be in. In a world. run.sh N: each Nth point.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=tests/lib/world.sh
. tests/lib/world.sh
if ! world_entered; then
  # shellcheck source=tests/lib/setup.sh
  . tests/lib/setup.sh
  setup_as_root "$PWD/tests/starve/run.sh" "$@"
  setup_packages
  world_enter bash "$PWD/tests/starve/run.sh" "$@"
fi
# No machine has the foreign locale of host.c, but its source may be there.
LOCPATH=$(mktemp -d)
export LOCPATH
trap 'rm -rf "$LOCPATH"' EXIT
localedef --no-archive -i tr_TR -f ISO-8859-9 "$LOCPATH/tr_TR.ISO-8859-9" >/dev/null 2>&1 || :
rc=0
"$BUILD/tests/starve/host" "$BUILD/pam_c2m.so" "${1:-1}" || rc=$?
exit $rc
