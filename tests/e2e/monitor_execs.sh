#!/usr/bin/env bash
# The process that opened the session runs another program: it is the same process to the kernel, so the session goes on
# as long as it lives, and ends with it.
# long: a program ends
. "$(dirname "$0")/../lib/test.sh"

c2m_start
sshd_stop
C2M_BECOMES='exec sleep 12' LD_PRELOAD=$BUILD/tests/inside/becomes.so sshd_start
token=$(mint alice)
session_open a alice "$token"
monitor=$(session_monitor a)
kill -USR2 "$monitor"
execed() { grep -qx sleep "/proc/$monitor/comm" 2>/dev/null; }
wait_until 10 execed || fail 'it did not run sleep'
assert_equal live "$(token_state "$token")"
if can presence; then
  assert_equal root "$(session_run a 'sudo id -un')"
  assert_equal 0 "$(session_asked a)"
fi
assert_within 25 token_is revoked "$token"
assert_match 'event=session .*state=closed .*reason=opener_died' "$(cat "$WORLD_LOG/authd.log")"
assert_fails session_run a 'sudo -n id -un'
