#!/usr/bin/env bash
# A pid namespace of its own inside the session: the numbers that its /proc shows are not ours, so nothing is served there,
# and the log says why.
. "$(dirname "$0")/../lib/test.sh"
needs sudo
needs mount

c2m_start
session_open a alice "$(mint alice type=long)"
assert_equal root "$(session_run a 'sudo id -un')"
inside='unshare --pid --fork --mount-proc'
assert_equal 0 "$(session_run a "sudo $inside true; echo \$?")"

assert_status 69 session_run a "sudo $inside setpriv --reuid alice --regid alice --init-groups c2mctl token"
assert_no_match eyJ "$output"
assert_fails session_run a "sudo $inside setpriv --reuid alice --regid alice --init-groups sudo -n id -un"
assert_no_match $'(^|\n)root' "$output"
assert_match 'reason=foreign_namespace' "$(cat "$WORLD_LOG/authd.log")"
# her own, where the kernel lets her make one
if session_run a 'unshare --user --map-root-user --pid --fork --mount-proc true' >/dev/null 2>&1; then
  assert_fails session_run a 'unshare --user --map-root-user --pid --fork --mount-proc c2mctl token 2>&1'
  assert_no_match eyJ "$output"
else
  echo 'counted: a part is left out: she may make no user namespace'
fi
assert_equal root "$(session_run a 'sudo id -un')"
