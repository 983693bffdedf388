#!/usr/bin/env bash
# A pid namespace of its own inside the session: the numbers that its /proc shows are not ours, so nothing is served there,
# and the log says why. Where root may make none, there is none but her own.
. "$(dirname "$0")/../lib/test.sh"

c2m_start
session_open a alice "$(mint alice type=long)"
if can presence; then
  assert_equal root "$(session_run a 'sudo id -un')"

  inside='timeout -k 1 10 unshare --pid --fork'
  run session_run a "sudo $inside true"
  made=$status
  if [ "$WORLD_WAY" = private ]; then assert_equal 0 "$made" "$output"; fi
  if [ "$made" = 0 ]; then
    inside+=' --mount-proc'
    assert_status 69 session_run a "sudo $inside setpriv --reuid alice --regid alice --init-groups c2mctl token"
    assert_no_match eyJ "$output"
    assert_fails session_run a "sudo $inside setpriv --reuid alice --regid alice --init-groups sudo -n id -un"
    assert_no_match $'(^|\n)root' "$output"
    assert_match 'reason=foreign_namespace' "$(cat "$WORLD_LOG/authd.log")"
  else
    assert_match 'unshare failed: Operation not permitted' "$output"
  fi
fi

# her own, where the kernel lets her make one; with a /proc of its own, if she may have that
assert_match '^eyJ' "$(session_run a 'c2mctl token')"
own='timeout -k 1 10 unshare --user --map-root-user --pid --fork'
allowed=
for inside in "$own" "$own --mount-proc"; do
  session_run a "$inside true" >/dev/null 2>&1 || continue
  allowed=yes
  assert_fails session_run a "$inside c2mctl token 2>&1"
  assert_no_match eyJ "$output"
done
[ -n "$allowed" ] || echo 'counted: a part is left out: she may make no user namespace'
if world_can presence; then assert_equal root "$(session_run a 'sudo id -un')"; fi
