#!/usr/bin/env bash
# The process that opened the session runs another program: it is the same process to the kernel, so the session goes on
# as long as it lives, and ends with it.
# long: a program ends
. "$(dirname "$0")/../lib/test.sh"
needs sudo
needs pty
needs trace
command -v gdb >/dev/null || skip 'gdb is not installed'

c2m_start
token=$(mint alice)
session_open a alice "$token"
monitor=$(session_monitor a)
gdb -nx -batch -p "$monitor" -ex 'call (int)execl("/bin/sleep", "sleep", "12", (char *)0)' >"$WORLD_LOG/gdb" 2>&1 </dev/null &   # waits for its end
execed() { grep -qx sleep "/proc/$monitor/comm" 2>/dev/null; }
wait_until 30 execed || fail 'it did not run sleep' "$(tail -n 5 "$WORLD_LOG/gdb")"
assert_equal live "$(token_state "$token")"
assert_equal root "$(session_run a 'sudo id -un')"
assert_equal 0 "$(session_asked a)"
assert_within 25 token_is revoked "$token"
assert_match 'event=session .*state=closed .*reason=opener_died' "$(cat "$WORLD_LOG/authd.log")"
assert_fails session_run a 'sudo -n id -un'
